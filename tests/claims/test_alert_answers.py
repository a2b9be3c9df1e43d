"""What a person's answer to an alert does, for the claims that are ticked, and what can be taken back."""

import json
from datetime import date, timedelta

import pytest

from claims.errors import AlertRefused, NotPermitted
from claims.models import Alert, AlertAnswer, Change, Claim, QuoteCheck
from claims.services.answers import answer_alert, undo_answer
from sources.models import Source
from sources.services.sources import register_source
from tests.claims.watching import MINUTE, SENTENCE, Desk
from tests.factories import NOW, DeskLeadFactory, EditorFactory, ReviewerFactory

pytestmark = pytest.mark.django_db

ON_HOLD, CITABLE = Claim.Citability.ON_HOLD, Claim.Citability.CITABLE


@pytest.fixture
def desk(web):
    return Desk(web)


def answered(desk, answer, *, by=None, note="I read the page.", **given):
    alert = Alert.objects.get(source=desk.source, answered_at=None)
    return answer_alert(alert_id=alert.pk, answer=answer, note=note, by=by or ReviewerFactory(), now=desk.now, **given)


def test_noise_lifts_the_hold_and_is_not_raised_again_while_the_passage_reads_the_same(desk):
    alert = desk.changes(_28="23")

    answered(desk, "noise", note="A slip of the page's editor.")

    assert desk.state() == CITABLE
    assert desk.told()["freshness"]["word"] == "current"
    last = json.loads(desk.last_change().body)
    assert (last["kind"], last["cause"], last["actor"]) == ("claim.hold_lifted", "decision", "person")
    desk.look(after=10 * MINUTE)
    assert desk.state() == CITABLE
    with pytest.raises(AlertRefused, match="already"):
        answer_alert(alert_id=alert.pk, answer="noise", note="Again.", by=ReviewerFactory(), now=desk.now)


@pytest.mark.parametrize("answer", ["noise", "same_meaning", "failed_verification"])
def test_what_is_not_ticked_stays_listed_and_on_hold(answer, desk):
    alert = desk.changes(cancelled="called off", stayed="remained")

    answered(desk, answer, except_claims=frozenset({desk.bystander.pk}))

    assert desk.state(desk.bystander) == ON_HOLD
    alert.refresh_from_db()
    assert alert.answered_at is None
    assert [item.claim for item in alert.items.unanswered()] == [desk.bystander]
    answered(desk, "noise")
    alert.refresh_from_db()
    assert (alert.answer, desk.state(desk.bystander)) == ("noise", CITABLE)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer": "shrug"}, "answer"),
        ({"answer": "returned"}, "answer"),
        ({"answer": "noise", "note": " "}, "note"),
        ({"answer": "moved"}, "address"),
        ({"answer": "moved", "address": "ftp://tidewater.example/report"}, "address"),
        ({"answer": "wait"}, "wait_until"),
        ({"answer": "wait", "wait_until": date(2026, 3, 2)}, "wait_until"),
        ({"answer": "wait", "wait_until": date(2026, 9, 1)}, "wait_until"),
        ({"answer": "same_meaning"}, "answer"),
    ],
)
def test_an_answer_that_lacks_something_is_refused_at_its_field_and_changes_nothing(given, field, desk):
    desk.changes(_28="23")
    changes = Change.objects.count()

    with pytest.raises(AlertRefused) as refused:
        answered(desk, **given)

    assert refused.value.field == field
    assert (Change.objects.count(), AlertAnswer.objects.count(), desk.state()) == (changes, 0, ON_HOLD)


@pytest.mark.parametrize("answer", ["noise", "same_meaning"])
def test_the_world_is_told_that_a_hold_ended_but_not_what_the_reviewer_noted(answer, desk):
    desk.changes(cancelled="called off")

    answered(desk, answer, note="Marta rang the office: a slip.")

    last = desk.last_change().body
    assert json.loads(last)["after"]["reason"].startswith("A reviewer read the source")
    assert "Marta" not in last + json.dumps(desk.told())


def test_answering_takes_a_reviewer(desk):
    desk.changes(_28="23")

    with pytest.raises(NotPermitted):
        answered(desk, "noise", by=EditorFactory())


def test_noise_answered_by_mistake_is_taken_back_with_its_holds(desk):
    alert = desk.changes(_28="23")
    given = answered(desk, "noise")

    undo_answer(answer_id=given.pk, by=ReviewerFactory(), now=desk.now)

    alert.refresh_from_db()
    assert (alert.answered_at, desk.state()) == (None, ON_HOLD)
    assert "23" in desk.told()["hold"]["reason"]
    assert desk.state(desk.bystander) == CITABLE
    with pytest.raises(AlertRefused, match="already"):
        undo_answer(answer_id=given.pk, by=ReviewerFactory(), now=desk.now)


def test_what_changed_more_than_a_hold_is_not_taken_back(desk):
    desk.changes(_28="23")
    given = answered(desk, "failed_verification")

    with pytest.raises(AlertRefused, match="cannot be taken back"):
        undo_answer(answer_id=given.pk, by=ReviewerFactory(), now=desk.now)


def test_failed_verification_reopens_the_claim_which_stays_on_hold_whatever_else_is_settled(desk):
    desk.changes(_28="23")

    answered(desk, "failed_verification", note="The office corrected its table.")

    claim = Claim.objects.get(pk=desk.claim.pk)
    assert (claim.workflow, claim.citability) == (Claim.Workflow.REOPENED, ON_HOLD)
    desk.says(_28="21")
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)
    answered(desk, "noise")
    assert desk.state() == ON_HOLD


