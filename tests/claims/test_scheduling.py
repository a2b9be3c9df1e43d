"""Publishing at a time: exactly what was approved, unless anything changed before."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.errors import ApprovalStale, NotPermitted, PublicationRefused, TwoPersonRule
from claims.models import Change, Claim, ScheduledPublication
from claims.services import claims, publishing, verdicts
from claims.services.scheduling import cancel_schedule, publish_due, schedule_publication
from tests.claims.stories import held, page, signed_in
from tests.factories import (
    NOW,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    decided,
    judged,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db

NINE = NOW + timedelta(hours=3)
State = ScheduledPublication.State


@pytest.fixture
def lead():
    return DeskLeadFactory()


def approved(claim: Claim, by, **given) -> ScheduledPublication:
    revision = publishing.revision_of(claim)
    given = {"publish_at": NINE, "revision_sha256": revision.sha256 if revision else "", **given}
    return schedule_publication(claim_id=claim.pk, by=by, now=NOW, **given)


def reopened(claim: Claim) -> Claim:
    """Return a published claim judged and written anew, ready to be corrected."""
    claims.reopen_claim(claim_id=claim.pk, reason="New.", by=claim.drafted_by, now=NOW)
    claim.refresh_from_db()
    judged(claim, by=claim.drafted_by, slug="incorrect")
    judged(claim, by=ReviewerFactory(), slug="incorrect")
    written(claim, "The office counted 401.")
    claim.refresh_from_db()
    return claim


def written(claim: Claim, finding: str) -> None:
    verdict = claim.verdicts.get(round=claim.review_round)
    verdicts.write_verdict(
        claim_id=claim.pk, version=verdict.version, finding=finding, explanation="Read.", by=claim.drafted_by, now=NOW
    )


def test_what_was_approved_is_published_at_its_time_and_once(lead):
    claim = decided()
    schedule = approved(claim, lead)

    assert publish_due(now=NINE - timedelta(seconds=1)) == 0
    assert publish_due(now=NINE) == 1
    assert publish_due(now=NINE) == 0

    claim.refresh_from_db()
    schedule.refresh_from_db()
    publication = claim.publications.get()
    assert (publication.revision_sha256, publication.approved_by) == (schedule.revision_sha256, lead)
    assert (publication.published_at, schedule.state) == (NINE, State.PUBLISHED)
    assert Change.objects.filter(claim=claim, kind=Change.Kind.PUBLISHED).count() == 1


def test_a_correction_waits_for_its_time_as_well(lead):
    claim = reopened(published())
    approved(claim, lead, kind="correction", reason="The office mended its return.")

    assert publish_due(now=NINE) == 1

    correction = claim.publications.latest().correction
    assert (correction.kind, correction.reason) == ("correction", "The office mended its return.")


def edited(claim):
    claims.edit_claim(claim_id=claim.pk, version=claim.version, by=claim.drafted_by, now=NOW, topics=[])


def rewritten(claim):
    written(claim, "The office counted 402.")


def back_in_review(claim):
    claims.reopen_claim(claim_id=claim.pk, reason="Wait.", by=claim.drafted_by, now=NOW)


@pytest.mark.parametrize("change", [edited, rewritten, back_in_review])
def test_any_later_edit_voids_it_and_says_so(lead, change):
    claim = decided()
    schedule = approved(claim, lead)

    change(claim)

    schedule.refresh_from_db()
    assert schedule.state == State.VOIDED and "changed after it was approved" in schedule.ended_reason
    assert publish_due(now=NINE) == 0 and not claim.publications.exists()


def test_a_hold_voids_a_correction_that_waits(lead):
    claim = reopened(published())
    schedule = approved(claim, lead, kind="update", reason="New.")

    held(claim)

    schedule.refresh_from_db()
    assert schedule.state == State.VOIDED


def test_whose_work_it_is_changes_nothing(lead):
    claim = decided()
    schedule = approved(claim, lead)

    claims.assign_claim(claim_id=claim.pk, to=ReviewerFactory(), by=claim.drafted_by, now=NOW)

    schedule.refresh_from_db()
    assert schedule.state == State.WAITING


def test_what_differs_from_the_approval_is_never_published(lead):
    """A source's title is part of the revision and is edited without a word to the claim."""
    claim = decided()
    schedule = approved(claim, lead)
    source = claim.evidence.get().snapshot.source
    source.title = "Another title"
    source.save()

    assert publish_due(now=NINE) == 0

    schedule.refresh_from_db()
    assert schedule.state == State.VOIDED and "revision changed" in schedule.ended_reason


def test_a_role_that_was_lost_voids_it(lead):
    claim = decided()
    schedule = approved(claim, lead)
    lead.groups.clear()

    assert publish_due(now=NINE) == 0
    schedule.refresh_from_db()
    assert schedule.state == State.VOIDED


