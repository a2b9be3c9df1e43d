"""From a change to a hold: exactly the claims that rest on the changed source, after a second look."""

import itertools
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Alert, Change, Claim, Evidence, QuoteCheck
from claims.services import alerts, freshness, quotes
from claims.services.claims import edit_claim
from sources.models import Source
from tests.claims.stories import corrected
from tests.claims.watching import FILLER, MINUTE, OTHER, SENTENCE, THIRD, Desk
from tests.factories import NOW, ClaimFactory, ReviewerFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(web):
    return Desk(web)


def test_a_changed_figure_holds_the_claim_after_a_second_look_and_only_that_claim(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER)

    desk.look(after=MINUTE)
    check = QuoteCheck.objects.get(result="figure_changed")
    assert "23" in check.reason
    assert desk.state() == Claim.Citability.CITABLE

    desk.look(after=10 * MINUTE)
    assert desk.state() == Claim.Citability.ON_HOLD
    assert desk.state(desk.bystander) == Claim.Citability.CITABLE
    assert Alert.objects.get().severity == QuoteCheck.SEVERITY[QuoteCheck.Result.FIGURE_CHANGED]
    assert Change.objects.last().kind == Change.Kind.HELD
    assert '"citability":"on_hold"' in desk.claim.public_document.__class__.objects.get(claim=desk.claim).body


def test_typography_alarms_nobody(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace(" ", "\u00a0", 3), OTHER)

    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    assert desk.state() == Claim.Citability.CITABLE
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("now_says", "result"),
    [
        (SENTENCE.replace("28", "23"), "figure_changed"),
        (SENTENCE.replace("cancelled", "did not cancel"), "figure_changed"),
        (SENTENCE.replace("cancelled", "called off"), "reworded"),
        ("Passengers can now buy their tickets by telephone.", "missing"),
    ],
)
def test_what_became_of_a_quote_is_named(desk, now_says, result):
    desk.web.says("/report", FILLER, now_says, OTHER)

    desk.look(after=MINUTE)

    assert QuoteCheck.objects.get(evidence__claim=desk.claim).result == result


def test_a_source_that_says_the_sealed_words_again_lifts_the_hold_by_itself(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    desk.web.says("/report", FILLER, SENTENCE, OTHER)
    desk.look(after=MINUTE)

    assert desk.state() == Claim.Citability.CITABLE
    assert Alert.objects.get().answer == Alert.Answer.RETURNED
    assert Change.objects.last().kind == Change.Kind.HOLD_LIFTED


def test_a_page_that_is_gone_raises_an_alert_without_a_hold(desk):
    desk.web.says("/report", "Gone.", status=410)

    desk.look(after=MINUTE)
    assert desk.source.link_state == Source.LinkState.FAILING
    desk.look(after=10 * MINUTE)

    assert desk.source.link_state == Source.LinkState.DEAD
    alert = Alert.objects.get()
    assert alert.severity == 0
    assert {item.claim for item in alert.items.all()} == {desk.claim, desk.bystander}
    assert desk.state() == Claim.Citability.CITABLE


def test_a_page_that_comes_back_closes_its_alert(desk):
    desk.web.says("/report", "Gone.", status=410)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    desk.web.says("/report", FILLER, SENTENCE, OTHER)
    desk.look(after=MINUTE)

    assert Alert.objects.get().answer == Alert.Answer.RETURNED


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_failed_look_says_nothing_about_the_quotes(desk, status):
    confirmed = desk.source.last_confirmed_at
    desk.web.says("/report", "No.", status=status)

    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    assert desk.source.last_confirmed_at == confirmed
    assert not QuoteCheck.objects.exists()
    assert desk.state() == Claim.Citability.CITABLE


def test_what_one_look_found_shows_to_the_desk_and_to_nobody_else(desk):
    before = desk.told()
    desk.says(_28="23")

    desk.look(after=MINUTE)

    assert [check.evidence.claim for check in quotes.awaiting()] == [desk.claim]
    assert not Alert.objects.exists()
    assert desk.told() == before


def test_two_looks_confirm_a_change_even_where_the_rest_of_the_page_differs_between_them(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER, "Visitors today: 4071.")
    desk.look(after=MINUTE)
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER, "Visitors today: 5822.")
    desk.look(after=10 * MINUTE)

    assert desk.state() == Claim.Citability.ON_HOLD


