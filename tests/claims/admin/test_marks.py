"""Marked text: complete, in order, each piece knowing its own place."""

from hypothesis import given
from hypothesis import strategies as st

from claims.admin.desk.marks import Mark, pieces, side_by_side

TEXTS = st.text(alphabet="ab 1.\n\r\u00e9\U0001f600", max_size=60)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_pieces_give_the_text_again_whatever_is_marked(text, spans):
    marks = [Mark(min(span), max(span), span) for span in spans if min(span) < max(span) <= len(text)]

    cut = pieces(text, marks)

    for piece in cut:
        assert piece.text == text[piece.start : piece.start + len(piece.text)].replace("\r", "\n")
    assert "".join(piece.text for piece in cut) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_each_mark_is_opened_once_at_most(text, spans):
    marks = [Mark(min(span), max(span), span) for span in set(spans) if min(span) < max(span) <= len(text)]

    opened = [piece.mark for piece in pieces(text, marks) if piece.opens]

    assert len(opened) == len(set(opened))


def test_of_overlapping_marks_the_one_that_began_last_is_shown():
    cut = pieces("one two three", [Mark(0, 13, "all"), Mark(4, 7, "two")])

    assert [(piece.text, piece.mark.item) for piece in cut] == [("one ", "all"), ("two", "two"), (" three", "all")]


def test_a_comparison_shows_the_figure_that_differs():
    left, right = side_by_side("It counted 412 arrivals.", "It counted 398 arrivals.")

    assert [run.text for run in left if run.differs] == ["412"]
    assert [(run.text, run.is_figure) for run in right if run.differs] == [("398", True)]
