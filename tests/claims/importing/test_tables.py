"""CSV: what is read, where a fault is, and how a cell is kept from being a formula."""

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.importing.tables import TableWriter, joined, parted, protected, unprotected

from .reading import read, told


@pytest.mark.parametrize(
    "table",
    [
        "text,claimants,priority\nThe list lost 28 seats.,Ann; Bo,2\n",
        "text;claimants;priority\r\nThe list lost 28 seats.;'Ann; Bo';2\r\n".replace("'", '"'),
        "Claim\tClaimant\tPriority\nThe list lost 28 seats.\tAnn; Bo\thigh\n",
        '\ufeffTEXT,claimants,priority\n\n  ,,\nThe list lost 28 seats.,"Ann\nBo",2\n',
    ],
    ids=["commas", "semicolons", "tabs, other names", "mark, blank rows, lines in a cell"],
)
def test_a_table_is_read_however_a_spreadsheet_writes_it(table):
    drafts, problems = read(table)

    assert problems == []
    (draft,) = drafts
    assert draft.text == "The list lost 28 seats."
    assert [one.name for one in draft.claimants] == ["Ann", "Bo"]
    assert draft.priority == 2


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"text,context\nA,b\x00c\n", ("row 2", "context", "invalid_characters")),
        (b'text,context\nA,"b\nC,d\nE,f\n', ("row 2", "context", "unclosed_quote")),
        (b'text,context\nA,b\n"C,d\n', ("row 3", "text", "unclosed_quote")),
        (b'text,context\nA,"b" c\n', ("row 2", "context", "stray_quote")),
        (b"text,context,text\nA,b,c\n", ("row 1", "text", "duplicate_column")),
        (b"text,Claim\nA,b\n", ("row 1", "Claim", "duplicate_column")),
        (",".join(["text", *(f"c{n}" for n in range(50))]).encode() + b"\n", ("row 1", "c49", "too_many_columns")),
        ("text,context\nA,b\nC,caf\u00e9\n".encode("latin-1"), ("row 3", "context", "not_utf8")),
        ("text,context\nA,b\n".encode("utf-16"), ("row 1", "no. 1", "not_utf8")),
        ("text,context\nA,b\n".encode("utf-16-le"), ("row 1", "no. 1", "not_utf8")),
        (b"text,context\n", ("row 2", "text", "no_rows")),
        (b"text,context\n,\n\n", ("row 2", "text", "no_rows")),
        (b"", ("row 1", "", "no_rows")),
        (b"text,colour\nA,red\n", ("row 1", "colour", "unknown_column")),
        (b"text,figures\nA,[]\n", ("row 1", "figures", "unknown_column")),
        (b"context\nA\n", ("row 1", "context", "no_text_column")),
        (b"text,context\nA\n", ("row 2", "", "wrong_length")),
        (b"text,context\rA,b\r", ("row 1", "no. 3", "line_ends")),
        (b"text\n\"" + b"x" * 140_000, ("row 2", "text", "unclosed_quote")),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused_with_row_and_column(content, place):
    drafts, problems = read(content)

    assert told(problems)[-1] == place
    assert problems[-1].message.endswith((".", "?"))
    assert not any(draft.text == "C" for draft in drafts)


@pytest.mark.parametrize("mark", ["PK\x03\x04", "\x1f\x8b\x08", "%PDF-1.7", "\x89PNG"])
def test_what_is_no_text_is_known_by_its_first_bytes(mark):
    _, problems = read(mark.encode("latin-1") + b"text,context\nA,b\n")

    assert told(problems) == [("row 1", "no. 1", "unsupported_media_type")]


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", "\x00x", "  =1", "\u00a0=1", "\ufeff=1", "\u200b\u2060=1",
    "\u202e=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "\u3000=1", "'=1", "''=1",
]  # fmt: skip
HARMLESS = ["", "1", "a=1", "'tis", "''", "“=1”", "١٢", "a\n=1", "\u200b", " ", "\u202eabc"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_would_be_a_formula_gets_one_apostrophe(cell):
    assert protected(cell) == f"'{cell}"
    assert unprotected(protected(cell)) == cell


@pytest.mark.parametrize("cell", HARMLESS)
def test_any_other_cell_stays_as_it_is(cell):
    assert protected(cell) == cell
    assert unprotected(cell) == cell


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20))
def test_protecting_is_reversible(cell):
    assert unprotected(protected(cell)) == cell


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\r\n"), min_size=1).map(str.strip).filter(bool)))
def test_several_names_are_one_cell_and_several_again(names):
    assert parted(joined(names)) == names


def test_numbers_stay_numbers_and_texts_are_protected():
    table = TableWriter(["text", "priority", "review_value"])

    line = table.row({"text": '=1, "a"', "priority": 3, "review_value": -2})

    assert line == '"\'=1, ""a""",3,-2\r\n'
    assert StringIO(table.header()).read() == "text,priority,review_value\r\n"
