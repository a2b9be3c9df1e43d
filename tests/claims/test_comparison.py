"""What became of a quote, over pages before and after somebody touched them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.comparison import compare_quote, quote_diff
from sources.page_class import PageKind, classify_page
from sources.parsing import ParseRefused, parse_document
from sources.text import find_quote, quote_context
from tests.claims.quote_pairs import figures, same, worded
from tests.claims.quote_pairs.pages import Pair

PAIRS = [*same.PAIRS, *figures.PAIRS, *worded.PAIRS]
ADDRESS = "https://post.ostmark.example/2019/harbour-notes"
STRANGE = {
    "not Latin": ("ספינה אחת עגנה בנמל הישן", "ספינה אחת עגנה בנמל החדש"),
    "without blanks": ("港口在春天失去了二十八个席位", "港口在秋天失去了二十八个席位"),
}


def readable_text(html: str) -> str | None:
    """The text of a page as a check would read it; None where it is no readable document."""
    try:
        parsed = parse_document(html.encode(), "text/html; charset=utf-8", ADDRESS)
    except ParseRefused:
        return None
    kind = classify_page(parsed, http_status=200, final_url=ADDRESS, url=ADDRESS, earlier_length=2_000).value
    return parsed.text if kind == PageKind.ARTICLE else None


def became(pair: Pair):
    """The result for a pair, the finding if there is one, and the text it was made on."""
    before = readable_text(pair.before)
    place = find_quote(before, pair.quote)
    prefix, suffix = quote_context(before, place.start, place.end) if pair.context else ("", "")
    after = readable_text(pair.after)
    if after is None:
        return "not_checkable", None, ""
    finding = compare_quote(quote=pair.quote, prefix=prefix, suffix=suffix, text=after)
    return finding.result, finding, after


def test_the_table_is_large_and_names_each_pair_once():
    assert len({pair.id for pair in PAIRS}) == len(PAIRS) >= 200


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_a_touched_page_is_judged_as_a_person_would(pair):
    result, finding, text = became(pair)

    assert result == pair.expected, finding
    if finding is None:
        return
    for word in pair.changed:
        assert any(word in change for change in finding.changed), finding
    if finding.start is not None:
        assert text[finding.start : finding.end] == finding.passage
    assert finding.reason


@pytest.mark.parametrize(
    "pair", [p for p in PAIRS if p.expected not in ("not_checkable", "missing")], ids=lambda p: p.id
)
def test_without_its_surroundings_a_quote_is_judged_no_milder(pair):
    text = readable_text(pair.after)

    finding = compare_quote(quote=pair.quote, prefix="", suffix="", text=text)

    assert finding.result == pair.expected or pair.id == "figure-last-word-scale", finding


def test_of_several_places_the_surroundings_decide():
    text = "In May he won 5 seats. In June he won 5 seats."

    assert compare_quote(quote="he won 5 seats", prefix="In June ", suffix=".", text=text).start == 31
    unclear = compare_quote(quote="he won 5 seats", prefix="", suffix="", text=text)
    assert (unclear.result, unclear.start) == ("intact", 7)
    assert "several places" in unclear.reason


def test_of_several_near_places_the_surroundings_decide():
    text = "In May he won 6 seats in town. In June he won 6 seats in town."

    finding = compare_quote(quote="he won 5 seats in town", prefix="In June ", suffix=".", text=text)

    assert (finding.result, finding.start) == ("figure_changed", text.rindex("he won"))


def test_a_quote_that_always_began_inside_a_word_is_intact():
    text = "The shipyards of Ostmark are full."

    assert compare_quote(quote="yards of Ost", prefix="The ship", suffix="mark are", text=text).result == "intact"
    assert compare_quote(quote="yards of Ostmark", prefix="", suffix="", text=text).result == "reworded"


def test_a_figure_at_the_end_is_read_with_the_words_after_it():
    quote = {"quote": "the repair will cost 28", "prefix": "He said ", "suffix": " million crowns."}

    assert compare_quote(**quote, text="He said the repair will cost 28 million crowns.").result == "intact"
    changed = compare_quote(**quote, text="He said the repair will cost 28 billion crowns.")
    assert (changed.result, changed.changed) == ("figure_changed", ("“28 billion” for “28 million”",))


def test_a_missing_quote_tells_what_is_nearest_without_claiming_it():
    text = "The pilots met at noon. The dredger left the northern channel in autumn."

    finding = compare_quote(quote="A dredger may deepen some channel next autumn", prefix="", suffix="", text=text)

    assert (finding.result, finding.start, finding.passage) == ("missing", None, "")
    assert text[slice(*finding.nearest)].startswith("The dredger")
    nothing = compare_quote(quote="0123456789 9876543210", prefix="", suffix="", text="other words")
    assert (nothing.result, nothing.nearest) == ("missing", None)


def test_a_swapped_name_is_told_before_the_wording():
    quote, now = "the captain thanked Berg for his careful work", "the captain thanked Dahl for his tireless work"

    finding = compare_quote(quote=quote, prefix="", suffix="", text=f"Then {now}.")

    assert [change.kind for change in finding.changes] == ["name", "wording"]
    assert finding.reason.startswith("A name differs")


@pytest.mark.parametrize("script", STRANGE)
def test_other_scripts_are_compared_too(script):
    quote, now = STRANGE[script]

    assert compare_quote(quote=quote, prefix="", suffix="", text=f"* {quote} *").result == "intact"
    if script == "without blanks":
        assert compare_quote(quote=quote, prefix="", suffix="", text=f"昨日{quote}了").result == "intact"
    assert compare_quote(quote=quote, prefix="", suffix="", text=f"* {now} *").result == "reworded"


def test_the_diff_reads_as_both_texts_and_marks_what_cannot_be_seen():
    pieces = quote_diff("it lost 28 seats", "it lost 23 sea\u200bts")

    assert "".join(p.text for p in pieces if p.kind != "inserted") == "it lost 28 seats"
    assert "⟨U+200B⟩" in "".join(p.text for p in pieces if p.kind == "inserted")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(min_size=1, max_size=30))
def test_any_text_gets_an_answer_with_a_place_in_it(text, quote):
    finding = compare_quote(quote=quote, prefix="", suffix="", text=text)

    assert finding.result in ("intact", "reworded", "figure_changed", "missing")
    assert finding.reason
    if finding.start is not None:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.passage
    if finding.nearest is not None:
        assert 0 <= finding.nearest[0] <= finding.nearest[1] <= len(text)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 999_999), st.integers(1, 999_999))
def test_no_other_number_passes_for_the_same(one, other):
    text = f"The clerk wrote that {other} crates went through the cold store that year."
    quote = f"that {one} crates went through the cold store"

    result = compare_quote(quote=quote, prefix="", suffix="", text=text).result

    assert result == ("intact" if one == other else "figure_changed")


def became_of(quote, passage):
    """What became of a quote in a text that says the passage among other things."""
    text = f"The quay opened in spring.\n{passage}\nNobody at the port was there to say more."
    return compare_quote(quote=quote, prefix="The quay opened in spring.\n", suffix="\nNobody at the port", text=text)


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("The crossing takes 30 minutes in good weather.", "The crossing takes half an hour in good weather."),
        ("The mole is 1.5 km long and has 4 lamps.", "The mole is 1,500 metres long and has 4 lamps."),
        ("The hull was sold on May 7, the yard said.", "The hull was sold on May 7th, the yard said."),
        ("The hull was sold on Sept. 7, the yard said.", "The hull was sold on 7 September, the yard said."),
        ("Some 2,500 troops camped on the pier.", "Some 2,500 soldiers camped on the pier."),
        ("Fees doubled within a year, skippers say.", "Fees doubled within one year, skippers say."),
        ("The gate shuts at 10:30 p.m. in winter.", "The gate shuts at 10.30 p.m. in winter."),
        ("Between 20 and 30 divers searched the basin.", "20 to 30 divers searched the basin."),
    ],
)
def test_the_same_value_in_other_words_is_no_changed_figure(quote, passage):
    finding = became_of(quote, passage)

    assert finding.result == "reworded", finding
    assert finding.changed


@pytest.mark.parametrize(
    ("quote", "passage", "changed"),
    [
        ("The crossing takes 30 minutes in good weather.", "The crossing takes 40 minutes in good weather.", "40"),
        ("The mole is 1.5 km long and has 4 lamps.", "The mole is 1.5 miles long and has 4 lamps.", "miles"),
        ("The council has about 48 seats to fill.", "The council has 48 seats to fill.", "48"),
        ("The hold has 28 of the 48 crates.", "The hold has 28 of the crates now.", "28 of the 48"),
        ("The gate shuts at 10:30 p.m. in winter.", "The gate shuts at 10.30 a.m. in winter.", "10.30 a.m"),
    ],
)
def test_nearly_the_same_value_is_a_changed_figure(quote, passage, changed):
    finding = became_of(quote, passage)

    assert finding.result == "figure_changed", finding
    assert any(changed in change for change in finding.changed)


@pytest.mark.parametrize(
    ("quote", "passage", "is_only_punctuation"),
    [
        ("The quay, built in 1931, leaks badly.", "The quay – built in 1931 – leaks badly.", True),
        ("The quay leaks; the mayor knows it.", "The quay leaks. the mayor knows it!", True),
        ("The well-known quay leaks badly.", "The well known quay leaks badly.", True),
        ("The quay leaks; the mayor knows it.", "The Quay leaks, the mayor knows it.", False),
        ("The quay, built in 1931, leaks badly.", "The quay - built in 1913 - leaks badly.", False),
        ("The quay lost 5% of its berths, he said.", "The quay lost 5 of its berths - he said.", False),
        ("The pool was -4 degrees, divers said.", "The pool was 4 degrees - divers said.", False),
    ],
)
def test_a_comma_that_became_a_dash_alarms_nobody(quote, passage, is_only_punctuation):
    finding = became_of(quote, passage)

    assert finding.result in ("reworded", "figure_changed")
    assert finding.is_only_punctuation is is_only_punctuation
    assert (finding.reason == "Only punctuation differs.") is is_only_punctuation


@pytest.mark.parametrize(
    ("quote", "row", "result", "changed"),
    [
        ("In the vote, Ostmark lost 28 of its 48 seats.", "Ostmark\t28\t20", "reworded", ()),
        (
            "In the vote, Ostmark lost 28 of its 48 seats.",
            "Ostmark\t23\t25",
            "figure_changed",
            ("“23” for “28 of its 48”",),
        ),
        ("In the vote, Ostmark lost 28 seats and held 20.", "Ostmark | 28 | 20", "reworded", ()),
        ("In the vote, Ostmark did not lose 28 seats.", "Ostmark\t28\t20", "missing", ()),
        ("In the vote, Ostmark lost 28 of its 48 seats.", "Westmark\t28\t20", "missing", ()),
        ("In the vote, Ostmark lost 28 of its 48 seats.", "Ostmark\t-\t20", "missing", ()),
    ],
)
def test_a_sentence_turned_into_a_table_is_sought_in_its_rows(quote, row, result, changed):
    text = f"Who sits in the council\nParty\tLost\tHeld\nQuay Union\t3\t17\n{row}\nThe council meets in May."

    finding = compare_quote(quote=quote, prefix="Long talks are ahead. ", suffix=" The mayor left.", text=text)

    assert (finding.result, finding.changed) == (result, changed), finding
    if result != "missing":
        assert text[finding.start : finding.end] == finding.passage == row
