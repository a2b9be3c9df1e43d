"""Evidence: a passage found in a snapshot's text, attached to a claim with a stance."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from claims import extraction, workflow
from claims.errors import EvidenceRefused, QuoteRefused, StaleVersion
from claims.models import Claim, Evidence
from sources.models import Snapshot
from sources.services.history import sign_history
from sources.text import find_quote, nearest_passage, quote_context

from .contradictions import find_contradictions
from .versions import claim_locked, require_work, save_claim

QUOTE_LIMIT = 2000  # code points; longer passages are slow to find again and nobody quotes them


def locate_quote(*, snapshot: Snapshot, quote: str, prefix: str = "", suffix: str = "") -> tuple[int, int]:
    """Return where a quote stands in the snapshot's text, in code points; or raise QuoteRefused.

    Only typography may differ (spaces, quote marks, dashes). The refusal carries the nearest passage.
    """
    if not quote.strip():
        raise QuoteRefused("Select the passage in the text, or paste its exact words.", field="quote", nearest=None)
    if len(quote) > QUOTE_LIMIT:
        raise QuoteRefused(
            f"A quote has at most {QUOTE_LIMIT:,} characters; this one has {len(quote):,}.",
            field="quote",
            nearest=None,
        )
    found = find_quote(snapshot.text, quote.strip(), prefix, suffix)
    if found is None:
        near = nearest_passage(snapshot.text, quote.strip())
        hint = f" The nearest passage is: “{near.text}”" if near else ""
        raise QuoteRefused(
            f"These words are not in the saved text.{hint}", field="quote", nearest=near.text if near else None
        )
    return found.start, found.end


@transaction.atomic
def attach_evidence(
    *,
    claim_id: int,
    snapshot_id: int,
    quote: str,
    stance: str,
    by: User,
    now: datetime,
    note: str = "",
    prefix: str = "",
    suffix: str = "",
    is_proposal: bool = False,
) -> Evidence:
    """Attach a passage to a claim; the stored quote is the snapshot's own text at the place it was found.

    A proposal (an API key's) counts once a person has accepted its stance. Work on an unstarted claim starts
    it. Raises QuoteRefused when the words are not there, EvidenceRefused when the passage is attached already
    or the claim is closed to new evidence.
    """
    require_work(by)
    claim = claim_locked(claim_id)
    if stance not in Evidence.Stance.values:
        raise EvidenceRefused("Choose what the passage does to the claim.", field="stance")
    _require_open(claim)
    snapshot = Snapshot.objects.select_related("source").get(pk=snapshot_id)
    start, end = locate_quote(snapshot=snapshot, quote=quote, prefix=prefix, suffix=suffix)
    before, after = quote_context(snapshot.text, start, end)
    words = snapshot.text[start:end]
    evidence = Evidence(
        claim=claim,
        snapshot=snapshot,
        quote=words,
        prefix=before,
        suffix=after,
        start=start,
        end=end,
        stance=stance,
        note=note.strip(),
        figures=[figure.as_dict() for figure in extraction.read_figures(words, reference_date=snapshot.published_on)],
        added_by=by,
        added_at=now,
        accepted_by=None if is_proposal else by,
        accepted_at=None if is_proposal else now,
        confirmed_at=snapshot.fetched_at,
    )
    sign_history(evidence, by=by, now=now, change="attached")
    try:
        with transaction.atomic():
            evidence.save()
    except IntegrityError:
        raise EvidenceRefused("This passage is attached to the claim already.", field="quote") from None
    if claim.workflow == Claim.Workflow.UNSTARTED:
        workflow.move(claim, "start")
    save_claim(claim, by=by, now=now, change="evidence")
    find_contradictions(claim_ids=[claim.pk], now=now)
    return evidence


@transaction.atomic
def change_stance(*, evidence_id: int, version: int, stance: str, note: str, by: User, now: datetime) -> Evidence:
    """Set what a passage does to its claim, and why; accepts a proposal along the way."""
    require_work(by)
    evidence = Evidence.objects.get(pk=evidence_id)
    claim = claim_locked(evidence.claim_id)
    evidence = Evidence.objects.select_for_update().get(pk=evidence_id)
    if evidence.version != version:
        raise StaleVersion("Somebody changed this evidence in the meantime.", current=evidence.version)
    if stance not in Evidence.Stance.values:
        raise EvidenceRefused("Choose what the passage does to the claim.", field="stance")
    _require_open(claim)
    evidence.stance, evidence.note = stance, note.strip()
    evidence.accepted_by, evidence.accepted_at = by, now
    evidence.version += 1
    sign_history(evidence, by=by, now=now, change="stance")
    evidence.save()
    save_claim(claim, by=by, now=now, change="evidence")
    find_contradictions(claim_ids=[claim.pk], now=now)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence_id: int, by: User, now: datetime) -> Claim:
    """Take a passage off its claim; the row history keeps it."""
    require_work(by)
    evidence = Evidence.objects.get(pk=evidence_id)
    claim = claim_locked(evidence.claim_id)
    _require_open(claim)
    sign_history(evidence, by=by, now=now, change="removed")
    evidence.delete()
    save_claim(claim, by=by, now=now, change="evidence")
    find_contradictions(claim_ids=[claim.pk], now=now)
    return claim


def _require_open(claim: Claim) -> None:
    if claim.workflow not in (*Claim.REVIEWABLE, Claim.Workflow.UNSTARTED):
        raise EvidenceRefused(
            f"This claim is {claim.get_workflow_display().lower()}; reopen it to change its evidence."
        )
