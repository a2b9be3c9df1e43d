"""Publishing: a revision approved by a second person, told to the world, corrected in the open."""

import json
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from claims import permissions
from claims.errors import ApprovalStale, NotPermitted, PublicationRefused, PublishingMoveRefused, TwoPersonRule
from claims.formats.canonical import canonical_json, sha256
from claims.formats.document import brief_document, correction_document, public_document, revision_document
from claims.models import Change, Claim, Correction, Publication, PublicDocument, Seal, Verdict
from claims.workflow import allowed_moves

from .contradictions import find_contradictions
from .digests import queue_digests
from .freshness import freshness_document, freshness_of
from .ledger import record_change
from .reliance import keep_reliance
from .rules import rules_for_publishing
from .seals import seal_verdict
from .signing import signers
from .versions import claim_locked, save_claim

_KINDS = {
    Correction.Kind.CORRECTION: Change.Kind.CORRECTED,
    Correction.Kind.CLARIFICATION: Change.Kind.CLARIFIED,
    Correction.Kind.UPDATE: Change.Kind.UPDATED,
    Correction.Kind.WITHDRAWAL: Change.Kind.WITHDRAWN,
}


@dataclass(frozen=True)
class Revision:
    """What would be published now, and the SHA-256 an approval of it has to name."""

    document: dict[str, Any]
    sha256: str
    verdict: Verdict


def revision_of(claim: Claim) -> Revision | None:
    """Return the claim's present revision, or None while no verdict of this round is written."""
    verdict = claim.verdicts.select_related("rating").filter(round=claim.review_round).first()
    if verdict is None or not verdict.is_written:
        return None
    passages = ("snapshot__source__publisher",)
    document = revision_document(
        claim=claim,
        verdict=verdict,
        evidence=claim.evidence.accepted().select_related(*passages),
        appearances=claim.appearances.select_related(*passages, "claimant"),
    )
    return Revision(document, sha256(canonical_json(document)), verdict)


def standing_citability(publication: Publication) -> str:
    """Return what a claim is while this publication stands and nothing holds it."""
    correction = getattr(publication, "correction", None)
    if correction is None or correction.kind == Correction.Kind.UPDATE:
        return Claim.Citability.CITABLE
    if correction.kind == Correction.Kind.WITHDRAWAL:
        return Claim.Citability.WITHDRAWN
    return Claim.Citability.CORRECTED


def missing_for_publication(claim: Claim, revision: Revision | None) -> list[str]:
    """Name what the desk's rules still miss before this claim can be published, in words for the form."""
    missing = []
    if claim.workflow != Claim.Workflow.COMPLETED:
        missing.append("Reviewers have not agreed on a rating in this round.")
    if revision is None:
        missing.append("The verdict's finding and explanation are not written.")
    missing += [rule.missing for rule in rules_for_publishing(claim) if rule.holds_up]
    return missing


@transaction.atomic
def publish_claim(*, claim_id: int, by: User, revision_sha256: str, now: datetime) -> Publication:
    """Publish a claim for the first time, approving exactly the revision with this SHA-256.

    Raises NotPermitted, TwoPersonRule (its author), ApprovalStale (another revision stands by now),
    PublishingMoveRefused (a rule of the desk is not met, or it is published already) or SigningUnavailable (the
    log's key is missing: what cannot be proved is not told; holding and withdrawing, which take back, go on).
    """
    claim = _claim_for(by, claim_id)
    signers(now=now)
    if claim.publications.exists():
        raise _not_in_this_state(claim, "This claim is published already; publish a correction instead.")
    revision = approved_revision(claim, by, revision_sha256)
    publication = _publish(claim, revision, by, now)
    claim.citability = Claim.Citability.CITABLE
    save_claim(claim, by=by, now=now, change="published")
    publish_state(
        claim=claim,
        kind=Change.Kind.PUBLISHED,
        cause=Change.Cause.DECISION,
        actor=Change.Actor.PERSON,
        before=None,
        after=_summary(revision.document, publication),
        now=now,
    )
    return publication


@transaction.atomic
def correct_claim(
    *, claim_id: int, kind: str, reason: str, by: User, revision_sha256: str, now: datetime
) -> Publication:
    """Publish the present revision as a typed, dated correction of the publication before, which is kept.

    Raises as publish_claim does, and PublicationRefused when nothing differs or no reason is given. A hold
    ends with it: the new revision was approved on the evidence as it stands.
    """
    claim = _claim_for(by, claim_id)
    signers(now=now)
    refuse_correction(claim, kind=kind, reason=reason)
    replaced = claim.publications.latest()
    revision = approved_revision(claim, by, revision_sha256, replacing=replaced)
    publication = _publish(claim, revision, by, now)
    _correct(publication, replaced, kind, reason, now)
    claim.citability, claim.held_at, claim.hold_reason = standing_citability(publication), None, ""
    save_claim(claim, by=by, now=now, change="corrected")
    publish_state(
        claim=claim,
        kind=_KINDS[Correction.Kind(kind)],
        cause=Change.Cause.CORRECTION,
        actor=Change.Actor.PERSON,
        before=_summary(json.loads(replaced.document), replaced),
        after={**_summary(revision.document, publication), "reason": reason.strip()},
        now=now,
    )
    return publication


