"""Finding claims in the database: what is near a text, what a search finds, and for whom."""

import pytest
from django.contrib.auth.models import AnonymousUser

from claims.services import matching, searching
from claims.services.claims import draft_claim, edit_claim, merge_claim
from tests.factories import NOW, ClaimantFactory, ClaimFactory, ReviewerFactory, decided, published

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()


def near(text, *, by, **asked):
    return matching.similar_claims(text=text, visible_to=by, now=NOW, **asked)


def found(query, *, by=ANYONE, filters=None, **asked):
    return searching.search_claims(query, filters, visible_to=by, now=NOW, **asked)


def test_a_claim_is_found_as_soon_as_it_is_saved():
    desk = ReviewerFactory()
    assert near("Wolves killed ninety sheep", by=desk) == []

    claim = ClaimFactory(text="Wolves killed 90 sheep on the Dunmere hills.")

    match = near("ninety sheep were killed by wolves at Dunmere", by=desk)[0]
    assert match.claim == claim
    assert "Dunmere" in match.reason


def test_the_public_finds_only_what_is_published_by_what_was_published():
    draft = ClaimFactory(text="Wolves killed 90 sheep on the Dunmere hills.")
    claim = published(decided())
    text = claim.text
    claim.text = "Something else entirely about zeppelins."
    claim.save()

    assert near(draft.text, by=ANYONE) == []
    assert near(text, by=ANYONE)[0].claim == claim
    assert found("zeppelins").found == []
    assert found("arrivals").found[0].told.text == text
    assert found("zeppelins", by=claim.drafted_by).found[0].claim == claim


def test_words_phrases_exclusions_and_fields():
    desk = ReviewerFactory()
    ekblad = ClaimantFactory(name="Tove Ekblad", slug="tove-ekblad")
    first = ClaimFactory(text="Lindvale closed 14 of its 52 schools after the merger.")
    first.claimants.add(ekblad)
    second = ClaimFactory(text="After the merger of schools Lindvale opened a library.")

    def numbers(query):
        return [one.claim for one in found(query, by=desk).found]

    assert set(numbers("lindvale school")) == {first, second}
    assert numbers('"closed 14"') == [first]
    assert numbers("lindvale -library") == [first]
    assert numbers("claimant:ekblad") == [first]
    assert numbers("claimant:tove-ekblad schools") == [first]
    assert numbers("libary") == [second]
    assert numbers("libr") == [second]


def test_a_figure_is_found_by_its_number():
    desk = ReviewerFactory()
    claim = draft_claim(text="Lindvale closed 28 of its 48 schools.", by=desk, now=NOW)
    draft_claim(text="Lindvale closed 41,000 wells.", by=desk, now=NOW)

    assert [one.claim for one in found("figure:28", by=desk).found] == [claim]
    assert [one.claim for one in found("figure:48 schools", by=desk).found] == [claim]
    assert found("figure:41,000", by=desk).total == 1
    assert found("41000", by=desk).total == 1


def test_what_was_found_is_marked_by_spans():
    claim = ClaimFactory(text="Wölfe töteten 90 Schafe.", language="de")
    one = found("schaf", by=claim.drafted_by).found[0]

    assert [one.told.text[start:end] for start, end in one.text_spans] == ["Schafe"]


def test_pages_go_on_after_the_last_claim_whatever_is_saved_in_between():
    desk = ReviewerFactory()
    claims = [ClaimFactory(text=f"Harbour number {n} counted arrivals.", drafted_by=desk) for n in range(7)]
    seen, cursor = [], None
    while True:
        page = found("harbour arrivals", by=desk, size=3, cursor=cursor)
        seen += [one.claim for one in page.found]
        ClaimFactory(text="Another harbour counted many more arrivals of another kind.", drafted_by=desk)
        cursor = page.next_cursor
        if not cursor or len(seen) > 20:
            break

    assert len(seen) == len(set(seen))
    assert set(claims) <= set(seen)


def test_counts_stand_beside_what_is_found():
    desk = ReviewerFactory()
    published(decided())
    ClaimFactory(text="The harbour counted no arrivals in June.")

    page = found("harbour", by=desk)
    public = found("harbour")

    assert {one.value: one.count for one in page.facets["citability"]} == {"citable": 1, "not_citable": 1}
    assert [(one.value, one.label, one.count) for one in public.facets["verdict"]] == [("correct", "Correct", 1)]
    assert "workflow" not in public.facets


def test_a_merged_claim_is_found_as_its_target():
    desk = ReviewerFactory()
    target = ClaimFactory(text="The list lost 28 of its 48 seats.")
    merged = ClaimFactory(text="Fatah was beaten in more than half its constituencies.")
    merge_claim(claim_id=merged.pk, into_id=target.pk, by=desk, now=NOW)

    assert near("Fatah beaten in half of the constituencies", by=desk)[0].claim == target


def test_an_edit_is_followed():
    desk = ReviewerFactory()
    claim = ClaimFactory(text="Wolves killed 90 sheep.", drafted_by=desk)
    assert near("ninety sheep killed by wolves", by=desk)

    edit_claim(claim_id=claim.pk, version=claim.version, by=desk, now=NOW, text="Bears ate nine goats.")

    assert near("ninety sheep killed by wolves", by=desk) == []
    assert near("bears ate goats", by=desk)[0].claim == claim


@pytest.mark.parametrize(
    "query",
    ["", "the of and", "%_\\", '"unbalanced', "-", "--", '""', "claimant:", "figure:x", "😀", "\x00", "x" * 10_000,
     "a:b:c", "AND OR NOT (", "*:*", "\ud800", "-the", "verdict:nothing", '"" -""', "٢٨ مقعدا", "מושבים"],
)  # fmt: skip
def test_no_query_is_an_error(query):
    desk = ReviewerFactory()
    ClaimFactory(text="Wolves killed 90 sheep.")

    found(query, by=desk)
    found(query)
    near(query, by=desk)
