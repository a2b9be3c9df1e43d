"""JSON and JSON Lines: read element by element, with the place of what is wrong."""

import json

import pytest

from claims.importing.objects import read_document

from .reading import read, told

ROW = {"text": "The list lost 28 of its 48 seats."}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ROW, ROW | {"text": "B"}]),
        json.dumps({"made": {"by": ["x"]}, "claims": [ROW, ROW | {"text": "B"}], "count": 2}, indent=2),
        "\n".join(json.dumps(row) for row in (ROW, ROW | {"text": "B"})),
        "\ufeff" + "\r\n\r\n".join(json.dumps(row) for row in (ROW, ROW | {"text": "B"})),
    ],
    ids=["list", "object with a list", "lines", "lines with a mark and blank ones"],
)
def test_claims_are_found_in_each_shape(content):
    drafts, problems = read(content)

    assert [draft.text for draft in drafts] == [ROW["text"], "B"]
    assert problems == []


def test_a_claim_is_read_whole():
    drafts, problems = read(
        json.dumps(
            {
                "id": 17,
                "text": " The list lost 28 of its 48 seats. ",
                "context": "Municipal vote",
                "claimants": ["Ann", {"name": "City  council", "kind": "organisation"}, "Ann"],
                "topics": ["Seats", "seats", "Seats"],
                "language": "pt-BR",
                "priority": 1,
                "review_by": "2026-05-01",
                "appearances": [{"url": "HTTPS://News.example:443/a#x", "said_on": "2005-12-16", "quote": "28."}],
                "figures": [{"text": "28 of 48", "low": "28", "high": 28, "whole": 48, "unit": "seats"}],
                "review_publisher": "Other desk",
                "review_rating": "False",
                "review_value": "1",
            }
        )
    )

    assert problems == []
    (draft,) = drafts
    assert (draft.id, draft.text, draft.language, draft.priority) == (
        "17", "The list lost 28 of its 48 seats.", "pt-BR", 1,
    )  # fmt: skip
    assert [(one.name, one.kind) for one in draft.claimants] == [("Ann", "person"), ("City council", "organisation")]
    assert draft.topics == ("Seats", "seats")
    assert draft.said[0].url == "https://news.example/a"
    assert (draft.figures[0].low, draft.figures[0].whole, draft.figures[0].unit) == (28, 48, "seats")
    assert draft.review == {"publisher": "Other desk", "rating": "False", "value": 1}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({}, "text", "required"),
        ({"text": 5}, "text", "invalid_type"),
        ({"text": " \u200b"}, "text", "blank"),
        ({"text": "x" * 5001}, "text", "too_long"),
        ({"text": "a\x00b"}, "text", "invalid_characters"),
        ({"text": "a\ud800b"}, "text", "invalid_characters"),
        ({"context": "x" * 20_001}, "context", "too_long"),
        ({"context": ["x"]}, "context", "invalid_type"),
        ({"colour": "red"}, "colour", "unknown_column"),
        ({"status": "published"}, "status", "read_only"),
        ({"workflow": "completed"}, "workflow", "read_only"),
        ({"verdict": "correct"}, "verdict", "read_only"),
        ({"language": "english language"}, "language", "invalid_language"),
        ({"priority": 9}, "priority", "invalid_choice"),
        ({"priority": True}, "priority", "invalid_choice"),
        ({"review_by": "2024-02-30"}, "review_by", "invalid_date"),
        ({"review_by": "30.1.2024"}, "review_by", "invalid_date"),
        ({"said_at": "javascript:alert(1)"}, "said_at", "url_not_allowed"),
        ({"said_at": "http://127.0.0.1/"}, "said_at", "url_not_allowed"),
        ({"said_at": "https://a.example/" + "x" * 2050}, "said_at", "too_long"),
        ({"review_url": "javascript:alert(1)"}, "review_url", "url_not_allowed"),
        ({"review_value": "very"}, "review_value", "invalid_number"),
        ({"review_value": "1e999"}, "review_value", "invalid_number"),
        ({"review_value": "nan"}, "review_value", "invalid_number"),
        ({"claimants": ["x"] * 51}, "claimants", "too_many"),
        ({"claimants": [{"name": "A", "kind": "robot"}]}, "claimants", "invalid_choice"),
        ({"claimants": 5}, "claimants", "invalid_type"),
        ({"topics": ["x" * 81]}, "topics", "too_long"),
        ({"appearances": [{"quote": "no address"}]}, "appearances", "required"),
        ({"appearances": "https://a.example"}, "appearances", "invalid_type"),
        ({"figures": [{"low": 5, "high": 2}]}, "figures", "out_of_range"),
        ({"figures": [{"high": 1, "low": "1e30"}]}, "figures", "invalid_number"),
        ({"figures": [{"text": "many"}]}, "figures", "required"),
        ({"figures": [{"low": 1, "qualifier": "roughly"}]}, "figures", "invalid_choice"),
    ],
)
def test_a_row_with_a_fault_is_refused_with_its_column(row, column, code):
    drafts, problems = read(json.dumps([ROW, ({} if not row else ROW) | row]))

    assert len(drafts) == 1
    assert told(problems) == [("element 2", column, code)]


@pytest.mark.parametrize("status", ["draft", "unstarted", "", None])
def test_a_row_may_say_that_it_is_a_draft(status):
    drafts, problems = read(json.dumps([ROW | {"status": status}]))

    assert (len(drafts), problems) == (1, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('[{"text": "A"}', "malformed_json"),
        ('[{"text": "A"} {"text": "B"}]', "malformed_json"),
        ('[{"text": "A", "text": "B"}]', "malformed_json"),
        ('[{"text": "A", "priority": NaN}]', "malformed_json"),
        ('[{"text": "A", "priority": ' + "9" * 5000 + "}]", "malformed_json"),
        ("[" * 100_000, "malformed_json"),
        ('[{"text": "A"}] and more', "malformed_json"),
        ('{"claims": [{"text": "A"}], "claims": []}', "malformed_json"),
        ("[]", "no_rows"),
        ("{}", "required"),
        (b'[{"text": "caf\xe9"}]', "not_utf8"),
        (b'[{"text": "A\x00"}]', "malformed_json"),
        ('[{"text": "' + "x" * 5_000_000, "too_long"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(content, code):
    _, problems = read(content)

    assert problems[-1].code == code
    assert problems[-1].place


def test_a_bad_line_is_refused_and_the_next_one_read():
    drafts, problems = read('{"text": "A"}\n{"text": "B",}\n[1]\n{"text": "C"}\n')

    assert [draft.text for draft in drafts] == ["A", "C"]
    assert told(problems) == [("line 2", "", "malformed_json"), ("line 3[0]", "", "invalid_type")]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_it_makes_no_difference_where_a_block_of_the_file_ends(size):
    content = json.dumps(
        {"a": 12, "claims": [ROW | {"text": f"Ünïcödé {n} 🎈"} for n in range(20)], "z": None}
    ).encode()
    content = content.replace(b"\\u00dc", "Ü".encode())
    blocks = [content[at : at + size] for at in range(0, len(content), size)]

    assert [row.cells["text"] for row in read_document(iter(blocks))] == [f"Ünïcödé {n} 🎈" for n in range(20)]
