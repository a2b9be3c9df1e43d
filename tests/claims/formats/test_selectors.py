"""W3C selectors of a passage: what goes out comes in again, and what is no selector is refused."""

import pytest

from claims.formats.selectors import Selected, SelectorRefused, from_selectors, to_selectors

PASSAGE = Selected("The pier lost 28 of its 48 lamps", "Then 📘: ", ", the keeper said", 41, 73)
QUOTE = {"type": "TextQuoteSelector", "exact": "28 of its 48 lamps"}


def test_a_passage_goes_out_as_words_place_and_fragment_and_comes_in_the_same():
    selectors = to_selectors(PASSAGE)

    assert [selector["type"] for selector in selectors] == [
        "TextQuoteSelector",
        "TextPositionSelector",
        "FragmentSelector",
    ]
    assert selectors[2]["value"].startswith(":~:text=The%20pier%20lost")
    assert from_selectors(selectors) == PASSAGE


def test_without_a_place_or_surroundings_only_the_words_go_out():
    assert [s["type"] for s in to_selectors(Selected("The pier lost 28 lamps"))] == [
        "TextQuoteSelector",
        "FragmentSelector",
    ]
    assert "prefix" not in to_selectors(Selected("The pier lost 28 lamps"))[0]


def test_one_selector_may_stand_alone_and_others_are_passed_over():
    assert from_selectors(QUOTE) == Selected("28 of its 48 lamps")
    assert from_selectors([{"type": "CssSelector", "value": "p"}, QUOTE]) == Selected("28 of its 48 lamps")


def test_a_place_in_other_units_leaves_the_words_to_decide():
    position = {"type": "TextPositionSelector", "start": 4, "end": 99}

    assert from_selectors([QUOTE, position]) == Selected("28 of its 48 lamps")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "28 of its 48 lamps",
        [],
        [{}],
        [{"type": "TextPositionSelector", "start": 1, "end": 2}],
        [QUOTE, QUOTE],
        {"type": "TextQuoteSelector"},
        {"type": "TextQuoteSelector", "exact": " "},
        {"type": "TextQuoteSelector", "exact": ["one", "two"]},
        {**QUOTE, "prefix": ["one", "two"]},
        {**QUOTE, "suffix": 5},
        {"type": "TextQuoteSelector", "exact": "x" * 2001},
        [QUOTE, {"type": "TextPositionSelector", "start": -1, "end": 17}],
        [QUOTE, {"type": "TextPositionSelector", "start": 9, "end": 2}],
        [QUOTE, {"type": "TextPositionSelector", "start": True, "end": 19}],
        [QUOTE, {"type": "TextPositionSelector", "start": 1.0, "end": 19}],
        [QUOTE, {"type": "TextPositionSelector", "start": 1}],
        [QUOTE, *[{"type": "TextPositionSelector", "start": 1, "end": 19}] * 2],
    ],
)
def test_what_the_model_does_not_allow_is_refused(value):
    with pytest.raises(SelectorRefused):
        from_selectors(value)
