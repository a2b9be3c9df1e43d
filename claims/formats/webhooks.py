"""A public change as a webhook carries it, and its signature: Standard Webhooks 1.0.0."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from .canonical import canonical_json

SECRET_PREFIX = "whsec_"  # noqa: S105
SECRET_BYTES = 32
# What keeps a body under the 20 kB a receiver must take, at four bytes a character.
TEXT_LIMIT, REASON_LIMIT = 2000, 1000


def new_secret() -> str:
    """Return `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_message_id() -> str:
    """Return a webhook-id that nothing else has and that holds no full stop."""
    return f"msg_{secrets.token_hex(16)}"


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,` and the HMAC-SHA256 over id, timestamp and body; raises ValueError for what is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:  # binascii.Error is one
        raise ValueError("not a secret of a webhook") from None
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed_headers(body: bytes, *, message_id: str, now: datetime, secrets: Iterable[str]) -> dict[str, str]:
    """Return the headers one attempt at `now` is sent with, one signature for each secret."""
    timestamp = int(now.timestamp())
    signatures = [signature(secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def event_body(
    *,
    seq: int,
    kind: str,
    at: datetime,
    code: str,
    url: str,
    revision: dict[str, Any],
    version: int,
    citability: str,
    superseded_by: str | None,
    reason: str | None,
    cause: str,
    actor: str,
) -> str:
    """Return the body that tells of one change of the ledger; `revision` is what was published last.

    Of a withdrawn claim neither text nor rating is told.
    """
    is_withdrawn = citability == "withdrawn"
    return canonical_json(
        {
            "type": kind,
            "timestamp": _written(at),
            "data": {
                "seq": seq,
                "claim": code,
                "url": url,
                "text": None if is_withdrawn else _cut(revision["text"], TEXT_LIMIT),
                "rating": None if is_withdrawn else revision["verdict"]["rating"],
                "citability": citability,
                "version": version,
                "superseded_by": superseded_by,
                "reason": None if reason is None else _cut(reason, REASON_LIMIT),
                "cause": cause,
                "actor": actor,
            },
        }
    )


def body_of_test(*, at: datetime) -> str:
    """Return the body of an event that tries an endpoint out; it is none of the ledger and has no `seq`."""
    message = "A test. No claim changed, and the ledger holds no such event."
    return canonical_json({"type": "test", "timestamp": _written(at), "data": {"is_test": True, "message": message}})


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
