"""A claim that no article brought is drafted by hand."""

import pytest
from django.urls import reverse

from claims.models import Claim
from tests.factories import EditorFactory, TopicFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/claim/new/"


def given(**other):
    return {
        "text": "The harbour lost 28 of its 48 cranes in 2024.",
        "claimants": "Ole Brandt\nThe harbour office",
        "context": "Said on the radio on 3 May 2025.",
        "priority": Claim.Priority.HIGH,
        **other,
    }


def test_the_queue_leads_to_the_page(at_desk):
    assert reverse("desk-claim-new") == ADDRESS
    assert f'href="{ADDRESS}"' in at_desk.get(reverse("desk")).content.decode()


def test_a_draft_is_a_claim_with_all_that_was_given(at_desk, reviewer):
    topic = TopicFactory()

    answer = at_desk.post(ADDRESS, given(topics=[topic.pk]))

    claim = Claim.objects.get()
    assert answer.url == reverse("desk-claim", args=[claim.code])
    assert (claim.text, claim.context) == (given()["text"], given()["context"])
    assert (claim.drafted_by, claim.workflow, claim.priority) == (reviewer, "unstarted", Claim.Priority.HIGH)
    assert {c.name for c in claim.claimants.all()} == {"Ole Brandt", "The harbour office"}
    assert [t.pk for t in claim.topics.all()] == [topic.pk]
    assert [(f.low, f.whole) for f in claim.figures.all()] == [(28, 48)]


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "x" * 20000}, {"topics": ["0"]}, {"priority": "9"}])
def test_what_is_refused_keeps_what_was_typed_and_writes_nothing(wrong, at_desk):
    TopicFactory()

    answer = at_desk.post(ADDRESS, given(**wrong))

    assert answer.status_code == 400
    assert "Said on the radio on 3 May 2025." in answer.content.decode()
    assert 'class="wrong' in answer.content.decode()
    assert not Claim.objects.exists()


def test_an_editor_cannot_draft(as_user):
    assert as_user(EditorFactory()).post(ADDRESS, given()).status_code == 403
    assert not Claim.objects.exists()
