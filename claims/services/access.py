"""API keys: issued once, kept as a hash, recognised and revoked."""

import hashlib
import secrets
import zlib
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from claims.models import ApiKey
from claims.models.access import Reader

# A prefix that secret scanners can look for, and a checksum that tells a mistyped key without a look-up.
_PREFIX = "fck_"
# Last use is kept to the minute: a row written on every read would cost more than the read.
_LAST_USED_STEP = timedelta(minutes=1)


def issue_key(
    *, name: str, owner: User, scopes: list[str], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Return a new key's record and the key itself, which is shown this once; 256 random bits."""
    body = _PREFIX + secrets.token_urlsafe(32)
    key = f"{body}_{zlib.crc32(body.encode()):08x}"
    record = ApiKey.objects.create(
        name=name[:100],
        owner=owner,
        prefix=key[:12],
        sha256=_sha256(key),
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
    )
    return record, key


def usable_key(*, key: str, now: datetime) -> ApiKey | None:
    """Return the record of a key that may be used now, or None: unknown, mistyped, expired, revoked."""
    if not _is_written_right(key):
        return None
    record = ApiKey.objects.usable(now).select_related("owner").filter(sha256=_sha256(key)).first()
    if record:
        _see(record.pk, record.last_used_at, now)
    return record


def is_issued(*, key: str) -> bool:
    """Whether this is a key of ours, usable or not any more."""
    return key.startswith(_PREFIX) and ApiKey.objects.filter(sha256=_sha256(key)).exists()


def reader_by(*, key: str, now: datetime) -> Reader | None:
    """Return who reads by a key that may be used now, or None; cheaper than the record, for reads alone."""
    reader = ApiKey.objects.reader(sha256=_sha256(key), now=now) if _is_written_right(key) else None
    if reader:
        _see(reader.key_id, reader.last_used_at, now)
    return reader


def _is_written_right(key: str) -> bool:
    body, _, checksum = key.rpartition("_")
    return key.startswith(_PREFIX) and f"{zlib.crc32(body.encode()):08x}" == checksum


def _see(key_id: int, last_used_at: datetime | None, now: datetime) -> None:
    if last_used_at is None or now - last_used_at > _LAST_USED_STEP:
        ApiKey.objects.filter(pk=key_id).update(last_used_at=now)


def revoke_key(*, key_id: int, now: datetime) -> None:
    """Refuse this key from the next request on."""
    ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=now)


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
