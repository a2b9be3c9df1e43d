"""Finding the claim that a text repeats: through the index and the command, on claims of our own."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.matching import Entry, MatchClass, MatchIndex

CLAIMS = (
    Entry("ferry", ("The Havnsund ferry carried 41,000 passengers in 2021.", "Ferry use rises on the Havnsund line")),
    Entry("ferry-fare", ("The Havnsund ferry raised its fare by 12 percent in 2022.",)),
    Entry(
        "bridge", ("The Orrevik bridge cost 310 million crowns, twice its budget.", "Was the bridge twice as dear?")
    ),
    Entry("school", ("Lindvale closed 14 of its 52 schools after the merger.",), claimant="Tove Ekblad"),
    Entry("water", ("Officials found solvent in the tap water of Marlow Heights.",), topics=("tampered water",)),
    Entry("wolves", ("Wolves killed 90 sheep on the Dunmere hills last winter.",)),
    Entry("budget", ("The council spent a third of its budget on road repair.",)),
)


@pytest.fixture(scope="module")
def index():
    made = MatchIndex()
    made.write(CLAIMS)
    return made


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("41,000 people took the ferry at Havnsund in 2021", "ferry"),
        ("Did the bridge at Orrevik really cost twice what was planned?", "bridge"),
        ("fourteen schools shut in Lindvale, of 52!", "school"),
        ("they shut 14 of 52 scools in Lindvael after the merger", "school"),
        ("#MarlowHeights #tapwater don't drink it https://example.org/x", "water"),
        ("#wolveskilled our sheep", "wolves"),
        ("a third of the money of the council went into roads", "budget"),
        ("WOLVES HAVE KILLED NINETY SHEEP ON THE HILLS OF DUNMERE", "wolves"),
    ],
)
def test_a_claim_is_found_in_other_words(index, text, wanted):
    assert index.find(text)[0].entry.id == wanted


def test_the_same_claim_with_another_figure_contradicts_and_says_which_figures(index):
    match = index.find("Lindvale closed 19 of its 52 schools after the merger.")[0]

    assert match.match_class == MatchClass.CONTRADICTS
    assert "14" in match.reason
    assert "19" in match.reason


def test_the_same_claim_in_nearly_its_words_is_the_same_and_says_what_both_say(index):
    match = index.find("After the merger Lindvale closed 14 of its 52 schools.")[0]

    assert match.match_class == MatchClass.SAME_CLAIM
    assert "Lindvale" in match.reason
    assert "figures agree" in match.reason


def test_a_claim_that_only_touches_on_the_same_things_is_related(index):
    classes = {match.entry.id: match.match_class for match in index.find("The ferry from Havnsund was late again.")}

    assert classes["ferry"] == classes["ferry-fare"] == MatchClass.RELATED


def test_a_claim_whose_claimant_is_named_says_so(index):
    assert "same claimant: Tove Ekblad" in index.find("Tove Ekblad said 14 of 52 schools were closed")[0].reason


@pytest.mark.parametrize(
    "text",
    ["", "   ", "the of and", "%_\\", '"unbalanced', "😀😀", "\x00", "AND OR NOT (", "*:*", "\ud800", "?" * 20_000],
)
def test_a_query_without_a_word_that_counts_finds_nothing_and_fails_nowhere(index, text):
    assert index.find(text) == []


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_search_and_the_best_comes_first(index, text):
    scores = [match.score for match in index.find(text, limit=7)]

    assert scores == sorted(scores, reverse=True)


def test_a_query_of_a_whole_page_is_answered_by_its_first_part(index):
    page = "Wolves killed 90 sheep on the Dunmere hills. " + "lorem ipsum dolor sit amet " * 20_000

    assert index.find(page)[0].entry.id == "wolves"


def test_an_entry_written_again_takes_the_place_of_the_old_one():
    index = MatchIndex()
    index.write([Entry("a", ("Dunmere has nine wells.",)), Entry("b", ("Orrevik has two harbours.",))])

    index.write([Entry("a", ("Dunmere has eleven mills.",))], remove=["b"])

    assert len(index) == 1
    assert index.find("wells") == []
    assert index.find("Orrevik harbours") == []
    assert index.find("mills")[0].entry.id == "a"


def test_what_one_process_writes_another_finds_once_it_refreshes(tmp_path):
    writer, reader = MatchIndex(tmp_path / "index"), MatchIndex(tmp_path / "index")

    writer.write([Entry("a", ("Dunmere has nine wells.",))])
    reader.refresh()

    assert reader.find("wells in Dunmere")[0].entry.id == "a"


def test_a_write_that_fails_half_way_leaves_the_index_as_it_was():
    index = MatchIndex()
    index.write([Entry("a", ("Dunmere has nine wells.",))])

    def broken():
        yield Entry("b", ("Orrevik has two harbours.",))
        raise OSError("the row could not be read")

    with pytest.raises(OSError, match="could not be read"):
        index.write(broken())

    assert len(index) == 1
    index.write([Entry("c", ("Lindvale has one well.",))])
    assert len(index) == 2


def run(*arguments):
    return subprocess.run(
        [sys.executable, "manage.py", "match", *map(str, arguments)], capture_output=True, text=True, timeout=60
    )


def test_the_command_prints_the_matches_of_each_query_best_first(tmp_path):
    claims, queries = tmp_path / "claims.jsonl", tmp_path / "queries.jsonl"
    claims.write_text("".join(json.dumps({"id": e.id, "text": e.texts[0]}) + "\n" for e in CLAIMS))
    queries.write_text('{"id": 1, "text": "90 sheep killed by wolves"}\n{"id": 2, "text": "the of"}\n')

    done = run("--json", "--claims", claims, queries)

    first, second = map(json.loads, done.stdout.splitlines())
    assert first["id"] == 1
    assert first["matches"][0]["id"] == "wolves"
    assert set(first["matches"][0]) == {"id", "score", "class", "reason"}
    assert second == {"id": 2, "matches": []}


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "line 1 is not JSON"), ("[]", "not a JSON object"), ('{"id": 1}', "`id` and a `text`"), ("", "is empty")],
)
def test_the_command_refuses_claims_it_cannot_read_by_line(tmp_path, line, said):
    claims = tmp_path / "claims.jsonl"
    claims.write_text(line)

    done = run("--claims", claims, claims)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
