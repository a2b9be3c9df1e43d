"""Stories the page tests begin with: a claim held, corrected, withdrawn, and where it is then read."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim
from claims.services import claims, publishing, verdicts
from tests.factories import (
    NOW,
    ClaimantFactory,
    ClaimFactory,
    DeskLeadFactory,
    ReviewerFactory,
    TopicFactory,
    judged,
    with_evidence,
)

SECRET = "zanzibar-internal-note"
PASSWORD = "correct horse battery"


def held(claim: Claim, reason: str = "The report now says 409.") -> Claim:
    claims.hold_claims(claim_ids=[claim.pk], reason=reason, now=NOW + timedelta(days=3))
    claim.refresh_from_db()
    return claim


def corrected(claim: Claim, *, kind: str = "correction", slug: str = "incorrect") -> Claim:
    """Return the claim reopened, judged anew, and corrected with another finding."""
    later = NOW + timedelta(days=4)
    claims.reopen_claim(claim_id=claim.pk, reason=SECRET, by=claim.drafted_by, now=later)
    claim.refresh_from_db()
    judged(claim, by=claim.drafted_by, slug=slug)
    judged(claim, by=ReviewerFactory(), slug=slug)
    verdict = claim.verdicts.get(round=claim.review_round)
    verdicts.write_verdict(
        claim_id=claim.pk,
        version=verdict.version,
        finding="The office counted 401.",
        explanation="It mended its return.",
        by=claim.drafted_by,
        now=later,
    )
    claim.refresh_from_db()
    publishing.correct_claim(
        claim_id=claim.pk,
        kind=kind,
        reason="The office mended its return.",
        by=DeskLeadFactory(),
        revision_sha256=publishing.revision_of(claim).sha256,
        now=later,
    )
    claim.refresh_from_db()
    return claim


def withdrawn(claim: Claim) -> Claim:
    publishing.withdraw_claim(claim_id=claim.pk, reason="The return was a forgery.", by=DeskLeadFactory(), now=NOW)
    claim.refresh_from_db()
    return claim


def page(client: Client, name: str, *args, status: int = 200) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()


def outputs(claim: Claim) -> list[str]:
    """Every address at which something of this claim is told."""
    code = claim.code
    versions = [reverse("claim-version", args=[code, n]) for n in range(1, claim.publications.count() + 1)]
    files = [reverse("claim-citation", args=[code, form]) for form in ("bib", "json", "txt")]
    return [reverse("claim", args=[code]), reverse("claim-jsonld", args=[code]), *versions, *files]


def lists(claim: Claim) -> list[str]:
    named = [topic.get_absolute_url() for topic in claim.topics.all()]
    named += [claimant.get_absolute_url() for claimant in claim.claimants.all()]
    return [reverse("home"), reverse("claims"), reverse("corrections"), *named]


def sorted_claim(**given) -> Claim:
    claim = ClaimFactory(**given)
    claim.topics.add(TopicFactory())
    claim.claimants.add(ClaimantFactory())
    return with_evidence(claim)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
