"""Pages as Google's clients walk them: an opaque token that holds for the very same question, or an offset."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from .answering import invalid, number

_DIGEST = 9  # bytes: a token is 18 characters
_OFFSET = 4


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for, and the token for the part after it."""

    offset: int
    size: int
    question: bytes

    def of(self, rows: QuerySet[Any, Any] | Sequence[Any]) -> tuple[list[Any], str]:
        """Return these rows and the next page's token, empty at the end; past the end there are none."""
        found = list(rows[self.offset : self.offset + self.size + 1])
        if len(found) <= self.size:
            return found, ""
        return found[: self.size], _token(self.offset + self.size, self.question)


def page_of(parameters: Mapping[str, str], names: tuple[str, ...], *, largest: int, default: int = 10) -> Page:
    """Return the page that is asked for; or raise GoogleError for a token of another question.

    `names` are the parameters that make the question; the page's size and offset belong to it as well.
    """
    asked = [(name, parameters.get(name, "")) for name in (*names, "pageSize", "offset")]
    question = repr(asked).encode("utf-8", "surrogatepass")
    size = min(number(parameters, "pageSize") or default, largest)
    offset = number(parameters, "offset")
    token = parameters.get("pageToken", "")
    return Page(_read(token, question) if token else offset, size, question)


def _token(offset: int, question: bytes) -> str:
    place = offset.to_bytes(_OFFSET, "big")
    return base64.urlsafe_b64encode(place + _seal(place, question)).decode().rstrip("=")


def _read(token: str, question: bytes) -> int:
    try:
        written = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        written = b""
    place = written[:_OFFSET]
    if not hmac.compare_digest(written[_OFFSET:], _seal(place, question)):
        raise invalid("Invalid pageToken: all other parameters must be those of the call that returned it.")
    return int.from_bytes(place, "big")


def _seal(place: bytes, question: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"pageToken" + place + question, hashlib.sha256)[:_DIGEST]
