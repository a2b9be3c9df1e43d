"""The index of a machine: lost, stale, half-built, on two machines, in two processes, killed while it is rebuilt."""

import json
import shutil
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from claims.models import Claim
from claims.services import match_index, matching, searching
from claims.services.claims import draft_claim
from claims.services.match_index import ClaimIndex, Condition
from claims.services.match_state import Kept, lock
from tests.factories import NOW, ClaimFactory, ReviewerFactory

WOLVES = "Wolves killed 90 sheep on the Dunmere hills."


def near(text, *, by):
    return [one.claim for one in matching.similar_claims(text=text, visible_to=by, now=NOW)]


def ids_near(index: ClaimIndex, text, *, now=NOW):
    found, _ = index.current(public=False, now=now)
    return [int(match.entry.id) for match in found.find(text)] if found is not None else None


@pytest.fixture
def desk(db):
    return ReviewerFactory()


def state_file(settings) -> Path:
    return Path(settings.MATCH_INDEX) / "state.json"


@pytest.mark.parametrize(
    "harm",
    ["the folder is gone", "the state is no JSON", "another version", "half a build", "another database"],
)
def test_an_index_that_is_lost_or_stale_is_built_anew(desk, settings, harm):
    claim = ClaimFactory(text=WOLVES)
    assert near(WOLVES, by=desk) == [claim]
    path = state_file(settings)
    kept = json.loads(path.read_text())
    match harm:
        case "the folder is gone":
            shutil.rmtree(path.parent)
        case "the state is no JSON":
            path.write_text("{")
        case "another version":
            path.write_text(json.dumps({**kept, "format": 0}))
        case "half a build":
            shutil.rmtree(path.parent / kept["build"])
        case "another database":
            newest = Claim.history.latest("history_id").history_id
            path.write_text(json.dumps({**kept, "low": newest, "low_date": "2001-01-01", "ahead": [], "mark": None}))
    match_index._INDEXES.clear()  # as another process would see it

    assert near(WOLVES, by=desk) == [claim]
    assert json.loads(path.read_text())["build"] != kept["build"] or harm == "another version"


def test_claims_that_came_without_their_history_are_missed_by_the_count_and_the_index_is_built_anew(desk):
    ClaimFactory(text=WOLVES)
    assert near("bears", by=desk) == []
    Claim.objects.bulk_create(
        [Claim(text="Bears ate nine goats.", drafted_by=desk, created_at=NOW, updated_at=NOW, public_id="ZZZZZZZZ")]
    )
    index = match_index.claim_index()

    assert ids_near(index, "bears goats", now=NOW + timedelta(minutes=5)) == []
    assert len(ids_near(index, "bears goats", now=NOW + timedelta(hours=2))) == 1


def test_two_machines_follow_the_same_database_each_by_its_own_cursor(desk, tmp_path):
    here, there = ClaimIndex(tmp_path / "here"), ClaimIndex(tmp_path / "there")
    first = ClaimFactory(text=WOLVES)
    assert ids_near(here, WOLVES) == ids_near(there, WOLVES) == [first.pk]

    second = ClaimFactory(text="Bears ate nine goats at Orrevik.")
    assert ids_near(there, "goats eaten by bears") == [second.pk]
    second.text = "Foxes took the geese of Orrevik."
    second.save()

    assert ids_near(here, "foxes took the geese") == [second.pk]
    assert ids_near(there, "foxes took the geese") == [second.pk]
    assert ids_near(here, "goats eaten by bears") == []


def test_two_processes_share_one_folder(desk, tmp_path):
    one, other = ClaimIndex(tmp_path / "index"), ClaimIndex(tmp_path / "index")
    claim = ClaimFactory(text=WOLVES)
    assert ids_near(one, WOLVES) == [claim.pk]
    state = (tmp_path / "index" / "state.json").stat().st_ino

    assert ids_near(other, WOLVES) == [claim.pk]

    assert (tmp_path / "index" / "state.json").stat().st_ino == state, "what one wrote the other only reads"


