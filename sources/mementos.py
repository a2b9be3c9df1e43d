"""Our snapshots as an archive of their own: addresses and links by which RFC 7089 (Memento) finds them (pure)."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from django.utils.http import http_date

# What an address may hold as it is, inside a Link header's brackets and in a path of ours.
_AS_IT_IS = ":/?[]@!$&'()*+,;=%-._~"
_STAMP = "%Y%m%d%H%M%S"
_ONE_SLASH = re.compile(r"^(https?):/+(?=[^/])", re.IGNORECASE)


def asked_address(path: str, query: str) -> str:
    """Return the address that stands at the end of one of ours; a proxy may have made one slash of two."""
    address = _ONE_SLASH.sub(r"\1://", path)
    return f"{address}?{query}" if query else address


def stamp(moment: datetime) -> str:
    """Return the second of a snapshot as it stands in its address."""
    return moment.astimezone(UTC).strftime(_STAMP)


def read_stamp(written: str) -> datetime | None:
    """Return the second that fourteen digits name, or None."""
    if not (len(written) == 14 and written.isascii() and written.isdigit()):
        return None
    try:
        return datetime.strptime(written, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def memento_date(moment: datetime) -> str:
    return http_date(moment.timestamp())


class Addresses:
    """Where the snapshots of one address, its list and its gate are."""

    def __init__(self, *, site_url: str, original: str):
        self.original = quote(original, safe=_AS_IT_IS)
        self._site = site_url
        self.gate = f"{site_url}/timegate/{self.original}"
        self.map = f"{site_url}/timemap/link/{self.original}"

    def memento(self, moment: datetime) -> str:
        return f"{self._site}/snapshots/{stamp(moment)}/{self.original}"

    def links(self) -> list[str]:
        """Return the links every answer has: to the original, the gate and the list."""
        return [
            f'<{self.original}>; rel="original"',
            f'<{self.gate}>; rel="timegate"',
            f'<{self.map}>; rel="timemap"; type="application/link-format"',
        ]

    def memento_link(self, moment: datetime, rel: str) -> str:
        return f'<{self.memento(moment)}>; rel="{rel}"; datetime="{memento_date(moment)}"'


def timemap(addresses: Addresses, moments: Iterable[datetime]) -> Iterator[str]:
    """Yield the list of all snapshots in link format, piece by piece; the moments come oldest first, at least one.

    Two within a second have one address, and are one in it.
    """
    yield f'<{addresses.original}>; rel="original",\n<{addresses.gate}>; rel="timegate"'
    yield f',\n<{addresses.map}>; rel="self"; type="application/link-format"'
    seconds = (moment.replace(microsecond=0) for moment in moments)
    place, before = "first memento", next(seconds)
    for moment in seconds:
        if moment != before:
            yield f",\n{addresses.memento_link(before, place)}"
            place, before = "memento", moment
    yield f",\n{addresses.memento_link(before, f'{place} last' if place == 'first memento' else 'last memento')}\n"
