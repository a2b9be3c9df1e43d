"""Nobody is alarmed because a comma became a dash; whatever is of a word or a figure still alarms."""

import pytest
from django.urls import reverse

from claims.comparison import is_only_punctuation
from claims.models import Alert, Change, Claim, QuoteCheck
from tests.claims.stories import page, signed_in
from tests.claims.watching import MINUTE, Desk
from tests.factories import ReviewerFactory

SENTENCE = "The line, which is old, cancelled 28 of its 48 crossings."


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("The line, which is old, sailed.", "The line – which is old – sailed."),
        ("The line, which is old, sailed.", "The line (which is old) sailed!"),
        ("He called it safe.", "He called it “safe”."),
        ("A well-known ship; it sank", "A well known ship: it sank..."),
        ("28 seats, of 48", "28 seats of 48,"),
        ("It fell –5 was the mark", "It fell, –5 was the mark"),
        ("on the quay", "on  the\nquay"),
    ],
)
def test_punctuation_quote_marks_and_white_space_are_no_words(quote, passage):
    assert is_only_punctuation(quote, passage)
    assert is_only_punctuation(passage, quote)


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("It fell to -5 degrees", "It fell to 5 degrees"),
        ("It fell to −5 degrees", "It fell to 5 degrees"),
        ("It fell by 2.8 points", "It fell by 28 points"),
        ("It fell by 2,800", "It fell by 2.800"),
        ("between 10-12 ships", "between 10 12 ships"),
        ("It fell by .5 points", "It fell by 5 points"),
        ("It fell by 5% in May", "It fell by 5 in May"),
        ("It cost $5 a day", "It cost €5 a day"),
        ("They can't sail", "They cant sail"),
        ("a resigned captain", "a re-signed captain"),
        ("nowhere to go", "now here to go"),
        ("the harbour", "the Harbour"),
        ("the harbour", "the har\u200bbour"),
        ("the harbour \u202dwas full", "the harbour was full"),
        ("the harbour", "the harb\u043eur"),
        ("5′ tall", "5 tall"),
        ("the harbour", "the harbour"),
    ],
)
def test_what_is_of_a_word_or_a_figure_is_no_punctuation(quote, passage):
    assert not is_only_punctuation(quote, passage)
    assert not is_only_punctuation(passage, quote)


@pytest.fixture
def desk(web):
    return Desk(web, sentences=(SENTENCE, "Two ships stayed in dock for nine weeks."))


DASHED = {", which is old,": " – which is old –"}


@pytest.mark.django_db
def test_a_comma_that_became_a_dash_is_recorded_and_alarms_nobody(desk):
    rows = Change.objects.count()
    desk.says(**DASHED)

    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    found = QuoteCheck.objects.get(evidence__claim=desk.claim)
    assert (found.result, found.is_only_punctuation, found.awaits_confirmation) == ("reworded", True, False)
    assert "only punctuation differs" in found.reason
    assert (Alert.objects.count(), Change.objects.count()) == (0, rows)
    assert desk.state() == Claim.Citability.CITABLE
    assert "punctuation" in page(signed_in(ReviewerFactory()), "desk-noise-rules")


@pytest.mark.django_db
def test_a_word_that_changes_after_a_comma_did_is_confirmed_by_looks_of_its_own(desk):
    desk.says(**DASHED)
    desk.look(after=MINUTE)
    desk.says(cancelled="called off", **DASHED)

    desk.look(after=30 * MINUTE)

    assert not Alert.objects.exists()
    desk.look(after=10 * MINUTE)
    assert desk.state() == Claim.Citability.ON_HOLD


@pytest.mark.django_db
def test_a_source_that_returns_to_its_words_with_other_punctuation_lifts_the_hold(desk):
    alert = desk.changes(_28="23")
    desk.says(**DASHED)

    desk.look(after=MINUTE)

    alert.refresh_from_db()
    assert (alert.answer, desk.state()) == ("returned", Claim.Citability.CITABLE)
    assert reverse("desk-alert", args=[alert.pk]) not in page(signed_in(ReviewerFactory()), "desk-alerts")
