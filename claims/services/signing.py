"""The keys that sign the log: made on the first start, held outside the database, exchanged with an overlap.

LOG_KEY or the file LOG_KEY_FILE holds one private key a line, the newest first; each of them signs every checkpoint.
To exchange a key, `manage.py rotate_log_key` puts a new one above it; once those who check the log have the new
public key, `manage.py rotate_log_key --drop-old` leaves the newest alone. Old public keys stay listed, as old
checkpoints go on being proved with them. A key that is lost is replaced by `manage.py rotate_log_key --lost`: the log
goes on under a new key of the same name, which its readers have to be told of, and the old checkpoints still prove
that no row before was changed. A key that leaked is exchanged in the same way; checkpoints kept elsewhere are then
what tells the true log from one that the thief signs.
"""

import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from claims.errors import SigningUnavailable
from claims.formats.notes import NotANote, Signer, VerifierKey, new_signer, read_signer, read_verifier
from claims.models import LogKey

_NOTHING_PUBLISHED = "Nothing is published until it is back; reading goes on."


def held_keys() -> list[Signer]:
    """Return the private keys of this installation, the newest first; or raise SigningUnavailable.

    An installation that has none, as before its first start, holds an empty list.
    """
    try:
        written = settings.LOG_KEY or (Path(settings.LOG_KEY_FILE).read_text() if settings.LOG_KEY_FILE else "")
        return [read_signer(key) for key in written.split()]
    except FileNotFoundError:
        return []
    except OSError:
        raise SigningUnavailable(f"The log's signing key cannot be read. {_NOTHING_PUBLISHED}") from None
    except (NotANote, UnicodeDecodeError):
        raise SigningUnavailable(f"The log's signing key is damaged. {_NOTHING_PUBLISHED}") from None


@transaction.atomic
def signers(*, now: datetime) -> list[Signer]:
    """Return the keys to sign with, the first one made here if the log never had any; or raise SigningUnavailable.

    A key the log was not signed with counts only beside one it was: a stray file never takes over a log.
    """
    known = dict(LogKey.objects.values_list("verifier_key", "retired_at"))
    held = held_keys()
    if not known:
        held = held or [_first_key()]
    elif not any(str(key.verifier) in known and known[str(key.verifier)] is None for key in held):
        missing = "is not the one it was signed with" if held else "is missing"
        raise SigningUnavailable(f"The log's signing key {missing}. {_NOTHING_PUBLISHED}")
    for key in held:
        if str(key.verifier) not in known:
            LogKey.objects.get_or_create(verifier_key=str(key.verifier), defaults={"registered_at": now})
    return held


def why_unavailable() -> str:
    """Return why nothing can be signed now, in a sentence for the desk, or "" when it can; nothing is made."""
    try:
        held = {str(key.verifier) for key in held_keys()}
    except SigningUnavailable as refusal:
        return str(refusal)
    standing = set(LogKey.objects.filter(retired_at=None).values_list("verifier_key", flat=True))
    if not standing:
        is_named = settings.LOG_KEY or settings.LOG_KEY_FILE
        return "" if is_named else f"No signing key is named: set LOG_KEY_FILE. {_NOTHING_PUBLISHED}"
    if standing & held:
        return ""
    missing = "is not the one it was signed with" if held else "is missing"
    return f"The log's signing key {missing}. {_NOTHING_PUBLISHED}"


def retire_keys(held: list[Signer], *, now: datetime) -> None:
    """Mark the registered keys that are no longer held as not signing any more."""
    standing = [str(key.verifier) for key in held]
    LogKey.objects.filter(retired_at=None).exclude(verifier_key__in=standing).update(retired_at=now)


def public_keys() -> list[VerifierKey]:
    """Return every public key that signs or has signed, the oldest first."""
    return [read_verifier(key) for key in LogKey.objects.order_by("pk").values_list("verifier_key", flat=True)]


def rotate_key(*, now: datetime) -> Signer:
    """Put a new key above those in the key's file, so that both sign; return it. Raises SigningUnavailable."""
    held = signers(now=now)
    key = new_signer(held[0].name)
    _write_keys([key, *held])
    return key


def drop_old_keys(*, now: datetime) -> list[Signer]:
    """Leave the newest key alone in its file and return the others; or raise SigningUnavailable."""
    newest, *old = signers(now=now)
    _write_keys([newest])
    return old


def replace_lost_key(*, now: datetime) -> Signer:
    """Go on with a new key of the same name where the old one is gone for good; raises SigningUnavailable if not."""
    known = public_keys()
    if not known or not why_unavailable():
        raise SigningUnavailable("The log's signing key is not lost; nothing was changed.")
    key = new_signer(known[-1].name)
    _write_keys([key])
    LogKey.objects.create(verifier_key=str(key.verifier), registered_at=now)
    return key


def _first_key() -> Signer:
    """Make the key's file and return its key; of two processes that come at once, both get the same one."""
    if not settings.LOG_KEY_FILE:
        raise SigningUnavailable(f"No signing key is named: set LOG_KEY_FILE. {_NOTHING_PUBLISHED}")
    with suppress(FileExistsError):
        _write_keys([new_signer(settings.LOG_ORIGIN)], replacing=False)
    return held_keys()[0]


def _write_keys(keys: list[Signer], *, replacing: bool = True) -> None:
    """Write the key's file whole or not at all, readable by its owner alone; or raise SigningUnavailable."""
    if settings.LOG_KEY or not settings.LOG_KEY_FILE:
        raise SigningUnavailable("The key stands in LOG_KEY, not in a file; change it there.")
    path = Path(settings.LOG_KEY_FILE)
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(f"{key.written()}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        if replacing:
            made.replace(path)
        else:
            path.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:
        raise SigningUnavailable(f"The log's signing key cannot be written. {_NOTHING_PUBLISHED}") from None
    finally:
        made.unlink(missing_ok=True)
