"""Publishing: a second person, exactly the revision they read, and nothing changed afterwards."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from claims import immutable
from claims.errors import ApprovalStale, PublicationRefused, TwoPersonRule
from claims.models import Change, Claim
from claims.services import claims, publishing
from claims.workflow import allowed_moves
from tests.factories import NOW, ClaimFactory, DeskLeadFactory, TopicFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db


def test_a_published_claim_is_citable_and_its_document_says_what_was_approved():
    claim = published()

    document = json.loads(claim.public_document.body)
    assert claim.citability == Claim.Citability.CITABLE
    assert document["verdict"]["rating"] == "correct"
    assert document["evidence"][0]["quote"].startswith("The harbour office counted 412")
    assert Change.objects.get().kind == Change.Kind.PUBLISHED


def test_an_approval_of_an_older_revision_is_refused():
    claim = decided()
    seen = publishing.revision_of(claim)
    claims.edit_claim(claim_id=claim.pk, version=claim.version, by=claim.drafted_by, now=NOW, topics=[TopicFactory()])

    with pytest.raises(ApprovalStale):
        publishing.publish_claim(claim_id=claim.pk, by=DeskLeadFactory(), revision_sha256=seen.sha256, now=NOW)
    assert not claim.publications.exists()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_publishes_what_they_drafted(is_superuser):
    lead = DeskLeadFactory(is_superuser=is_superuser)
    claim = with_evidence()
    claim.drafted_by = lead
    claim.save()
    claim = decided(claim)

    with pytest.raises(TwoPersonRule):
        publishing.publish_claim(
            claim_id=claim.pk, by=lead, revision_sha256=publishing.revision_of(claim).sha256, now=NOW
        )


def put(claim, workflow):
    """Return the claim in this state of the workflow, with what the state asks of it."""
    into = ClaimFactory() if workflow == Claim.Workflow.MERGED else None
    Claim.objects.filter(pk=claim.pk).update(workflow=workflow, workflow_reason="Doubtful.", merged_into=into)
    claim.refresh_from_db()
    return claim


@pytest.mark.parametrize("workflow", [w for w in Claim.Workflow if w != Claim.Workflow.COMPLETED])
def test_a_claim_is_published_only_when_it_is_completed(workflow):
    claim = put(decided(), workflow)
    with pytest.raises(PublicationRefused, match="not agreed on a rating") as refusal:
        publishing.publish_claim(claim_id=claim.pk, by=DeskLeadFactory(), revision_sha256="", now=NOW)

    assert (refusal.value.code, refusal.value.status) == ("invalid_transition", 409)
    assert refusal.value.facts["allowed"] == allowed_moves(workflow)


def test_a_claim_without_evidence_is_not_published():
    claim = put(ClaimFactory(), Claim.Workflow.COMPLETED)
    with pytest.raises(PublicationRefused, match="No evidence") as refusal:
        publishing.publish_claim(claim_id=claim.pk, by=DeskLeadFactory(), revision_sha256="", now=NOW)

    assert refusal.value.code == "invalid_transition"
    assert refusal.value.facts["allowed"] == ["reopen"] and len(refusal.value.facts["missing"]) == 2


def test_what_cannot_be_done_in_this_state_is_refused_with_what_can():
    more = {"by": DeskLeadFactory(), "now": NOW}
    ready, public, gone = decided(), published(), published()
    publishing.withdraw_claim(claim_id=gone.pk, reason="The report was withdrawn.", **more)
    approval = {"revision_sha256": "", **more}

    def allowed(refused, **members):
        with pytest.raises(PublicationRefused) as refusal:
            refused(**members)
        assert refusal.value.code == "invalid_transition"
        return refusal.value.facts["allowed"]

    correction = {"kind": "update", "reason": "New.", **approval}
    assert allowed(publishing.publish_claim, claim_id=public.pk, **approval) == ["reopen", "correct", "withdraw"]
    assert allowed(publishing.correct_claim, claim_id=ready.pk, **correction) == ["reopen", "publish"]
    assert allowed(publishing.withdraw_claim, claim_id=ready.pk, reason="x", **more) == ["reopen", "publish"]
    assert allowed(publishing.withdraw_claim, claim_id=gone.pk, reason="x", **more) == ["reopen"]


@pytest.mark.parametrize("table", immutable.TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_to_alter_what_was_published(table, statement):
    claim = published()
    publishing.withdraw_claim(claim_id=claim.pk, reason="The report was withdrawn.", by=DeskLeadFactory(), now=NOW)
    key = "seq" if table == "claims_change" else "id"

    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, key, key))
