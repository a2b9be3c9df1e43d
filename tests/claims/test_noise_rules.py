"""Noise: a rule hides one kind of rewording in one source, never a figure, and only for a time."""

from datetime import timedelta

import pytest

from claims.errors import AlertRefused
from claims.models import Alert, NoiseRule, QuoteCheck
from claims.noise import changed_words, why_not_hidden
from claims.services import answers, noise
from tests.claims.watching import MINUTE, OTHER, Desk
from tests.factories import ClaimFactory, ReviewerFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(web):
    return Desk(web, sentences=("The older ship stayed in dock for weeks.", "The newer ship stayed at sea for weeks."))


def dismissed(desk, **changes):
    alert = desk.changes(**changes)
    return answers.answer_alert(
        alert_id=alert.pk, answer="noise", note="They polish their style.", by=ReviewerFactory(), now=desk.now
    )


def ruled(desk, kind="exact"):
    given = dismissed(desk, **{"The older ship stayed": "The older ship remained"})
    return noise.make_rule(answer_id=given.pk, kind=kind, by=ReviewerFactory(), now=desk.now)


def both_changed(desk, word):
    desk.says(stayed=word)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)
    return Alert.objects.filter(answered_at=None)


def test_a_rule_hides_the_same_change_elsewhere_in_the_source_and_says_that_it_did(desk):
    rule = ruled(desk)

    assert not both_changed(desk, "remained")

    hidden = QuoteCheck.objects.get(hidden_by=rule)
    assert hidden.evidence.claim == desk.bystander


@pytest.mark.parametrize(("kind", "is_raised"), [("exact", True), ("sealed", False)])
def test_an_exact_rule_hides_those_words_and_the_wider_one_any_in_their_place(kind, is_raised, desk):
    ruled(desk, kind)

    assert both_changed(desk, "lingered").exists() is is_raised


def test_a_rule_that_expired_hides_nothing_more(desk):
    rule = ruled(desk)
    both_changed(desk, "remained")

    desk.follow(after=timedelta(days=90))

    assert rule.expires_at <= desk.now
    assert Alert.objects.get(answered_at=None).items.get().claim == desk.bystander


def test_a_rule_is_ended_by_hand_once(desk):
    rule = ruled(desk)
    both_changed(desk, "remained")

    noise.end_rule(rule_id=rule.pk, by=ReviewerFactory(), now=desk.now)
    desk.follow()

    assert Alert.objects.filter(answered_at=None).exists()
    with pytest.raises(AlertRefused, match="ended already"):
        noise.end_rule(rule_id=rule.pk, by=ReviewerFactory(), now=desk.now)


def test_taking_the_answer_back_ends_its_rule(desk):
    rule = ruled(desk)

    answers.undo_answer(answer_id=rule.answer_id, by=ReviewerFactory(), now=desk.now)

    assert not NoiseRule.objects.active(desk.now).exists()


def test_a_rule_is_for_its_source_alone(desk, web):
    ruled(desk)
    other = Desk(web, sentences=("The newer ship stayed at sea for weeks.",), path="/elsewhere")

    assert other.changes(stayed="remained")


def test_a_proposal_shows_which_past_changes_it_would_have_hidden(desk):
    given = dismissed(desk, stayed="remained")

    proposal = noise.propose_rule(answer=given)

    assert proposal.changes == [("stayed", "remained")]
    assert len(proposal.hides["exact"]) == len(proposal.hides["sealed"]) == 2


def test_a_changed_figure_is_never_hidden(web):
    desk = Desk(web, sentences=(OTHER,))
    given = dismissed(desk, nine="eleven")

    assert "Only a rewording" in noise.propose_rule(answer=given).refusal
    with pytest.raises(AlertRefused, match="Only a rewording"):
        noise.make_rule(answer_id=given.pk, kind="exact", by=ReviewerFactory(), now=desk.now)


@pytest.mark.parametrize(
    ("quote", "passage", "why"),
    [
        ("It lost 28 boats.", "It lost 23 boats.", "figure"),
        ("Two ships sailed.", "Three ships sailed.", "figure"),
        ("It did sail.", "It did not sail.", "negation"),
        ("Late in May, Hamas won.", "Late in May, Fatah won.", "name"),
        ("It sailed.", "It sailed.", "Nothing"),
    ],
)
def test_a_figure_a_name_or_a_negation_is_never_called_noise(quote, passage, why):
    assert why in why_not_hidden(changed_words(quote, passage))


def test_a_hidden_rewording_becomes_an_alert_when_the_figure_changes_after_all(web):
    desk = Desk(web, sentences=("The line cancelled 28 of its 48 crossings.",))
    given = dismissed(desk, cancelled="scrapped")
    noise.make_rule(answer_id=given.pk, kind="exact", by=ReviewerFactory(), now=desk.now)
    snapshot = desk.source.snapshots.earliest("fetched_at")
    published(decided(with_evidence(ClaimFactory(), snapshot=snapshot, quote=desk.sentences[0])))

    alert = desk.changes(cancelled="scrapped", _28="23")

    assert alert.items.count() == 2
