"""What differs between two texts: complete, in reading order, figures apart, and bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.differences import Kind, Piece, compare, diff_words, fold

SAME, DELETED, INSERTED, FOLDED = Kind.SAME, Kind.DELETED, Kind.INSERTED, Kind.FOLDED
WORDS = st.lists(
    st.sampled_from(
        ["the", "a", "lost", "28", "29", "of", "48", "seats", ".", "(", "\n", "3.5", "席", "–", "“", "won"]
    ),
    max_size=60,
)


def sides(pieces):
    """Both texts, put together again from what differs."""
    return (
        "".join(piece.text for piece in pieces if piece.kind is not INSERTED),
        "".join(piece.text for piece in pieces if piece.kind is not DELETED),
    )


def changes(before, after):
    return [(piece.kind, piece.text) for piece in diff_words(before, after) if piece.kind is not SAME]


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_both_texts_can_be_read_out_of_what_differs(before, after):
    assert sides(diff_words(before, after)) == (before, after)


@given(st.text(max_size=60), st.text(max_size=60))
def test_so_can_texts_of_any_characters(before, after):
    assert sides(diff_words(before, after)) == (before, after)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("The party lost 28 of 48 seats.", "The party lost 27 of 48 seats.", [(DELETED, "28"), (INSERTED, "27")]),
        ("He did agree.", "He did not agree.", [(INSERTED, "not ")]),
        ("in 1,200.50 cases", "in 1,300.50 cases", [(DELETED, "1,200.50"), (INSERTED, "1,300.50")]),
        ("party lost", "council won", [(DELETED, "party lost"), (INSERTED, "council won")]),
        ("28席を失った", "27席を失った", [(DELETED, "28"), (INSERTED, "27")]),
        ("首相は三人", "首相は四人", [(DELETED, "三"), (INSERTED, "四")]),
        ("One. Two. Three.", "One. Three.", [(DELETED, " Two.")]),
        ("don't", "do", [(DELETED, "don't"), (INSERTED, "do")]),
        ("same", "same", []),
        ("", "new", [(INSERTED, "new")]),
        ("old", "", [(DELETED, "old")]),
        ("", "", []),
    ],
)
def test_words_that_differ_are_named(before, after, changed):
    assert changes(before, after) == changed


def test_figures_are_pieces_of_their_own():
    figures = [(piece.kind, piece.text) for piece in diff_words("10² of 3.5m", "10³ of 4.5m") if piece.has_figure]

    assert figures == [
        (SAME, "10"), (DELETED, "²"), (INSERTED, "³"), (DELETED, "3.5"), (INSERTED, "4.5"),
    ]  # fmt: skip


def test_a_moved_paragraph_leaves_the_others_as_they_are():
    lines = [f"Paragraph {word} says something of its own." for word in ["one", "two", "three", "four", "five"]]
    moved = [*lines[1:], lines[0]]

    before, after = "\n".join(lines), "\n".join(moved)

    assert sum(len(text.split()) for _, text in changes(before, after)) == 2 * len(lines[0].split())


def test_long_unchanged_stretches_are_folded_with_their_number_of_words():
    filler = " ".join(f"word{number}" for number in range(200))
    pieces, is_cut = fold(diff_words(f"{filler} 28 {filler}", f"{filler} 27 {filler}"), around=5)

    folds = [piece.words for piece in pieces if piece.kind is FOLDED]

    assert (folds, is_cut) == ([390 // 2, 390 // 2], False)
    assert sides(pieces) == (f"{filler} 28 {filler}", f"{filler} 27 {filler}")
    assert [piece.text for piece in pieces if piece.kind in (DELETED, INSERTED)] == ["28", "27"]


def test_nothing_is_folded_where_little_would_be_hidden():
    pieces, _ = fold(diff_words("one two three 28", "one two three 27"))

    assert FOLDED not in {piece.kind for piece in pieces}


def test_a_text_that_did_not_change_is_one_fold():
    pieces, _ = fold(diff_words("word " * 500, "word " * 500))

    assert [(piece.kind, piece.words) for piece in pieces] == [(FOLDED, 500)]


def test_what_is_shown_ends_with_a_word_about_it():
    pieces, is_cut = fold([Piece(DELETED, "a" * 80), Piece(INSERTED, "b" * 80)], shown=100)

    assert ("".join(piece.text for piece in pieces), is_cut) == ("a" * 80 + "b" * 20, True)


@pytest.mark.parametrize(
    ("before", "after", "is_coarse"),
    [
        ("a b " * 50_000, "b a c " * 33_000, True),
        ("." * 200_000, "," * 200_000, True),
        ("x" * 1_000_000, "y" * 1_000_000, False),
        ("漢字" * 100_000, "字漢仮" * 66_000, True),
        (" ".join(f"w{n}" for n in range(20_000)), " ".join(f"w{n}" for n in reversed(range(20_000))), False),
    ],
    ids=["two words", "signs", "one word", "ideographs", "reversed"],
)
def test_hostile_texts_are_compared_to_their_end_and_what_was_left_out_is_said(before, after, is_coarse):
    found = compare(before, after)

    assert sides(found.pieces) == (before, after)
    assert found.is_coarse == is_coarse


def test_a_long_text_with_small_changes_is_compared_word_by_word():
    before = "\n".join(f"Line {number} says that {number * 7} people came." for number in range(20_000))
    after = before.replace("Line 9000 says that 63000 people", "Line 9000 says that 63001 people")

    found = compare(before, after)

    assert not found.is_coarse
    assert [piece.text for piece in found.pieces if piece.kind is not SAME] == ["63000", "63001"]