def test_two_looks_with_two_results_confirm_nothing(desk):
    desk.says(_28="23")
    desk.look(after=MINUTE)
    desk.says(cancelled="called off")
    desk.look(after=10 * MINUTE)
    assert not Alert.objects.exists()

    desk.look(after=10 * MINUTE)
    assert Alert.objects.get().severity == QuoteCheck.SEVERITY[QuoteCheck.Result.REWORDED]


@pytest.mark.parametrize("changed", [c for n in range(4) for c in itertools.combinations(range(3), n)])
def test_exactly_the_claims_that_rest_on_what_changed_are_held(changed, web):
    desk = Desk(web, sentences=(SENTENCE, OTHER, THIRD))
    now_says = [f"Nobody knows about part {n}." if n in changed else s for n, s in enumerate(desk.sentences)]
    web.says("/report", FILLER, *now_says)

    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    held = [n for n, claim in enumerate(desk.claims) if desk.state(claim) == Claim.Citability.ON_HOLD]
    assert held == list(changed)
    assert {item.claim for alert in Alert.objects.all() for item in alert.items.all()} == {
        desk.claims[n] for n in changed
    }


def test_an_open_alert_rises_again_when_it_gets_worse_and_lists_each_quote_once(desk):
    alert = desk.changes(cancelled="called off")
    assert (alert.severity, alert.worsened_at) == (1, None)

    worse = desk.changes(_28="23")

    assert (worse.pk, worse.severity, worse.worsened_at) == (alert.pk, 3, desk.now)
    assert worse.items.get().quote_check.result == QuoteCheck.Result.FIGURE_CHANGED
    assert "23" in desk.told()["hold"]["reason"]
    assert [c.kind for c in Change.objects.order_by("-seq")[:2]] == [Change.Kind.HELD, Change.Kind.HELD]


def test_a_milder_change_is_absorbed_without_a_new_call(desk):
    desk.changes(_28="23")

    milder = desk.changes(cancelled="called off")

    assert (milder.severity, milder.worsened_at) == (1, None)


def test_a_second_changed_quote_joins_the_open_alert(desk):
    alert = desk.changes(cancelled="called off")

    joined = desk.changes(cancelled="called off", nine="eleven")

    assert joined.pk == alert.pk
    assert joined.worsened_at == desk.now
    assert joined.items.count() == 2
    assert desk.state(desk.bystander) == Claim.Citability.ON_HOLD


def test_a_source_that_returned_and_changed_again_is_raised_again(desk):
    desk.changes(_28="23")
    desk.says()
    desk.look(after=MINUTE)
    assert desk.state() == Claim.Citability.CITABLE

    again = desk.changes(_28="23")

    assert Alert.objects.count() == 2
    assert again.items.get().claim == desk.claim
    assert desk.state() == Claim.Citability.ON_HOLD


def test_only_the_claims_whose_words_returned_are_let_go(desk):
    desk.changes(_28="23", nine="eleven")

    desk.says(nine="eleven")
    desk.look(after=MINUTE)

    assert (desk.state(), desk.state(desk.bystander)) == (Claim.Citability.CITABLE, Claim.Citability.ON_HOLD)
    assert Alert.objects.get().answered_at is None


def test_a_claim_on_two_changed_sources_is_held_until_both_are_settled(web, desk):
    other = Desk(web, sentences=(THIRD,), path="/second")
    claim = with_evidence_on_both(desk, other)
    desk.changes(_28="23")
    other.now = desk.now
    other.changes(shortage="lack")
    assert "23" in Claim.objects.get(pk=claim.pk).hold_reason

    desk.now = other.now
    desk.says()
    desk.look(after=MINUTE)

    held = Claim.objects.get(pk=claim.pk)
    assert held.citability == Claim.Citability.ON_HOLD
    assert "lack" in held.hold_reason
    assert desk.state() == Claim.Citability.CITABLE


def with_evidence_on_both(desk, other):
    claim = ClaimFactory()
    with_evidence(claim, snapshot=desk.source.snapshots.get(), quote=SENTENCE)
    return published(decided(with_evidence(claim, snapshot=other.source.snapshots.get(), quote=THIRD)))