@transaction.atomic
def withdraw_claim(*, claim_id: int, reason: str, by: User, now: datetime) -> Publication:
    """Withdraw a published claim: its address answers with a tombstone that says when and why."""
    claim = _claim_for(by, claim_id)
    if not claim.is_public:
        raise _not_in_this_state(claim, "Only a claim that is published now can be withdrawn.")
    if not reason.strip():
        raise PublicationRefused("Tell readers why it is withdrawn.", field="reason")
    replaced = claim.publications.latest()
    if not settings.DESK_OF_ONE and by.pk in (replaced.written_by_id, replaced.drafted_by_id):
        raise TwoPersonRule("Whoever wrote it cannot withdraw it alone; ask another desk lead.")
    publication = Publication.objects.create(
        claim=claim,
        number=replaced.number + 1,
        seal=replaced.seal,
        document=replaced.document,
        revision_sha256=replaced.revision_sha256,
        is_withdrawal=True,
        drafted_by=replaced.drafted_by,
        written_by=replaced.written_by,
        approved_by=by,
        is_by_desk_of_one=settings.DESK_OF_ONE,
        published_at=now,
    )
    _correct(publication, replaced, Correction.Kind.WITHDRAWAL, reason, now)
    claim.citability, claim.held_at, claim.hold_reason = Claim.Citability.WITHDRAWN, None, ""
    save_claim(claim, by=by, now=now, change="withdrawn")
    find_contradictions(claim_ids=[claim.pk], now=now)
    publish_state(
        claim=claim,
        kind=Change.Kind.WITHDRAWN,
        cause=Change.Cause.CORRECTION,
        actor=Change.Actor.PERSON,
        before=_summary(json.loads(replaced.document), replaced),
        after={"citability": claim.citability, "version": publication.number, "reason": reason.strip()},
        now=now,
    )
    return publication


@transaction.atomic
def supersede_claim(*, claim_id: int, by_claim_id: int, by: User, now: datetime) -> Claim:
    """Point a published claim at the published claim that replaces it; citations and API follow the pointer."""
    claim = _claim_for(by, claim_id)
    newer = claim_locked(by_claim_id)
    if claim.pk == newer.pk or not (claim.is_public and newer.is_public):
        raise PublicationRefused("Both must be published claims, and not the same one.", field="by")
    if newer.superseded_by_id is not None:
        raise PublicationRefused(f"{newer.code} is superseded itself.", field="by")
    claim.superseded_by = newer
    save_claim(claim, by=by, now=now, change="superseded")
    publish_state(
        claim=claim,
        kind=Change.Kind.SUPERSEDED,
        cause=Change.Cause.DECISION,
        actor=Change.Actor.PERSON,
        before={"superseded_by": None},
        after={"superseded_by": newer.code},
        now=now,
    )
    return claim


