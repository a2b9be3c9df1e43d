"""The signed log over HTTP: an outsider reads, proves and checks all of it without a key, and bad asks are refused."""

import base64
import json
import subprocess
import sys

import pytest

from claims import merkle
from claims.formats import notes
from claims.models import Change, LogKey
from claims.services import signing
from tests.claims.test_checkpoints import grow, sign
from tests.factories import NOW, ClaimFactory

from .conftest import caller, is_problem

pytestmark = pytest.mark.django_db
LOG = "/api/v1/log"


def unpacked(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


@pytest.fixture
def sizes():
    """Checkpoints of 1, 300 and 520 rows, and three rows that wait."""
    claim, found = ClaimFactory(), []
    for count in (1, 299, 220):
        grow(claim, count)
        found.append(sign().size)
    grow(claim, 3)
    return found


def read(anyone, address: str) -> dict:
    answer = anyone.get(LOG + address)
    assert answer.status_code == 200, answer.content
    return answer.json()


def pages(anyone, address: str):
    while address:
        page = read(anyone, address)
        yield from page["results"]
        address = page["next"] and page["next"].partition("/api/v1/log")[2]


def test_the_newest_checkpoint_is_a_note_signed_by_the_listed_key(anyone, sizes):
    answer = anyone.get(f"{LOG}/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    (listed,) = read(anyone, "/keys")["results"]
    text, _ = notes.open_note(answer.content.decode(), [notes.read_verifier(listed["key"])])
    assert notes.read_checkpoint(text).size == 520
    assert listed["until"] is None and listed["key"].startswith(f"{listed['name']}+{listed['key_id']}+")
    assert anyone.get(f"{LOG}/checkpoint", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("accept", ["*/*", "text/plain", "text/html,application/xhtml+xml", "application/json"])
@pytest.mark.parametrize("who", ["nobody", "key", "reviewer"])
def test_whoever_asks_and_whatever_they_accept_gets_the_note(who, accept, sizes):
    answer = caller(who).get(f"{LOG}/checkpoint", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")


def test_every_checkpoint_is_listed_and_found_by_its_size(anyone, sizes):
    listed = list(pages(anyone, "/checkpoints?page_size=2"))
    assert [point["size"] for point in listed] == sizes[::-1]
    for point in listed:
        assert anyone.get(f"{LOG}/checkpoints/{point['size']}").content.decode() == point["note"]
        assert notes.read_checkpoint(point["note"].partition("\n\n")[0] + "\n").root == unpacked(point["root"])


def test_the_entries_are_the_signed_rows_in_order_and_no_others(anyone, sizes):
    entries = list(pages(anyone, "/entries?page_size=100"))
    assert [entry["seq"] for entry in entries] == list(range(520))
    assert entries[7]["entry"] == Change.objects.get(seq=7).body
    hashes = [merkle.leaf_hash(entry["entry"].encode()) for entry in entries]
    assert [unpacked(entry["leaf_hash"]) for entry in entries] == hashes
    assert merkle.root_of(hashes) == unpacked(next(pages(anyone, "/checkpoints"))["root"])
    assert [entry["seq"] for entry in read(anyone, "/entries?start=519")["results"]] == [519]


@pytest.mark.parametrize("size", [1, 2, 256, 300, 520])
def test_a_row_is_proved_to_be_part_of_any_signed_size(anyone, sizes, size):
    for seq in {0, size // 2, size - 1}:
        proof = read(anyone, f"/inclusion?seq={seq}&size={size}")
        leaf = merkle.leaf_hash(Change.objects.get(seq=seq).body.encode())
        assert unpacked(proof["leaf_hash"]) == leaf
        path = [unpacked(hash_) for hash_ in proof["path"]]
        assert merkle.includes(leaf=leaf, index=seq, size=size, path=path, root=unpacked(proof["root"]))


@pytest.mark.parametrize(("older", "size"), [(0, 1), (1, 300), (1, 520), (300, 520), (255, 257), (520, 520)])
def test_an_older_log_is_proved_to_be_the_beginning_of_a_newer_one(anyone, sizes, older, size):
    proof = read(anyone, f"/consistency?older={older}&size={size}")
    roots = {"older_root": unpacked(proof["older_root"]), "root": unpacked(proof["root"])}
    path = [unpacked(hash_) for hash_ in proof["path"]]
    assert merkle.is_consistent(older=older, size=size, path=path, **roots)


def test_proofs_are_of_the_newest_checkpoint_unless_another_size_is_named(anyone, sizes):
    assert read(anyone, "/inclusion?seq=3")["size"] == read(anyone, "/consistency?older=3")["size"] == 520


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/inclusion", "required"),
        ("/inclusion?seq=x", "invalid_type"),
        ("/inclusion?seq=-1", "invalid_type"),
        ("/inclusion?seq=1%00", "invalid_filter"),
        ("/inclusion?seq=520", "out_of_range"),
        ("/inclusion?seq=99999999999999999999", "invalid_type"),
        ("/inclusion?seq=0&size=0", "out_of_range"),
        ("/inclusion?seq=0&size=521", "out_of_range"),
        ("/inclusion?seq=0&leaf=x", "invalid_filter"),
        ("/consistency", "required"),
        ("/consistency?older=521", "out_of_range"),
        ("/consistency?older=301&size=300", "out_of_range"),
        ("/entries?start=x", "invalid_type"),
        ("/entries?page_size=0", "invalid_page"),
        ("/checkpoints?cursor=x", "invalid_page"),
        ("/checkpoint?size=1", "invalid_filter"),
        ("/keys?all=1", "invalid_filter"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(anyone, sizes, address, code):
    is_problem(anyone.get(LOG + address), 400, code)


@pytest.mark.parametrize("address", ["/checkpoints/2", "/checkpoints/x", f"/checkpoints/{'9' * 30}", "/exports/2"])
def test_a_size_that_was_never_signed_is_not_there(anyone, sizes, address):
    is_problem(anyone.get(LOG + address), 404, "not_found")


@pytest.mark.parametrize("address", ["/checkpoint", "/inclusion?seq=0", "/consistency?older=0"])
def test_before_the_first_checkpoint_there_is_nothing_to_prove(anyone, address):
    grow(ClaimFactory(), 1)
    is_problem(anyone.get(LOG + address), 404, "not_found")
    assert read(anyone, "/entries")["results"] == read(anyone, "/checkpoints")["results"] == []


def test_an_exchanged_key_stays_listed(anyone):
    sign()
    signing.rotate_key(now=NOW)
    signing.signers(now=NOW)
    signing.drop_old_keys(now=NOW)
    sign(again=True)
    old, new = read(anyone, "/keys")["results"]
    assert old["until"] and new["until"] is None and old["name"] == new["name"] and LogKey.objects.count() == 2


def test_an_outsider_downloads_the_program_the_export_and_the_checkpoint_and_checks_them(anyone, sizes, tmp_path):
    key = read(anyone, "/keys")["results"][0]["key"]
    for name, address in (
        ("verifier.py", "/verifier"),
        ("export.jsonl", "/exports/300"),
        ("now.txt", "/checkpoints/300"),
        ("old.txt", "/checkpoints/1"),
    ):
        answer = anyone.get(LOG + address)
        content = answer.getvalue() if answer.streaming else answer.content
        (tmp_path / name).write_bytes(content)
    lines = (tmp_path / "export.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["seq"] for line in lines[3:]] == list(range(300))

    command = [sys.executable, "-I", "verifier.py", "export.jsonl", "--checkpoint", "now.txt", "--older", "old.txt"]
    done = subprocess.run([*command, "--key", key], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("OK: 300 rows of ")


def test_proofs_read_no_row_of_the_ledger_and_few_hashes(anyone, sizes, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        read(anyone, "/inclusion?seq=400")
    with django_assert_max_num_queries(5):
        read(anyone, "/consistency?older=300")


def test_a_planted_secret_is_in_none_of_it(anyone, sizes, log_key):
    private = log_key.read_text().strip().split("+", 4)[4]
    for address in ("/checkpoint", "/checkpoints", "/keys", "/entries", "/inclusion?seq=0"):
        assert private not in anyone.get(LOG + address).content.decode()