def test_evidence_attached_after_publication_holds_nothing(desk):
    Evidence.objects.filter(claim=desk.claim).update(added_at=NOW + timedelta(days=1))

    alert = desk.changes(_28="23")

    assert alert.items.get().claim == desk.claim
    assert desk.state() == Claim.Citability.CITABLE


def test_a_page_that_is_gone_says_so_in_the_freshness_until_it_is_back(desk):
    desk.web.says("/report", "Gone.", status=410)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    told = desk.told()
    assert (told["citability"], told["freshness"]["word"]) == ("citable", "evidence_changed")
    assert "capture" in told["freshness"]["reason"]
    desk.says()
    desk.look(after=MINUTE)
    assert desk.told()["freshness"]["word"] == "current"


def test_a_correction_settles_the_alert_for_its_claim(desk):
    alert = desk.changes(_28="23")
    corrected(desk.claim)

    desk.follow(after=timedelta(days=5))

    alert.refresh_from_db()
    assert alert.answer == Alert.Answer.CORRECTED
    assert desk.told()["freshness"]["word"] == "current"


def test_a_second_worker_with_the_same_news_changes_nothing(desk):
    desk.says(_28="23")
    desk.look(after=MINUTE)
    checks = list(QuoteCheck.objects.filter(awaits_confirmation=True).values_list("pk", flat=True))

    first = alerts.raise_alert(source_id=desk.source.pk, check_ids=checks, now=desk.now)
    rows = Change.objects.count()
    second = alerts.raise_alert(source_id=desk.source.pk, check_ids=checks, now=desk.now)

    assert (first.items.count(), second) == (1, None)
    assert Change.objects.count() == rows


def test_a_backlog_larger_than_one_batch_is_followed_to_its_end(desk, monkeypatch):
    monkeypatch.setattr(quotes, "CHUNK", 2)
    snapshot = desk.source.snapshots.get()
    for _ in range(5):
        with_evidence(ClaimFactory(), snapshot=snapshot, quote=SENTENCE)
    desk.says(_28="23")

    desk.look(after=MINUTE)

    assert QuoteCheck.objects.count() == 7


def test_a_quote_taken_from_an_older_snapshot_is_looked_for_in_the_newest(desk):
    old = desk.source.snapshots.get()
    desk.says(_28="23")
    desk.look(after=MINUTE)
    desk.follow(after=timedelta(days=1))
    claim = with_evidence(ClaimFactory(), snapshot=old, quote=SENTENCE)

    desk.follow()

    assert QuoteCheck.objects.get(evidence__claim=claim).result == QuoteCheck.Result.FIGURE_CHANGED


def test_a_quiet_sweep_asks_the_same_few_questions_however_much_is_watched(web, desk):
    def asked():
        with CaptureQueriesContext(connection) as asked:
            alerts.follow_changed_sources(now=desk.now)
        return len(asked)

    desk.follow(after=timedelta(days=1))
    few = asked()
    for n in range(3):
        Desk(web, path=f"/more/{n}")
    alerts.follow_changed_sources(now=desk.now)

    assert asked() <= few
    assert few < 30


def test_a_review_that_falls_due_is_told_with_the_document_and_its_etag(desk):
    claim, before = desk.claim, desk.claim.public_document.version
    edit_claim(claim_id=claim.pk, version=claim.version, by=ReviewerFactory(), now=NOW, review_by=date(2026, 5, 1))
    assert desk.told()["freshness"]["word"] == "current"

    words = []
    for day in (timedelta(days=50), timedelta(days=61), timedelta(days=61)):
        freshness.tell_what_fell_due(now=NOW + day)
        words.append(desk.told()["freshness"]["word"])

    assert words == ["due", "overdue", "overdue"]
    assert Claim.objects.get(pk=claim.pk).public_document.version == before + 2


def test_freshness_is_told_in_a_fixed_number_of_questions(desk):
    everyone = [claim.pk for claim in Claim.objects.all()]

    with CaptureQueriesContext(connection) as asked:
        freshness.tell_freshness(claim_ids=everyone, now=desk.now + timedelta(days=1))

    assert len(asked) <= 5
