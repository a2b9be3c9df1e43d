"""Alerts: the sealed words beside the present ones, and an answer for the claims that are ticked."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Alert, AlertItem, Claim, NoiseRule, QuoteCheck
from claims.services.alerts import raise_alert
from claims.services.citing import record_use
from claims.services.quotes import check_quotes
from tests.factories import NOW, PAGE, PASSAGE, EditorFactory, SnapshotFactory, decided, published, with_evidence

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


def test_noise_is_taken_back_from_the_page_it_was_answered_on(alert, at_desk):
    everything(at_desk, alert, answer="noise", note="A typing error.")

    given = alert.answers.get()
    assert "put their holds back" in body(at_desk.get(reverse("desk-alert", args=[alert.pk])))
    at_desk.post(reverse("desk-answer-undo", args=[given.pk]))

    assert set(Claim.objects.values_list("citability", flat=True)) == {Claim.Citability.ON_HOLD}


def test_a_changed_figure_gets_no_proposal_of_a_rule_and_says_why(alert, at_desk):
    everything(at_desk, alert, answer="noise", note="A typing error.")

    page = body(at_desk.get(reverse("desk-alert", args=[alert.pk])))
    assert "No rule can hide such changes" in page
    refused = at_desk.post(reverse("desk-noise-rule-make", args=[alert.answers.get().pk]), {"kind": "exact"})
    assert refused.status_code == 302
    assert not NoiseRule.objects.exists()


def test_a_rule_is_made_from_the_alert_and_ended_from_the_list_of_rules(alert, at_desk):
    QuoteCheck.objects.update(result="reworded", passage=PASSAGE.replace("counted", "tallied"))
    everything(at_desk, alert, answer="noise", note="They polish their style.")
    assert "“tallied” for “counted”" in body(at_desk.get(reverse("desk-alert", args=[alert.pk])))

    at_desk.post(reverse("desk-noise-rule-make", args=[alert.answers.get().pk]), {"kind": "exact"})
    assert "They polish their style." in body(at_desk.get(reverse("desk-noise-rules")))
    at_desk.post(reverse("desk-noise-rule-end", args=[NoiseRule.objects.get().pk]))

    assert NoiseRule.objects.get().ended_at is not None


def test_articles_that_cite_a_listed_claim_stand_on_the_alert(alert, at_desk):
    claim = alert.items.first().claim
    record_use(
        claim_id=claim.pk, article_url="https://tidewater.example/piece", article_title="Arrivals rise",
        by=EditorFactory(), now=NOW,
    )  # fmt: skip

    assert "Arrivals rise" in body(at_desk.get(reverse("desk-alert", args=[alert.pk])))
    assert "1 of them cited in articles" in body(at_desk.get(reverse("desk-alerts")))


def test_what_is_being_confirmed_is_shown_on_list_source_and_claim(at_desk):
    first = SnapshotFactory()
    claim = published(decided(with_evidence(snapshot=first)))
    now = SnapshotFactory(source=first.source, text=PAGE.replace("412", "398"), fetched_at=NOW + timedelta(minutes=1))
    check_quotes(now=now.fetched_at)

    for name, argument in (
        ("desk-alerts", []),
        ("desk-source", [first.source_id]),
        ("desk-claim", [claim.code]),
    ):
        assert "being confirmed" in body(at_desk.get(reverse(name, args=argument))).lower()


def test_a_source_that_moved_is_followed_from_the_alert(alert, at_desk):
    everything(at_desk, alert, answer="moved", note="Archived.", address="https://tidewater.example/archive")

    page = at_desk.get(reverse("desk-alert", args=[alert.pk]))
    assert page.context["alert"].source.url == "https://tidewater.example/archive"
    assert "Waits for the look at the new address" in body(page)


def test_an_alert_told_to_wait_stands_apart(alert, at_desk):
    day = timezone.localdate() + timedelta(days=7)

    everything(at_desk, alert, answer="wait", note="They promised an answer.", wait_until=day.isoformat())

    assert not list(at_desk.get(reverse("desk-alerts")).context["page"])
    assert list(at_desk.get(reverse("desk-alerts"), {"show": "waiting"}).context["page"]) == [alert]


def test_an_unreadable_day_is_refused_beside_its_field(alert, at_desk):
    refused = everything(at_desk, alert, answer="wait", note="Later.", wait_until="soon")

    assert refused.status_code == 400
    assert refused.context["form"].errors["wait_until"]


def test_the_pages_ask_the_same_number_of_questions_however_many_alerts_and_items_there_are(
    alert, at_desk, django_assert_max_num_queries
):
    for address in (reverse("desk-alerts"), reverse("desk-alert", args=[alert.pk])):
        with CaptureQueriesContext(connection) as few:
            at_desk.get(address)
        for _ in range(3):
            Alert.objects.create(source=SnapshotFactory().source, reason="It changed.", opened_at=NOW)
            item = alert.items.first()
            AlertItem.objects.create(alert=alert, claim=item.claim, listed_at=NOW, quote_check=again(item.quote_check))
        with django_assert_max_num_queries(len(few)):
            at_desk.get(address)


def again(check):
    check = QuoteCheck.objects.get(pk=check.pk)
    check.pk, check.snapshot = None, SnapshotFactory(source=check.snapshot.source)
    check.save()
    return check


def test_an_answer_to_an_alert_that_changed_meanwhile_is_refused_with_what_it_says_now(alert, at_desk):
    seen = at_desk.get(reverse("desk-alert", args=[alert.pk])).context["seen"]
    other = AlertItem.objects.first().quote_check
    newer = SnapshotFactory(source=alert.source, text=PAGE.replace("412", "12"))
    worse = QuoteCheck.objects.create(
        evidence=other.evidence, snapshot=newer, result="figure_changed", checked_at=NOW, first_seen_at=NOW,
        passage=PASSAGE.replace("412", "12"), reason="A figure differs: “12” for “412”.", awaits_confirmation=True,
    )  # fmt: skip
    raise_alert(source_id=alert.source_id, check_ids=[worse.pk], now=NOW)

    refused = everything(at_desk, alert, seen=seen, answer="noise", note="A typing error.")

    assert refused.status_code == 409
    assert "changed while you were answering" in body(refused)
    assert "“12” for “412”" in body(refused)
    assert set(Claim.objects.values_list("citability", flat=True)) == {"on_hold"}
    everything(at_desk, alert, seen=refused.context["seen"], answer="noise", note="A typing error.")
    assert set(Claim.objects.values_list("citability", flat=True)) == {"citable"}


def test_what_changed_in_the_page_is_one_click_from_the_alert(alert, at_desk):
    check = AlertItem.objects.first().quote_check
    ends = f"?from={check.evidence.snapshot_id}&to={check.snapshot_id}"
    address = reverse("desk-source-differences", args=[alert.source_id]) + ends

    assert address in body(at_desk.get(reverse("desk-alert", args=[alert.pk])))
    assert "398" in body(at_desk.get(address))
