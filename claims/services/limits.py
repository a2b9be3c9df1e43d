"""Limits: how often one subject may do something in a window, counted where no crash or restart forgets it."""

import hashlib
import ipaddress
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import F

from claims.errors import RateLimited
from claims.models import RateCount

MINUTE, QUARTER, HOUR, DAY = 60, 15 * 60, 3600, 24 * 3600
CODES_PER_DAY = 50  # wrong codes for one account, from all addresses together
REMEMBERED = 50_000  # addresses a process counts at once; the one silent for longest is forgotten first


@dataclass(frozen=True)
class Tally:
    """What one count came to; `retry_after` is exact, and 0 while the limit holds."""

    subject: str
    seconds: int
    limit: int
    count: int
    ends_at: datetime
    retry_after: int

    def headers(self, now: datetime) -> dict[str, str]:
        """Return what is left of the limit, as draft-ietf-httpapi-ratelimit-headers writes it."""
        left, until = max(0, self.limit - self.count), max(1, ceil((self.ends_at - now).total_seconds()))
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={self.seconds}',
            "RateLimit": f'"default";r={left};t={until}',
        }

    @property
    def is_allowed(self) -> bool:
        return self.retry_after == 0


def count(*, subject: str, limit: int, seconds: int, now: datetime) -> Tally:
    """Count one more in the subject's window, refused ones too, and say whether the limit still holds.

    Call it outside a transaction that may be rolled back, or the count goes with it.
    """
    found, ends_at = RateCount.objects.add_one(subject=subject, seconds=seconds, now=now)
    return _tally(subject, seconds, limit, found, ends_at, now)


def take_back(tally: Tally) -> None:
    """Uncount one, unless its window has ended and another began."""
    kept = RateCount.objects.filter(subject=tally.subject, seconds=tally.seconds, ends_at=tally.ends_at, count__gt=0)
    kept.update(count=F("count") - 1)


def forget_old_counts(*, now: datetime) -> int:
    """Delete the counts whose window is over, and return how many there were."""
    return RateCount.objects.filter(ends_at__lte=now).delete()[0]


def count_submission(*, caller: str, now: datetime) -> None:
    """Count a creating request of this key or person; or raise RateLimited for one too many."""
    for limit, seconds in ((settings.SUBMISSIONS_PER_MINUTE, MINUTE), (settings.SUBMISSIONS_PER_DAY, DAY)):
        if limit:
            tally = count(subject=f"submissions {caller}", limit=limit, seconds=seconds, now=now)
            _refuse_beyond(tally, "submissions")


def count_read(*, address: str, now: datetime) -> Tally | None:
    """Count an anonymous read from this address; or raise RateLimited for one too many. None without a limit."""
    return _count_request(f"reads {address}", settings.READS_PER_MINUTE, "reads", now)


def count_embedding(*, address: str, now: datetime) -> Tally | None:
    """Count a question of how a page is embedded; or raise RateLimited for one too many. None without a limit."""
    return _count_request(f"oembed {address}", settings.OEMBED_PER_MINUTE, "questions of how to embed", now)


def count_request(*, key_id: int, now: datetime) -> Tally | None:
    """Count a request by this key, of whichever kind; or raise RateLimited for one too many. None without a limit."""
    return _count_request(f"requests key {key_id}", settings.KEY_REQUESTS_PER_MINUTE, "requests", now)


def _count_request(subject: str, limit: int, what: str, now: datetime) -> Tally | None:
    """Count in this process's memory where it is the only one (READS_COUNTED_IN_MEMORY), else as rows."""
    if not limit:
        return None
    counting = in_memory.count if settings.READS_COUNTED_IN_MEMORY else count
    tally = counting(subject=subject, limit=limit, seconds=MINUTE, now=now)
    _refuse_beyond(tally, what)
    return tally


@dataclass(frozen=True)
class SignInTry:
    """A try to sign in that may go on to the password's check."""

    of_address: Tally
    of_account: Tally


