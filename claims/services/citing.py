"""Citing: which article used which version of a claim, and what its editor did when the claim moved."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from claims import permissions
from claims.errors import CitingRefused, ClaimRefused, NotPermitted
from claims.models import Change, CitationUse, Claim
from sources.services.sources import clean_address

from .digests import queue_digest

_REASON_LIMIT = 500


def visible_uses(user: User) -> QuerySet[CitationUse]:
    """Return the uses this person may see: all for the desk; for an editor, those of articles they cited in."""
    uses = CitationUse.objects.select_related("publication__claim__public_document", "used_by", "answered_by")
    if permissions.can_view_desk(user):
        return uses
    theirs = CitationUse.objects.filter(used_by_id=user.pk).values("article_url")
    return uses.filter(article_url__in=theirs)


@transaction.atomic
def record_use(*, claim_id: int, article_url: str, article_title: str, by: User, now: datetime) -> CitationUse:
    """Record that an article cites the version of a claim that stands now; the same twice is one record."""
    if not permissions.can_cite(by):
        raise NotPermitted("Recording a citation takes an editor's account.")
    claim = Claim.objects.published().filter(pk=claim_id).first()
    if claim is None:
        raise ClaimRefused("Only a published claim can be cited.")
    newest = Change.objects.filter(claim=claim).aggregate(seq=Max("seq"))["seq"]
    use, _ = CitationUse.objects.get_or_create(
        publication=claim.publications.latest(),
        article_url=clean_address(article_url),
        defaults={
            "article_title": article_title.strip()[:300],
            "used_by": by,
            "used_at": now,
            "since_seq": -1 if newest is None else newest,
        },
    )
    return use


@transaction.atomic
def answer_use(
    *, use_id: int, answer: str, by: User, now: datetime, reason: str = "", later_on: date | None = None
) -> CitationUse:
    """Say what was done about a moved claim in an article: fixed, not affected (and why), or later (and when).

    The answer holds until the claim moves again or the day comes. Raises CitingRefused where nothing moved, the
    reason or the day is missing, or another answer is given.
    """
    if not permissions.can_cite(by):
        raise NotPermitted("Answering takes an editor's account.")
    use = _moved_and_locked(use_id)
    today, reason = timezone.localdate(now), reason.strip()
    if answer not in CitationUse.Answer.values or answer == CitationUse.Answer.OPEN:
        raise CitingRefused("Choose fixed, not affected or later.", field="answer")
    if answer == CitationUse.Answer.NOT_AFFECTED and not reason:
        raise CitingRefused("Say in a few words why the article is not affected.", field="reason")
    if len(reason) > _REASON_LIMIT:
        raise CitingRefused(f"At most {_REASON_LIMIT} characters; this is {len(reason)}.", field="reason")
    if answer == CitationUse.Answer.LATER and (later_on is None or later_on <= today):
        raise CitingRefused("Choose the day on which you want to be asked again, from tomorrow on.", field="later_on")
    use.answer, use.answer_reason = answer, reason
    use.later_on = later_on if answer == CitationUse.Answer.LATER else None
    use.answered_at, use.answered_by, use.answered_seq = now, by, use.moved_seq
    # One put off is mailed about once more when its day comes; one that is settled is not.
    use.told_seq = -1 if use.later_on or use.moved_seq is None else use.moved_seq
    use.save()
    if use.later_on:
        queue_digest(editor_id=use.used_by_id, on=use.later_on, now=now)
    return use


@transaction.atomic
def take_answer_back(*, use_id: int, by: User, now: datetime) -> CitationUse:
    """Open a use again whose answer was given by mistake."""
    if not permissions.can_cite(by):
        raise NotPermitted("Answering takes an editor's account.")
    use = _moved_and_locked(use_id)
    use.answer, use.answer_reason, use.later_on = CitationUse.Answer.OPEN, "", None
    use.answered_at = use.answered_by = use.answered_seq = None
    use.save()
    return use


def open_count(user: User, *, today: date) -> int:
    """Return how many of this person's own uses wait for an answer."""
    return CitationUse.objects.filter(used_by_id=user.pk).open(today).count()


def _moved_and_locked(use_id: int) -> Any:
    CitationUse.objects.select_for_update().get(pk=use_id)
    use = CitationUse.objects.with_moves().filter(Q(pk=use_id)).get()
    if use.moved_seq is None:
        raise CitingRefused("The claim stands as it was cited; there is nothing to answer.")
    return use