def test_a_moved_source_is_looked_at_there_and_closes_its_alert_when_the_words_stand_there(desk):
    alert = desk.changes(_28="23")
    new = desk.web.url("/archive/report")

    answered(desk, "moved", address=f"{new}#top", note="It is in the archive now.")

    source = Source.objects.get(pk=desk.source.pk)
    assert (source.url, source.next_check_at) == (new, desk.now)
    alert.refresh_from_db()
    assert (alert.answered_at, desk.state()) == (None, ON_HOLD)
    desk.path = "/archive/report"
    desk.says()
    desk.look(after=MINUTE)
    alert.refresh_from_db()
    assert (alert.answer, desk.state()) == ("moved", CITABLE)
    assert "archive" in alert.answer_note


def test_a_moved_source_that_says_something_else_there_keeps_its_alert(desk):
    alert = desk.changes(_28="23")
    answered(desk, "moved", address=desk.web.url("/archive/report"))

    desk.path = "/archive/report"
    desk.says(_28="23")
    desk.look(after=MINUTE)

    alert.refresh_from_db()
    assert (alert.answered_at, desk.state()) == (None, ON_HOLD)


def test_a_gone_source_that_moved_is_settled_by_the_look_at_its_new_address(desk):
    desk.web.says("/report", "Gone.", status=410)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)
    answered(desk, "moved", address=desk.web.url("/archive/report"))

    desk.path = "/archive/report"
    desk.says()
    desk.look(after=MINUTE)

    assert Alert.objects.get().answer == "moved"
    assert desk.told()["freshness"]["word"] == "current"


def test_an_address_that_is_another_source_is_refused_with_its_number(desk):
    desk.changes(_28="23")
    other, _ = register_source(url=desk.web.url("/other"), by=None, now=NOW)

    with pytest.raises(AlertRefused, match=f"source no. {other.pk}") as refused:
        answered(desk, "moved", address=other.url)

    assert refused.value.facts["source"] == other.pk
    assert Source.objects.get(pk=desk.source.pk).url == desk.source.url


def test_the_same_meaning_seals_the_verdict_anew_on_the_present_words(desk):
    desk.changes(cancelled="called off")
    verdict = desk.claim.verdicts.get()
    first_seal = verdict.seals.get()

    answered(desk, "same_meaning", note="“Called off” is what cancelled means.")

    evidence = desk.claim.evidence.get()
    assert evidence.quote == SENTENCE.replace("cancelled", "called off")
    assert evidence.history.last().quote == SENTENCE
    newest = verdict.seals.first()
    assert newest != first_seal
    assert "called off" in newest.document
    told = desk.told()
    assert (told["citability"], told["seal_sha256"]) == ("citable", newest.sha256)
    last = json.loads(desk.last_change().body)
    assert (last["kind"], last["cause"], last["actor"]) == ("claim.hold_lifted", "recheck", "person")
    desk.look(after=20 * MINUTE)
    assert not Alert.objects.filter(answered_at=None).exists()


def test_the_words_sealed_before_are_a_change_once_the_verdict_is_sealed_anew(desk):
    desk.changes(cancelled="called off")
    answered(desk, "same_meaning")

    desk.says()
    desk.look(after=MINUTE)
    assert desk.state() == CITABLE
    desk.look(after=10 * MINUTE)

    assert desk.state() == ON_HOLD


def test_that_another_figure_means_the_same_is_for_a_desk_lead_who_is_no_author(desk):
    desk.changes(_28="23")

    with pytest.raises(AlertRefused, match="desk lead"):
        answered(desk, "same_meaning")
    answered(desk, "same_meaning", by=DeskLeadFactory())

    assert desk.state() == CITABLE
    assert "23" in desk.claim.evidence.get().quote


def test_what_is_missing_or_gone_cannot_be_sealed(desk):
    desk.changes(**{SENTENCE: "Tickets are sold by telephone."})

    with pytest.raises(AlertRefused, match="nothing like the quote"):
        answered(desk, "same_meaning", by=DeskLeadFactory())


def test_an_alert_told_to_wait_is_out_of_sight_until_its_day_and_its_hold_stays(desk):
    alert = desk.changes(cancelled="called off")

    given = answered(desk, "wait", wait_until=date(2026, 3, 9))

    assert not Alert.objects.calling(desk.now)
    assert desk.state() == ON_HOLD
    assert list(Alert.objects.calling(desk.now + timedelta(days=7))) == [alert]
    undo_answer(answer_id=given.pk, by=ReviewerFactory(), now=desk.now)
    assert list(Alert.objects.calling(desk.now)) == [alert]


def test_a_waiting_alert_comes_back_earlier_when_it_gets_worse(desk):
    desk.changes(cancelled="called off")
    answered(desk, "wait", wait_until=date(2026, 3, 9))

    worse = desk.changes(_28="23")

    assert list(Alert.objects.calling(desk.now)) == [worse]


def test_a_swapped_name_is_listed_before_a_plain_rewording(web):
    desk = Desk(web, sentences=("The ferry of Aldmoor lay idle in port all week.", "Later Brandt blamed the crew."))

    alert = desk.changes(idle="unused", Brandt="Keller")

    assert alert.reason.startswith("A name differs")
    assert QuoteCheck.objects.filter(result="reworded").count() == 2
