"""What is written down of an account, and what its owner is told by mail."""

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction

from claims.models import AccountEvent

log = logging.getLogger(__name__)


def note(*, person: User, kind: str, by: User | None, now: datetime, detail: str = "") -> None:
    """Write down what was done to an account."""
    AccountEvent.objects.create(person=person, kind=kind, detail=detail[:200], by=by, at=now)


def tell(person: User, what: str, words: str) -> None:
    """Mail somebody what happened to their account, once it is certain; without an address nobody is told."""
    if not person.email:
        return
    end = "If that was not you, tell a desk lead at once: they can switch the account off."
    text = f"{words}\n\nThe account is {person.get_username()} at {settings.SITE_URL}.\n\n{end}\n"
    address = person.email  # as it is now: what is told may be that it changes
    transaction.on_commit(lambda: mail(address, what, text))


def mail(address: str, subject: str, text: str) -> bool:
    """Send a message and return whether it left; one that did not is noted in the log."""
    try:
        send_mail(f"{settings.SITE_NAME}: {subject}", text, settings.DEFAULT_FROM_EMAIL, [address])
    except OSError as error:  # what smtplib raises is one too
        log.warning("no mail about %s (%s)", subject, type(error).__name__)
        return False
    return True
