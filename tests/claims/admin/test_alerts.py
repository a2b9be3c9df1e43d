"""Alerts: the sealed words beside the present ones, and an answer for the claims that are ticked."""

import html

import pytest
from django.urls import reverse

from claims.models import Alert, Claim, QuoteCheck
from claims.services.alerts import raise_alert
from tests.factories import NOW, PAGE, PASSAGE, SnapshotFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db


def body(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def alert():
    """Return an alert on two published claims whose source changed its figure."""
    first = SnapshotFactory()
    now = SnapshotFactory(source=first.source, text=PAGE.replace("412", "398"))
    for _ in range(2):
        claim = published(decided(with_evidence(snapshot=first)))
        check = QuoteCheck.objects.create(
            evidence=claim.evidence.get(), snapshot=now, result="figure_changed", checked_at=NOW,
            passage=PASSAGE.replace("412", "398"), reason="A figure differs: “398” for “412”.",
            start=PAGE.index(PASSAGE), end=PAGE.index(PASSAGE) + len(PASSAGE),
            first_seen_at=NOW, awaits_confirmation=True,
        )  # fmt: skip
        raised = raise_alert(source_id=first.source_id, check_ids=[check.pk], now=NOW)
    return raised


def answer(client, alert, **given):
    return client.post(reverse("desk-alert-answer", args=[alert.pk]), given)


def everything(client, alert, **given):
    return answer(client, alert, claims=list(alert.items.values_list("claim", flat=True)), **given)


def test_the_changed_figure_stands_out_on_both_sides(alert, at_desk):
    items = at_desk.get(reverse("desk-alert", args=[alert.pk])).context["items"]

    assert [run.text for run in items[0].before if run.differs and run.is_figure] == ["412"]
    assert [run.text for run in items[0].after if run.differs and run.is_figure] == ["398"]


def test_an_answer_concerns_the_ticked_claims_alone(alert, at_desk):
    first, second = (item.claim for item in alert.items.all())

    answer(at_desk, alert, answer="noise", note="A typing error since corrected.", claims=[first.pk])

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.citability == Claim.Citability.CITABLE
    assert second.citability == Claim.Citability.ON_HOLD
    alert.refresh_from_db()
    assert alert.answer == ""
    page = at_desk.get(reverse("desk-alert", args=[alert.pk]))
    assert [claim for claim, _ in page.context["claims"]] == [second]


def test_failed_verification_reopens_the_claims(alert, at_desk):
    listed = [item.claim for item in alert.items.all()]

    answer(at_desk, alert, answer="failed_verification", note="The figure is 398.", claims=[c.pk for c in listed])

    assert set(Claim.objects.values_list("workflow", flat=True)) == {"reopened"}


@pytest.mark.parametrize(
    ("given", "field"), [({"note": "Kept note."}, "answer"), ({"answer": "noise", "note": " "}, "note")]
)
def test_an_incomplete_answer_is_refused_beside_its_field(given, field, alert, at_desk):
    first = alert.items.first().claim

    refused = answer(at_desk, alert, claims=[first.pk], **given)

    assert refused.context["form"].errors[field]
    assert given["note"].strip() in body(refused)
    assert [ticked for _, ticked in refused.context["claims"]] == [True, False]
    alert.refresh_from_db()
    assert alert.answered_at is None


def test_a_second_answer_is_refused(alert, at_desk):
    everything(at_desk, alert, answer="noise", note="Nothing changed for us.")

    refused = everything(at_desk, alert, answer="noise", note="Again.")

    assert refused.status_code == 409


def test_open_and_answered_alerts_are_listed_apart(alert, at_desk):
    open_page = reverse("desk-alerts")
    assert list(at_desk.get(open_page).context["page"]) == [alert]

    everything(at_desk, alert, answer="noise", note="Nothing changed for us.")

    assert not list(at_desk.get(open_page).context["page"])
    assert list(at_desk.get(open_page, {"show": "answered"}).context["page"]) == [alert]


def test_an_alert_shows_on_the_first_page_and_on_the_claim(alert, at_desk):
    claim = alert.items.first().claim

    assert str(alert.source) in body(at_desk.get(reverse("desk")))
    assert alert.reason in body(at_desk.get(reverse("desk-claim", args=[claim.code])))
    assert Alert.objects.count() == 1
