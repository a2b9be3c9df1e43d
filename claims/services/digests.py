"""Digests: a mail a day at most to whoever cited a claim that has moved.

The due row is written in the transaction that moved the claim. A mail is leased, sent and noted: two short
transactions, none open while the mail server answers. A worker that dies in between costs one mail too many.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.formats.digest import digest_mail
from claims.models import CitationUse, Claim, Digest

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

ONCE_IN = timedelta(days=1)
# Corrections often come in twos and threes; a mail that waits this long tells of them all.
GATHERED_FOR = timedelta(minutes=10)
TRIED_AGAIN_AFTER = timedelta(minutes=15)
AT_ONCE = 50
LISTED = 200


def queue_digests(*, claim: Claim, now: datetime) -> None:
    """Note that everyone who cited this claim is to be told; runs in the transaction that moved it."""
    uses = CitationUse.objects.filter(publication__claim=claim)
    for editor_id in uses.order_by().values_list("used_by", flat=True).distinct():
        queue_digest(editor_id=editor_id, on=None, now=now)


def queue_digest(*, editor_id: int, on: date | None, now: datetime) -> None:
    """Make one editor's digest due: soon, or at the beginning of a day; never twice within a day."""
    digest, _ = Digest.objects.select_for_update().get_or_create(editor_id=editor_id)
    begins = now + GATHERED_FOR
    if on is not None:
        begins = timezone.make_aware(datetime.combine(on, time.min))
    if digest.sent_at:
        begins = max(begins, digest.sent_at + ONCE_IN)
    if digest.due_at is None or begins < digest.due_at:
        digest.due_at = begins
        digest.save()


@transaction.atomic
def want_digest(*, editor_id: int, is_wanted: bool) -> None:
    """Switch an editor's digest on or off; what waits is told once it is on again."""
    Digest.objects.update_or_create(editor_id=editor_id, defaults={"is_wanted": is_wanted})


def send_due_digests(*, clock: Clock) -> int:
    """Mail every editor whose digest is due; return how many mails were sent. Two at once do no harm."""
    sent = 0
    for editor_id in _lease(clock()):
        sent += _send(editor_id, clock)
    return sent


@transaction.atomic
def _lease(now: datetime) -> list[int]:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due = Digest.objects.filter(free, is_wanted=True, due_at__lte=now).order_by("due_at")
    leased = list(due.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    for digest in leased:
        digest.leased_until = now + TRIED_AGAIN_AFTER
    Digest.objects.bulk_update(leased, ["leased_until"])
    return [digest.editor_id for digest in leased]


def _send(editor_id: int, clock: Clock) -> bool:
    digest = Digest.objects.select_related("editor").get(pk=editor_id)
    editor, today = digest.editor, timezone.localdate(clock())
    uses = CitationUse.objects.filter(used_by=editor).open(today).select_related("publication__claim__public_document")
    untold = [use for use in uses.order_by("article_url", "pk")[:LISTED] if use.told_seq < use.moved_seq]
    if not untold or not editor.email or not editor.is_active:
        _note(digest, [], clock(), is_sent=False)
        return False
    subject, body = digest_mail(untold, site_name=settings.SITE_NAME, site_url=settings.SITE_URL)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [editor.email])
    except OSError as error:  # the lease runs out, and it is tried again
        log.warning("no digest for editor %s (%s)", editor_id, type(error).__name__)
        return False
    _note(digest, untold, clock(), is_sent=True)
    return True


@transaction.atomic
def _note(digest: Digest, told: list[Any], now: datetime, *, is_sent: bool) -> None:
    """Write down what was mailed, and when the next one is due: on the first day something was put off to."""
    for use in told:
        CitationUse.objects.filter(pk=use.pk).update(told_seq=use.moved_seq)
    put_off = CitationUse.objects.filter(
        used_by=digest.editor_id, answer=CitationUse.Answer.LATER, later_on__gt=timezone.localdate(now)
    )
    next_day = put_off.order_by("later_on").values_list("later_on", flat=True).first()
    kept = Digest.objects.select_for_update().get(pk=digest.pk)
    kept.leased_until = None
    if kept.due_at == digest.due_at:  # nothing moved while the mail was on its way
        kept.due_at = timezone.make_aware(datetime.combine(next_day, time.min)) if next_day else None
    if is_sent:
        kept.sent_at = now
        if kept.due_at is not None:
            kept.due_at = max(kept.due_at, now + ONCE_IN)
    kept.save()
