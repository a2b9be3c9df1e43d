"""Checking the ledger: whatever is done to its tables by hand is found, named, and said in public."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from claims import immutable, ledger_verifier, tasks
from claims.formats import notes
from claims.formats.canonical import canonical_json
from claims.merkle import leaf_hash, root_of
from claims.models import Change, Checkpoint, LedgerHead, LogCheck, LogKey, LogTile
from claims.services import checkpoints, log_checks, signing
from claims.services.log_exports import export_lines
from tests.factories import NOW, ClaimFactory, ReviewerFactory, decided, published

from .stories import held, page, signed_in
from .test_checkpoints import grow, sign
from .test_commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger():
    """Twelve rows: five signed, then five, then two that wait to be; and the triggers off, as by hand."""
    claim = ClaimFactory()
    grow(claim, 5)
    sign()
    grow(claim, 5)
    sign(now=NOW + timedelta(minutes=1))
    grow(claim, 2)
    immutable.remove(connection)
    return claim


def check(**more) -> LogCheck:
    return log_checks.check_log(now=NOW, **more)


def found() -> tuple[str, int | None]:
    result = check()
    return result.failure, result.first_bad_seq


def rewrite(seq: int, **more) -> str:
    body = json.loads(Change.objects.get(seq=seq).body) | {"after": {"reason": "Never said."}, **more}
    Change.objects.filter(seq=seq).update(body=canonical_json(body))
    return canonical_json(body)


def move(seq: int, to: int) -> None:
    Change.objects.filter(seq=seq).update(seq=to)


def test_a_ledger_nobody_touched_holds(ledger):
    assert found() == ("", None)
    assert LogCheck.objects.get().size == 12


def test_an_empty_ledger_holds():
    assert found() == ("", None)
    sign()
    assert found() == ("", None)


@pytest.mark.parametrize("seq", [0, 4, 5, 7, 9])
def test_a_rewritten_row_is_named(ledger, seq):
    rewrite(seq)
    assert found() == (f"Row {seq} is not what was signed.", seq)


@pytest.mark.parametrize("seq", [0, 3, 5, 9, 10, 11])
def test_a_deleted_row_is_named(ledger, seq):
    Change.objects.filter(seq=seq).delete()
    assert found() == (f"Row {seq} is missing.", seq)


def test_two_exchanged_rows_are_found_by_the_first(ledger):
    move(2, 99), move(6, 2), move(99, 6)
    assert found() == ("Row 2 is not what was signed.", 2)


def test_a_tail_that_was_cut_off_is_found_even_with_the_counter_set_back(ledger):
    Change.objects.filter(seq__gte=8).delete()
    LedgerHead.objects.update(next_seq=8)
    assert found() == ("Row 8 is missing.", 8)


def test_a_row_whose_columns_say_otherwise_is_named(ledger):
    Change.objects.filter(seq=6).update(kind="claim.withdrawn")
    assert found() == ("Row 6 says in its columns other than in its signed body.", 6)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"seq": 11}'])
def test_a_row_that_is_none_is_named_before_it_is_signed(ledger, body):
    Change.objects.filter(seq=11).update(body=body)
    assert found() == ("Row 11 is not a row of the ledger.", 11)


def test_a_row_written_otherwise_than_canonically_is_named(ledger):
    body = json.dumps(json.loads(Change.objects.get(seq=10).body))
    Change.objects.filter(seq=10).update(body=body)
    assert found() == ("Row 10 is not written as canonical JSON.", 10)


def test_rewriting_the_stored_hashes_too_is_narrowed_down_by_the_checkpoints(ledger):
    body = rewrite(7)
    tile = LogTile.objects.get()
    hashes = [*tile.leaves[:7], leaf_hash(body.encode()), *tile.leaves[8:]]
    LogTile.objects.update(hashes=b"".join(hashes), root=root_of(hashes))
    assert found() == ("One of the rows 5 to 9 is not what was signed.", 5)


def test_changed_hashes_over_untouched_rows_are_told_apart(ledger):
    tile = LogTile.objects.get()
    LogTile.objects.update(hashes=bytes(32) + bytes(tile.hashes)[32:])
    assert found() == ("The stored hashes were changed; the rows are what was signed.", None)


@pytest.mark.parametrize("field", ["size", "root", "note"])
def test_a_changed_checkpoint_is_found(ledger, field):
    changed = {"size": 4, "root": bytes(32), "note": Checkpoint.objects.last().note.replace("10", "11")}
    Checkpoint.objects.filter(size=5).update(**{field: changed[field]})
    failure, seq = found()
    assert failure.startswith("The checkpoint of ") and seq is None


def test_a_log_that_was_rewritten_and_signed_with_a_planted_key_is_found(ledger):
    thief = notes.new_signer(signing.public_keys()[0].name)
    rewrite(3)
    leaves = [leaf_hash(body.encode()) for body in Change.objects.order_by("seq").values_list("body", flat=True)]
    LogTile.objects.update(hashes=b"".join(leaves), root=root_of(leaves))
    Checkpoint.objects.all().delete()
    text = notes.Checkpoint(thief.name, 12, root_of(leaves)).text()
    Checkpoint.objects.create(
        size=12, root=root_of(leaves), note=notes.signed_note(text, [thief]), peaks=b"", signed_at=NOW
    )
    LogKey.objects.create(verifier_key=str(thief.verifier), registered_at=NOW)
    assert found() == ("The newest checkpoint was signed by a key that is not the one held here.", None)


def test_a_backup_that_is_too_old_is_found_by_a_checkpoint_kept_elsewhere(ledger, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text(Checkpoint.objects.last().note)
    assert run("verify_ledger", "--older", str(kept)) == (0, ["12 rows hold."], "")
    Change.objects.filter(seq__gte=5).delete()
    Checkpoint.objects.filter(size=10).delete()
    LogTile.objects.update(hashes=b"".join(LogTile.objects.get().leaves[:5]))
    LedgerHead.objects.update(next_seq=5)
    assert run("verify_ledger") == (0, ["5 rows hold."], "")
    code, lines, _ = run("verify_ledger", "--older", str(kept))
    assert (code, lines) == (1, ["The ledger does not hold: Row 5 is missing."])


# -- the commands and what the world is told -----------------------------------------------------------------
def test_the_command_names_the_first_bad_row_and_ends_with_one(ledger):
    rewrite(7)
    assert run("verify_ledger")[:2] == (1, ["The ledger does not hold: Row 7 is not what was signed."])
    code, lines, _ = run("verify_ledger", "--json")
    told = {"ok": False, "rows": 12, "failure": "Row 7 is not what was signed.", "first_bad_seq": 7}
    assert (code, json.loads(lines[0])) == (1, told)


@pytest.mark.parametrize("written", ["", "not a checkpoint", None])
def test_the_command_refuses_what_is_no_checkpoint_of_this_log(ledger, tmp_path, written):
    kept = tmp_path / "kept.txt"
    if written is not None:
        kept.write_text(written)
    code, lines, refused = run("verify_ledger", "--older", str(kept))
    assert (code, lines) == (1, []) and "kept.txt" in refused
    assert not LogCheck.objects.exists()


def test_a_failed_nightly_check_stands_on_the_public_pages_until_one_holds(ledger, client, caplog):
    tasks.check_log()
    assert "The log holds" in page(client, "log") and "check failed" not in page(client, "methodology")

    was = Change.objects.get(seq=7).body
    rewrite(7)
    tasks.check_log()

    assert "row 7 is not what was signed" in caplog.text.lower()
    for name in ("log", "methodology"):
        assert "Log check failed" in page(client, name)
    assert "Row 7 is not what was signed" in page(client, "log")
    assert "Log check failed" in page(signed_in(ReviewerFactory()), "desk")
    Change.objects.filter(seq=7).update(body=was)
    tasks.check_log()
    assert "Log check failed" not in page(client, "log") + page(client, "methodology")


def test_a_missing_key_is_said_on_the_desk_and_in_health_and_every_page_stays_readable(client, log_key):
    claim = published()
    sign()
    desk = signed_in(ReviewerFactory())
    assert client.get("/healthz").json() == {"status": "ok", "signing": "ok"}
    assert "Publishing is stopped" not in page(desk, "desk")
    log_key.unlink()

    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "signing": "unavailable"})
    assert "Publishing is stopped" in page(desk, "desk")
    assert "Nothing can be signed" in page(client, "log")
    for address in (
        reverse("claim", args=[claim.code]),
        "/api/v1/claims",
        "/api/v1/changes",
        "/api/v1/log/checkpoint",
    ):
        assert client.get(address).status_code == 200


def test_a_missing_key_is_logged_by_the_timetable_and_not_raised(ledger, log_key, caplog):
    log_key.unlink()
    tasks.sign_checkpoint()
    assert "no checkpoint" in caplog.text and Checkpoint.objects.count() == 2


def test_the_timetable_signs_all_that_waits_within_a_minute(ledger, settings):
    tasks.sign_checkpoint()
    assert checkpoints.newest_checkpoint().size == 12
    entry = settings.CELERY_BEAT_SCHEDULE["sign-checkpoint"]
    assert entry["task"] == tasks.sign_checkpoint.name and entry["schedule"] <= 30
    assert settings.CELERY_BEAT_SCHEDULE["check-log"]["task"] == tasks.check_log.name


def test_keys_are_exchanged_by_a_command_and_the_log_signed_with_them_at_once(log_key):
    published()
    assert run("rotate_log_key")[1][0].startswith("Signs from now on: ")
    assert Checkpoint.objects.last().note.count("\n— ") == 2
    assert run("rotate_log_key", "--drop-old")[1][0].startswith("Signs no longer: ")
    assert Checkpoint.objects.last().note.count("\n— ") == 1
    code, _, refused = run("rotate_log_key", "--lost")
    assert code == 1 and "not lost" in refused
    log_key.unlink()
    assert run("rotate_log_key", "--lost")[0] == 0
    assert run("verify_ledger")[0] == 0


# -- the export ----------------------------------------------------------------------------------------------
def test_the_exported_files_are_what_the_outsiders_program_accepts(ledger, tmp_path, capsys):
    grow(ledger, 300)
    export, note = tmp_path / "ledger.jsonl", tmp_path / "checkpoint.txt"
    code, lines, _ = run("export_ledger", str(export), str(note))
    assert code == 0 and lines[0] == "312 rows. Check them with:"
    arguments = [str(export), "--checkpoint", str(note), "--key", str(signing.public_keys()[0])]
    assert ledger_verifier.main(arguments) == 0
    export.write_bytes(export.read_bytes().replace(b"look 262", b"look 263"))
    assert ledger_verifier.main(arguments) == 1
    assert "row 262 is not what was signed" in capsys.readouterr().out


def test_an_export_of_rewritten_rows_names_them_to_the_outsider(ledger):
    rewrite(7)
    point = sign(now=NOW + timedelta(hours=1))
    keys = [ledger_verifier.read_key(str(signing.public_keys()[0]))]
    opened = ledger_verifier.open_checkpoint(point.note, keys)
    with pytest.raises(ledger_verifier.Broken) as broken:
        ledger_verifier.check(b"".join(export_lines(origin=opened[0], size=12)), opened)
    assert broken.value.row == 7


def test_an_export_that_cannot_be_written_is_refused_in_one_sentence(ledger, tmp_path):
    code, _, refused = run("export_ledger", str(tmp_path / "no" / "ledger.jsonl"), str(tmp_path / "checkpoint.txt"))
    assert code == 1 and "cannot be written" in refused


def test_publishing_without_the_key_is_a_503_that_says_so(log_key, client):
    from claims.services.publishing import revision_of
    from tests.claims.api.conftest import by_session, is_problem
    from tests.factories import DeskLeadFactory

    held(published())
    claim = decided()
    log_key.unlink()
    answer = by_session(DeskLeadFactory()).post(
        f"/api/v1/claims/{claim.code}/publications", {"revision_sha256": revision_of(claim).sha256}, format="json"
    )
    is_problem(answer, 503, "signing_unavailable")
