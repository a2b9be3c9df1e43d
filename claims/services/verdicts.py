"""Verdicts: the rating reviewers agreed on, and the public words that explain it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims import permissions
from claims.errors import NotPermitted, StaleVersion, VerdictRefused
from claims.models import Claim, Rating, Verdict
from sources.services.history import sign_history

from .seals import seal_verdict
from .versions import void_approval


def decide_verdict(*, claim: Claim, rating: Rating, now: datetime) -> Verdict:
    """Record and seal the rating agreed on in this round; its finding and explanation are written afterwards."""
    verdict = Verdict.objects.create(claim=claim, round=claim.review_round, rating=rating, decided_at=now)
    seal_verdict(claim=claim, verdict=verdict, now=now)
    return verdict


@transaction.atomic
def write_verdict(*, claim_id: int, version: int, finding: str, explanation: str, by: User, now: datetime) -> Verdict:
    """Write the public finding (one sentence) and explanation of this round's verdict.

    `version` is the verdict's. Whoever writes becomes its author and cannot publish it. Raises NotPermitted,
    StaleVersion or VerdictRefused.
    """
    if not permissions.can_review(by):
        raise NotPermitted("Writing a verdict takes a reviewer's account.")
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    verdict = claim.verdicts.filter(round=claim.review_round).first()
    if verdict is None or claim.workflow != Claim.Workflow.COMPLETED:
        raise VerdictRefused("Reviewers have not agreed on a rating yet; there is no verdict to explain.")
    if verdict.version != version:
        raise StaleVersion(
            f"Somebody saved this verdict in the meantime: it is at version {verdict.version}.",
            current=verdict.version,
        )
    finding, explanation = " ".join(finding.split()), explanation.strip()
    if not finding:
        raise VerdictRefused("Write the finding: one sentence a reader can quote.", field="finding")
    if len(finding) > 300:
        raise VerdictRefused(f"At most 300 characters; this is {len(finding)}.", field="finding")
    if not explanation:
        raise VerdictRefused("Explain how the desk knows, from the evidence.", field="explanation")
    verdict.finding, verdict.explanation, verdict.written_by = finding, explanation, by
    verdict.version += 1
    sign_history(verdict, by=by, now=now, change=permissions.WORDING)
    verdict.save()
    Claim.objects.filter(pk=claim.pk).update(updated_at=now)
    void_approval(claim, change="verdict", now=now)
    return verdict