def publish_state(
    *,
    claim: Claim,
    kind: Change.Kind,
    cause: Change.Cause,
    actor: Change.Actor,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Render the claim's public document anew and put the change into the ledger, in the caller's transaction."""
    publications = list(claim.publications.select_related("correction", "seal").order_by("number"))
    newest = publications[-1]
    fresh = freshness_of([claim], today=timezone.localdate(now))[claim.pk]
    document = public_document(
        claim=claim,
        fresh=freshness_document(fresh),
        seal=_standing_seal(newest),
        revision=json.loads(newest.document),
        publication=newest,
        first_published_at=publications[0].published_at,
        corrections=_corrections(publications),
        site_url=settings.SITE_URL,
    )
    stored = PublicDocument.objects.filter(claim=claim).first()
    PublicDocument.objects.update_or_create(
        claim=claim,
        defaults={
            "public_id": claim.public_id,
            "version": stored.version + 1 if stored else 1,
            "status": 410 if claim.citability == Claim.Citability.WITHDRAWN else 200,
            "body": canonical_json(document),
            "brief": canonical_json(brief_document(document)),
            "freshness": fresh.word,
            "freshness_reason": fresh.reason[:600],
            "updated_at": now,
        },
    )
    keep_reliance(claim=claim, now=now)
    queue_digests(claim=claim, now=now)
    record_change(claim=claim, kind=kind, cause=cause, actor=actor, before=before, after=after, now=now)


def preview_document(claim: Claim, *, now: datetime) -> dict[str, Any] | None:
    """Return the public document as publishing the present revision now would make it; None without a verdict.

    What only publishing can give is not in it: the seal, and the correction with its reason.
    """
    revision = revision_of(claim)
    if revision is None:
        return None
    publications = list(claim.publications.select_related("correction").order_by("number"))
    number = publications[-1].number + 1 if publications else 1
    newest = Publication(claim=claim, number=number, published_at=now, revision_sha256=revision.sha256)
    told = copy(claim)
    told.citability, told.held_at, told.hold_reason = Claim.Citability.CITABLE, None, ""
    return public_document(
        claim=told,
        fresh=freshness_document(freshness_of([told], today=timezone.localdate(now))[claim.pk]),
        seal=None,
        revision=revision.document,
        publication=newest,
        first_published_at=publications[0].published_at if publications else now,
        corrections=_corrections(publications),
        site_url=settings.SITE_URL,
    )


def _corrections(publications: list[Publication]) -> list[dict[str, Any]]:
    """Describe what each publication after the first corrected, the newest first."""
    told = [
        correction_document(new.correction, json.loads(old.document), json.loads(new.document))
        for old, new in pairwise(publications)
    ]
    return told[::-1]


def _standing_seal(publication: Publication) -> Seal | None:
    """Return the newest seal of the verdict that was published: a re-check may have sealed it anew."""
    return publication.seal.verdict.seals.first() if publication.seal else None


def _claim_for(by: User, claim_id: int) -> Claim:
    if not permissions.can_publish(by):
        raise NotPermitted("Publishing takes a desk lead's account.")
    return claim_locked(claim_id)


def refuse_correction(claim: Claim, *, kind: str, reason: str) -> None:
    """Raise PublicationRefused unless the claim is published and the correction has a kind and a reason."""
    if not claim.is_public:
        raise _not_in_this_state(claim, "Only a claim that is published now can be corrected.")
    if kind not in Correction.Kind.values or kind == Correction.Kind.WITHDRAWAL:
        raise PublicationRefused("Choose correction, clarification or update.", field="kind")
    if not reason.strip():
        raise PublicationRefused("Tell readers what was wrong or is new.", field="reason")


def approved_revision(
    claim: Claim, by: User, revision_sha256: str, *, replacing: Publication | None = None
) -> Revision:
    """Return the revision this person approves by its SHA-256; or raise as `publish_claim` says."""
    revision = revision_of(claim)
    missing = missing_for_publication(claim, revision)
    if missing or revision is None:
        raise _not_in_this_state(claim, " ".join(missing), missing=missing)
    if permissions.is_author(by, claim):
        raise TwoPersonRule("You drafted, judged or wrote part of this; another desk lead has to publish it.")
    if revision.sha256 != revision_sha256:
        raise ApprovalStale("The revision changed after you looked at it. Read it again, then publish.")
    if replacing is not None and replacing.revision_sha256 == revision.sha256:
        raise PublicationRefused("Nothing differs from what is published. Reopen the claim to change it.")
    return revision


def _not_in_this_state(claim: Claim, message: str, *, missing: list[str] | None = None) -> PublishingMoveRefused:
    """Return the refusal, with the moves of the workflow and of publishing that the claim has now."""
    allowed = allowed_moves(claim.workflow)
    if claim.is_public:
        allowed += ["correct", "withdraw"]
    elif not claim.publications.exists() and not missing_for_publication(claim, revision_of(claim)):
        allowed.append("publish")
    return PublishingMoveRefused(message, allowed=allowed, missing=missing or [])


def _publish(claim: Claim, revision: Revision, by: User, now: datetime) -> Publication:
    newest = claim.publications.order_by("-number").first()
    written_by = revision.verdict.written_by
    assert written_by is not None, "a revision has a written verdict"
    return Publication.objects.create(
        claim=claim,
        number=newest.number + 1 if newest else 1,
        seal=seal_verdict(claim=claim, verdict=revision.verdict, now=now, approved_by=by),
        document=canonical_json(revision.document),
        revision_sha256=revision.sha256,
        drafted_by=claim.drafted_by,
        written_by=written_by,
        approved_by=by,
        is_by_desk_of_one=settings.DESK_OF_ONE,
        published_at=now,
    )


def _correct(publication: Publication, replaced: Publication, kind: str, reason: str, now: datetime) -> None:
    Correction.objects.create(
        publication=publication, replaced=replaced, kind=kind, reason=reason.strip(), corrected_at=now
    )


def _summary(document: dict[str, Any], publication: Publication) -> dict[str, Any]:
    return {
        "version": publication.number,
        "text": document["text"],
        "rating": document["verdict"]["rating"],
        "finding": document["verdict"]["finding"],
        "revision_sha256": publication.revision_sha256,
    }
