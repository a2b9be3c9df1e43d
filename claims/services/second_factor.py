"""Second factors: a code from an authenticator app, or one of ten recovery codes, beside the password.

allauth keeps them (`Authenticator`) and reckons the codes; what is ours is that a seed is encrypted at rest, that
no code works twice, on any machine, and that wrong ones are counted in rows.
"""

from datetime import datetime
from urllib.parse import quote, urlencode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import constant_time_compare

from claims import permissions
from claims.errors import AccountRefused, NotPermitted, SecondFactorRefused
from claims.models import AccountEvent

from . import limits
from .account_events import note, tell
from .at_rest import decrypted, encrypted

PURPOSE = b"claims.second_factor.seed"
PERIOD = 30  # seconds a code stands; the one before and the one after count too, for clocks that drift
WRONG = "This code is not right. Codes change every 30 seconds, and each works once."


class Adapter(DefaultMFAAdapter):
    """What allauth asks of us: seeds are encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return encrypted(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypted(encrypted_text, purpose=PURPOSE)


def has_second_factor(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def recovery_codes_left(person: User) -> int:
    kept = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(kept).get_unused_codes()) if kept else 0


def new_seed() -> str:
    """Return a seed of 160 random bits, as authenticator apps take it (base32)."""
    return generate_totp_secret()


def seed_address(*, person: User, seed: str) -> str:
    """Return the otpauth address of a seed, for an app to read from a picture."""
    label = quote(f"{settings.SITE_NAME}:{person.get_username()}")
    asked = urlencode({"secret": seed, "issuer": settings.SITE_NAME, "digits": 6, "period": PERIOD}, quote_via=quote)
    return f"otpauth://totp/{label}?{asked}"


@transaction.atomic
def set_up(*, person: User, seed: str, code: str, now: datetime) -> list[str]:
    """Ask for a code from now on, once the app shows the right one; return the recovery codes, shown this once.

    Raises SecondFactorRefused for a wrong code, AccountRefused when there is one already.
    """
    User.objects.select_for_update().get(pk=person.pk)
    if has_second_factor(person):
        raise AccountRefused("A second factor is set up already; take it away first.")
    counter = _counter_of(seed, code, now=now, after=-1)
    if counter is None:
        raise SecondFactorRefused(WRONG, field="code")
    made = TOTP.activate(person, seed).instance
    made.data["last_counter"] = counter
    made.save(update_fields=["data"])
    note(person=person, kind=AccountEvent.Kind.SECOND_FACTOR_ON, by=person, now=now)
    tell(person, "A second factor was set up", "Signing in to your account asks for a code from now on.")
    return _codes(person)


def check_code(*, person: User, code: str, address: str, now: datetime) -> None:
    """Take a code of the app, or a recovery code; or raise SecondFactorRefused, or RateLimited after too many."""
    tried = limits.begin_code(person_id=person.pk, address=address, now=now)
    if not _is_right(person, code, now):
        raise SecondFactorRefused(WRONG, field="code")
    limits.end_sign_in(tried)


@transaction.atomic
def _is_right(person: User, code: str, now: datetime) -> bool:
    held = {kept.type: kept for kept in Authenticator.objects.select_for_update().filter(user=person)}
    app = held.get(Authenticator.Type.TOTP)
    if app is None:
        return False
    seed = decrypted(app.data["secret"], purpose=PURPOSE)
    counter = _counter_of(seed, code, now=now, after=app.data.get("last_counter", -1))
    if counter is not None:
        app.data["last_counter"], app.last_used_at = counter, now
        app.save(update_fields=["data", "last_used_at"])
        return True
    recovery = held.get(Authenticator.Type.RECOVERY_CODES)
    if recovery is None or not RecoveryCodes(recovery).validate_code(code):
        return False
    note(person=person, kind=AccountEvent.Kind.RECOVERY_USED, by=person, now=now)
    left = recovery_codes_left(person)
    tell(person, "A recovery code was used", f"Somebody signed in to your account with one. {left} are left.")
    return True


def _counter_of(seed: str, code: str, *, now: datetime, after: int) -> int | None:
    """Return which period a code is of, if that is now or a neighbour and later than `after`."""
    typed = "".join(code.split())
    present = int(now.timestamp()) // PERIOD
    for counter in (present - 1, present, present + 1):
        if counter > after and constant_time_compare(typed, format_hotp_value(hotp_value(seed, counter))):
            return counter
    return None


@transaction.atomic
def renew_recovery_codes(*, person: User, now: datetime) -> list[str]:
    """Return ten new recovery codes, shown this once; those before work no more."""
    User.objects.select_for_update().get(pk=person.pk)
    if not has_second_factor(person):
        raise AccountRefused("Recovery codes are for accounts with a second factor; set that up first.")
    Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
    note(person=person, kind=AccountEvent.Kind.RECOVERY_CODES, by=person, now=now)
    tell(person, "New recovery codes", "Ten new recovery codes were made for your account; the old ones are void.")
    return _codes(person)


def _codes(person: User) -> list[str]:
    return [f"{code[:4]}-{code[4:]}" for code in RecoveryCodes.activate(person).generate_codes()]


@transaction.atomic
def take_away(*, person: User, by: User, now: datetime) -> None:
    """Ask for the password alone again: one's own, or a colleague's who lost the device and the codes.

    A colleague's sessions end with it, so that only who knows the password gets in again.
    """
    if by.pk != person.pk and not permissions.can_change_account(by, person):
        raise NotPermitted("A desk lead who is somebody else takes a second factor away.")
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise AccountRefused("There is no second factor.")
    if by.pk != person.pk:
        person.sessions.all().delete()
    note(person=person, kind=AccountEvent.Kind.SECOND_FACTOR_OFF, by=by, now=now)
    tell(person, "The second factor was taken away", "Signing in to your account asks for the password alone now.")


def reencrypt_seeds() -> int:
    """Encrypt every seed under the present SECRET_KEY; return how many there are. Raises SecretLost."""
    kept = list(Authenticator.objects.select_for_update().order_by("pk"))
    for one in kept:
        for name in ("secret", "seed"):
            if name in one.data:
                plain = decrypted(one.data[name], purpose=PURPOSE)
                one.data[name] = encrypted(plain, purpose=PURPOSE)
    Authenticator.objects.bulk_update(kept, ["data"])
    return len(kept)