def test_while_another_process_writes_the_answer_comes_from_what_is_there(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(match_index, "LOCK_WAIT", 0.01)
    index = ClaimIndex(tmp_path / "index")
    claim = ClaimFactory(text=WOLVES)
    assert ids_near(index, WOLVES) == [claim.pk]
    late = ClaimFactory(text="Bears ate nine goats.")

    with lock(tmp_path / "index", "write", wait=0):
        found, standing = index.current(public=False, now=NOW)
        assert standing.condition == Condition.BEHIND
        assert "newest claims may be missing" in standing.sentence
        assert found.find("bears goats") == []

    assert ids_near(index, "bears goats") == [late.pk]


def test_what_is_rolled_back_is_never_found(desk):
    assert near(WOLVES, by=desk) == []

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        draft_claim(text=WOLVES, by=desk, now=NOW)
        assert near(WOLVES, by=desk) == [], "the index does not read what may be taken back"
        raise ZeroDivisionError

    kept = draft_claim(text="Bears ate nine goats.", by=desk, now=NOW)
    assert near("wolves bears goats", by=desk) == [kept]


def test_without_a_folder_that_can_be_written_claims_are_found_all_the_same(desk, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MATCH_INDEX = str(tmp_path / "file" / "below")
    claim = ClaimFactory(text=WOLVES)

    assert near("wolves killed ninety sheep", by=desk) == [claim]
    page = searching.search_claims("sheep", visible_to=desk, now=NOW)
    assert [one.claim for one in page.found] == [claim]
    assert page.standing.condition == Condition.UNAVAILABLE
    assert "searched without it" in page.standing.sentence


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_claims_are_indexed_in_the_background_and_the_answer_says_so(monkeypatch, tmp_path):
    desk = ReviewerFactory()
    monkeypatch.setattr(match_index, "REBUILT_AT_ONCE", 3)
    claims = [ClaimFactory(text=f"Wolf number {number} was seen at Dunmere.", drafted_by=desk) for number in range(8)]
    index = ClaimIndex(tmp_path / "index")

    _, standing = index.current(public=False, now=NOW)
    assert standing.condition == Condition.REBUILDING
    assert "is being rebuilt" in standing.sentence
    assert near("wolf number 3 at Dunmere", by=desk), "answered meanwhile"
    index.wait()

    assert index.current(public=False, now=NOW)[1].condition == Condition.READY
    assert len(index) == len(claims)
    match_index.claim_index().wait()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_crash_while_it_is_rebuilt_leaves_the_old_index_and_the_next_rebuild_clears_up(tmp_path, settings):
    desk = ReviewerFactory()
    claim = ClaimFactory(text=WOLVES, drafted_by=desk)
    root = tmp_path / "index"
    index = ClaimIndex(root)
    assert ids_near(index, WOLVES) == [claim.pk]
    killed = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_KILLED_IN_THE_MIDDLE), str(root), json.dumps(_database())],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout.readline().strip() == "half way"
    assert len(list(root.glob("build-*"))) == 2
    killed.kill()
    killed.wait()

    assert ids_near(ClaimIndex(root), WOLVES) == [claim.pk]
    assert index.rebuild()
    assert len(list(root.glob("build-*"))) == 1
    assert ids_near(index, WOLVES) == [claim.pk]


def _database():
    return {name: str(value) for name, value in connection.settings_dict.items() if isinstance(value, str | int)}


_KILLED_IN_THE_MIDDLE = """
    import json, os, sys, time
    from pathlib import Path
    os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    from django.conf import settings
    database = json.loads(sys.argv[2])
    settings.DATABASES["default"].update(NAME=database["NAME"], TEST={})
    import django
    django.setup()
    from claims.services.match_index import ClaimIndex

    def told(done, total):
        print("half way", flush=True)
        time.sleep(60)

    ClaimIndex(Path(sys.argv[1])).rebuild(told=told)
"""


def test_a_row_that_becomes_visible_after_a_later_one_is_not_missed():
    """On PostgreSQL a slow transaction's rows have lower numbers than what was committed meanwhile."""
    kept = Kept(build="b", low=10)

    # Row 12 is read while 11 is still being written by transaction 7; the next one would be 9.
    kept = kept.after([12], 7, 9, str)
    assert (kept.low, kept.ahead) == (10, (12,))
    # 11 became visible, and nothing before 9 runs any more.
    kept = kept.after([11], 9, 9, str)
    assert (kept.low, kept.ahead, kept.mark) == (12, (), None)


def test_a_claim_saved_here_is_found_within_a_second(desk):
    near(WOLVES, by=desk)
    claim = draft_claim(text=WOLVES, by=desk, now=NOW)

    assert near(WOLVES, by=desk) == [claim]


def test_the_index_can_be_built_by_hand(desk, settings, capsys):
    claim = ClaimFactory(text=WOLVES)

    call_command("rebuild_match_index")

    assert "holds every claim" in capsys.readouterr().out
    assert near(WOLVES, by=desk) == [claim]
    with lock(Path(settings.MATCH_INDEX), "rebuild", wait=0), pytest.raises(SystemExit):
        call_command("rebuild_match_index")
    assert "Another process" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("at_most", [100, 2])
def test_after_an_import_the_index_catches_up_in_the_background_by_following_or_anew(monkeypatch, tmp_path, at_most):
    desk = ReviewerFactory()
    index = ClaimIndex(tmp_path / "index")
    assert ids_near(index, WOLVES) == []
    monkeypatch.setattr(match_index, "FOLLOWED_AT_ONCE", 3)
    monkeypatch.setattr(match_index, "FOLLOWED_BEHIND", 4)
    monkeypatch.setattr(match_index, "FOLLOWED_AT_MOST", at_most)
    for number in range(12):
        ClaimFactory(text=f"Wolf number {number} was seen at Dunmere.", drafted_by=desk)

    _, standing = index.current(public=False, now=NOW)
    assert standing.condition == (Condition.BEHIND if at_most == 100 else Condition.REBUILDING)
    assert standing.sentence
    index.wait()

    assert index.current(public=False, now=NOW)[1].condition == Condition.READY
    assert len(index) == 12