def begin_sign_in(*, username: str, address: str, now: datetime) -> SignInTry:
    """Count a try as failed before its password is looked at, so that parallel ones cannot slip through.

    Raises RateLimited after too many failures from this address, or for this account from this address. The
    account from another address is not affected, and an account that does not exist is counted alike.
    """
    of_address = count(subject=f"sign-in {address}", limit=settings.SIGN_INS_PER_ADDRESS, seconds=HOUR, now=now)
    if not of_address.is_allowed:
        take_back(of_address)
        _refuse_beyond(of_address, "tries from your address")
    of_account = count(
        subject=_account(username, address), limit=settings.SIGN_INS_PER_ACCOUNT, seconds=QUARTER, now=now
    )
    if not of_account.is_allowed:
        take_back(of_address)
        _refuse_beyond(of_account, "tries with this user name")
    return SignInTry(of_address, of_account)


def begin_code(*, person_id: int, address: str, now: datetime) -> SignInTry:
    """Count a try at a second factor as failed before the code is looked at, as a try to sign in is.

    Whoever gets here has the password, so the account has a limit of its own too, from whatever addresses.
    """
    of_person = count(subject=f"codes of {person_id}", limit=CODES_PER_DAY, seconds=DAY, now=now)
    _refuse_beyond(of_person, "codes for this account")
    of_account = count(
        subject=f"code {person_id} {address}", limit=settings.SIGN_INS_PER_ACCOUNT, seconds=QUARTER, now=now
    )
    if not of_account.is_allowed:
        take_back(of_person)
        _refuse_beyond(of_account, "codes")
    return SignInTry(of_person, of_account)


def end_sign_in(tried: SignInTry) -> None:
    """Take note that the password was right: the account's failures from this address are forgotten."""
    take_back(tried.of_address)
    RateCount.objects.filter(subject=tried.of_account.subject).delete()


def address_of(meta: Mapping[str, Any]) -> str:
    """Return the address a request came from, in one spelling; of IPv6 the /64, which is one customer's.

    X-Forwarded-For is believed as far as our own proxies wrote it: with TRUSTED_PROXIES=1 its last entry.
    """
    address = _parsed(meta.get("REMOTE_ADDR", ""))
    hops = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if 0 < settings.TRUSTED_PROXIES <= len(hops):
        address = _parsed(hops[-settings.TRUSTED_PROXIES]) or address
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address or "nowhere")


@lru_cache(maxsize=4096)
def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def _account(username: str, address: str) -> str:
    """Return the account's subject; hashed, as people type passwords where the user name goes."""
    spelled = unicodedata.normalize("NFKC", username.strip()).casefold()
    return f"sign-in {hashlib.sha256(spelled.encode('utf-8', 'replace')).hexdigest()[:32]} {address}"


def _tally(subject: str, seconds: int, limit: int, found: int, ends_at: datetime, now: datetime) -> Tally:
    wait = 0 if found <= limit else max(1, ceil((ends_at - now).total_seconds()))
    return Tally(subject, seconds, limit, found, ends_at, wait)


def _refuse_beyond(tally: Tally, what: str) -> None:
    if not tally.is_allowed:
        raise RateLimited(
            f"Too many {what}: {tally.limit} in {_in_words(tally.seconds)}. "
            f"Try again in {_in_words(tally.retry_after)}.",
            retry_after=tally.retry_after,
            limit=tally.limit,
            window=tally.seconds,
        )


def _in_words(seconds: int) -> str:
    """Return a wait in its largest fitting unit, rounded up."""
    for length, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= length:
            number = ceil(seconds / length)
            return f"{number} {name}{'s' if number > 1 else ''}"
    return f"{seconds} second{'s' if seconds > 1 else ''}"


class _InMemory:
    """The same counting in one process's memory, for what is not worth a row."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[str, int], tuple[int, datetime]] = {}

    def count(self, *, subject: str, limit: int, seconds: int, now: datetime) -> Tally:
        with self._lock:
            found, ends_at = self._held.pop((subject, seconds), (0, now))
            if ends_at <= now:
                found, ends_at = 0, now + timedelta(seconds=seconds)
                while len(self._held) >= REMEMBERED:
                    del self._held[next(iter(self._held))]
            self._held[subject, seconds] = (found + 1, ends_at)
        return _tally(subject, seconds, limit, found + 1, ends_at, now)

    def clear(self) -> None:
        with self._lock:
            self._held.clear()


in_memory = _InMemory()