def test_without_the_logs_key_it_waits(lead, settings, log_key):
    claim = decided()
    schedule = approved(claim, lead)
    settings.LOG_KEY_FILE = ""

    assert publish_due(now=NINE) == 0
    schedule.refresh_from_db()
    assert schedule.state == State.WAITING

    settings.LOG_KEY_FILE = str(log_key)
    assert publish_due(now=NINE) == 1


@pytest.mark.parametrize("at", [None, NOW, NOW - timedelta(days=1), NOW + timedelta(days=400)])
def test_a_time_is_to_come_and_within_a_year(lead, at):
    with pytest.raises(PublicationRefused) as refused:
        approved(decided(), lead, publish_at=at)
    assert refused.value.field == "publish_at"


def test_the_same_is_refused_as_now(lead):
    claim = decided()

    with pytest.raises(NotPermitted):
        approved(claim, EditorFactory())
    with pytest.raises(ApprovalStale):
        approved(claim, lead, revision_sha256="0" * 64)
    author = DeskLeadFactory()
    own = decided()
    Claim.objects.filter(pk=own.pk).update(drafted_by=author)
    with pytest.raises(TwoPersonRule):
        approved(own, author)
    with pytest.raises(PublicationRefused):
        approved(published(), lead, kind="correction", reason="Nothing differs.")
    assert not ScheduledPublication.objects.exists()


def test_it_can_be_cancelled_and_set_anew(lead):
    claim = decided()
    first = approved(claim, lead)
    second = approved(claim, lead, publish_at=NINE + timedelta(hours=1))
    first.refresh_from_db()
    assert first.state == State.CANCELLED

    cancel_schedule(claim_id=claim.pk, by=lead, now=NOW)

    second.refresh_from_db()
    assert second.state == State.CANCELLED
    with pytest.raises(PublicationRefused, match="Nothing of this claim waits"):
        cancel_schedule(claim_id=claim.pk, by=lead, now=NOW)
    assert publish_due(now=NINE + timedelta(days=1)) == 0


# -- at the desk ----------------------------------------------------------------------------------------
def test_a_lead_sets_sees_and_cancels_it_at_the_desk(lead):
    claim, client = decided(), signed_in(lead)
    url = reverse("desk-claim-schedule", args=[claim.code])
    sha256 = publishing.revision_of(claim).sha256

    refused = client.post(url, {"revision_sha256": sha256, "publish_at": "2020-01-01T09:00"})
    assert refused.status_code == 409 and "still to come" in refused.content.decode()
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    client.post(url, {"revision_sha256": sha256, "publish_at": tomorrow})

    assert "Any change of the claim before that voids it" in page(client, "desk-claim", claim.code)
    assert claim.code in page(client, "desk-scheduled")
    client.post(reverse("desk-claim-unschedule", args=[claim.code]), {"back": "list"})
    assert "Nothing waits" in page(client, "desk-scheduled")
    assert signed_in(ReviewerFactory()).post(url).status_code == 403


def test_a_refused_time_keeps_the_correction_that_was_typed(lead):
    claim = reopened(published())

    response = signed_in(lead).post(
        reverse("desk-claim-schedule", args=[claim.code]),
        {"correct": "1", "kind": "update", "reason": "Typed words.", "revision_sha256": "", "publish_at": "x"},
    )

    assert response.status_code == 409 and "Typed words." in response.content.decode()


# -- previewing, merging --------------------------------------------------------------------------------
def test_the_preview_is_the_page_it_becomes(client):
    claim = decided()
    desk = signed_in(ReviewerFactory())

    before = page(desk, "claim-preview", claim.code)
    assert "Nothing of this version is published" in before and "version 1" in before
    assert client.get(reverse("claim-preview", args=[claim.code])).status_code == 302
    assert signed_in(EditorFactory()).get(reverse("claim-preview", args=[claim.code])).status_code == 404
    published(claim)
    after = page(desk, "claim", claim.code)
    body = before[before.index('<div class="claim-page">') : before.index("head-facts")]
    assert "412 arrivals" in body and body in after
    assert desk.get(reverse("claim-preview", args=[with_evidence().code])).status_code == 404


def test_a_merged_claim_leads_to_the_one_it_was_merged_into(client):
    into, merged = published(), with_evidence()
    claims.merge_claim(claim_id=merged.pk, into_id=into.pk, by=merged.drafted_by, now=NOW)

    assert client.get(f"/claims/{merged.code}").headers["Location"] == f"/claims/{into.code}"
    desk = signed_in(ReviewerFactory())
    at_desk = desk.get(reverse("desk-claim", args=[merged.code]))
    assert at_desk.headers["Location"] == reverse("desk-claim", args=[into.code])
    assert merged.text in desk.get(reverse("desk-claim", args=[merged.code]) + "?stay").content.decode()
    draft = with_evidence()
    other = with_evidence()
    claims.merge_claim(claim_id=other.pk, into_id=draft.pk, by=other.drafted_by, now=NOW)
    assert client.get(f"/claims/{other.code}").status_code == 404
