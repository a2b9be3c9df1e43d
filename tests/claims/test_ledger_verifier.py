"""The outsider's verifier: what holds passes, and every way of tampering with an export is found."""

import ast
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import ledger_verifier as verifier
from claims import merkle
from claims.formats import notes
from claims.formats.canonical import canonical_json

ORIGIN = "desk.example/log"
MUTATIONS = 1000

# RFC 8032 section 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_verify_and_no_other_does(public, message, signature):
    public, message, signature = map(bytes.fromhex, (public, message, signature))
    assert verifier.is_signed(public, message, signature)
    assert not verifier.is_signed(public, message + b"\x00", signature)
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    assert not verifier.is_signed(public, message, flipped)
    # The same signature with the order of the group added to its scalar (RFC 8032 section 8.4).
    scalar = int.from_bytes(signature[32:], "little") + verifier.L
    assert not verifier.is_signed(public, message, signature[:32] + scalar.to_bytes(32, "little"))


@settings(max_examples=20)
@given(st.binary(max_size=200))
def test_what_our_keys_sign_verifies(message):
    signer = notes.Signer("desk", bytes(range(32)))
    text = message.hex()
    signature = signer.sign(text)
    assert verifier.is_signed(signer.verifier.public, text.encode(), signature)
    assert not verifier.is_signed(signer.verifier.public, (text + "0").encode(), signature)


@dataclass(frozen=True)
class Log:
    """An export with its checkpoint, and an older checkpoint that an outsider kept."""

    export: bytes
    note: str
    older: str
    key: str
    rows: int

    def lines(self) -> list[bytes]:
        return self.export[:-1].split(b"\n")

    @property
    def head(self) -> int:
        return len(self.lines()) - self.rows


def row(seq: int, said: str = "") -> bytes:
    changed = {"version": 1, "finding": said or f"The harbour counted {400 + seq % 90} arrivals – “{seq}”.\n"}
    return canonical_json({"seq": seq, "kind": "claim.published", "claim": "7K3M-Q9TX", "after": changed}).encode()


def signed(rows: list[bytes], size: int, signer: notes.Signer) -> str:
    root = merkle.root_of([merkle.leaf_hash(row) for row in rows[:size]])
    return notes.signed_note(notes.Checkpoint(signer.name, size, root).text(), [signer])


def made(count: int, *, signer: notes.Signer, older: int) -> Log:
    rows = [row(seq) for seq in range(count)]
    hashes = [merkle.leaf_hash(row) for row in rows]
    tiles = [verifier.hashes_line(at // 256, hashes[at : at + 256]) for at in range(0, count, 256)]
    export = b"".join(line + b"\n" for line in [verifier.header_line(ORIGIN, count), *tiles, *rows])
    return Log(export, signed(rows, count, signer), signed(rows, older, signer), str(signer.verifier), count)


@pytest.fixture(scope="module")
def signer() -> notes.Signer:
    return notes.new_signer(ORIGIN)


@pytest.fixture(scope="module")
def log(signer) -> Log:
    return made(300, signer=signer, older=290)


def verified(export: bytes, note: str, key: str, older: tuple[str, ...] = ()) -> int:
    keys = [verifier.read_key(key)]
    return verifier.check(
        export, verifier.open_checkpoint(note, keys), [verifier.open_checkpoint(old, keys) for old in older]
    )


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 513])
def test_an_export_that_nobody_touched_holds(count, signer):
    log = made(count, signer=signer, older=count // 2)
    assert verified(log.export, log.note, log.key, (log.older, log.note)) == count


def mutated(log: Log, chance: random.Random, thief: notes.Signer) -> tuple[bytes, str, int | None, str]:
    """Return an export and its checkpoint with one thing done to them, the first row this touches, and what it was."""
    lines, export, head = log.lines(), bytearray(log.export), log.head
    kind = chance.choice(
        ["flip", "flip in a row", "delete", "swap", "insert", "cut", "cut and signed before", "re-sign"]
    )
    if kind == "flip":
        export[chance.randrange(len(export))] ^= 1 << chance.randrange(8)
        return bytes(export), log.note, None, kind
    if kind == "re-sign":
        seq = chance.randrange(log.rows)
        rows = [*lines[head : head + seq], row(seq, "Another finding."), *lines[head + seq + 1 :]]
        return joined([*lines[:head], *rows]), signed(rows, log.rows, thief), None, kind
    first = chance.randrange(log.rows)
    if kind == "flip in a row":
        changed = bytearray(lines[head + first])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        if changed != lines[head + first]:
            lines[head + first] = bytes(changed)
    elif kind == "delete":
        del lines[head + first]
    elif kind == "swap":
        other = chance.choice([seq for seq in range(log.rows) if seq != first])
        lines[head + first], lines[head + other] = lines[head + other], lines[head + first]
        first = min(first, other)
    elif kind == "insert":
        lines.insert(head + first, chance.choice([row(first, "Put in."), lines[head + chance.randrange(first + 1)]]))
        if lines[head + first] == lines[head + first + 1]:
            first += 1
    elif kind == "cut":
        del lines[head + first :]
    else:
        # All of it as it was some rows ago, which the older checkpoint that was kept knows to be too few.
        kept = chance.randrange(200, 290)
        short = made(kept, signer=thief, older=0)
        return short.export, f"cut to {kept}", kept, kind
    return joined(lines), log.note, first, kind


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def test_every_one_of_a_thousand_random_mutations_is_found_and_its_first_row_named(log, signer):
    chance, thief = random.Random(20260302), notes.new_signer(ORIGIN)
    keys = [verifier.read_key(log.key)]
    checkpoint, older = verifier.open_checkpoint(log.note, keys), [verifier.open_checkpoint(log.older, keys)]
    assert verifier.check(log.export, checkpoint, older) == log.rows
    kinds, named = set(), 0
    for number in range(MUTATIONS):
        export, note, first, kind = mutated(log, chance, thief)
        assert (export, note) != (log.export, log.note), kind
        with pytest.raises(verifier.Broken) as found:
            if note == log.note:
                verifier.check(export, checkpoint, older)
            elif note.startswith("cut"):
                verifier.check(export, verifier.open_checkpoint(signed_anew(export, first, signer), keys), older)
            else:
                verifier.check(export, verifier.open_checkpoint(note, keys), older)
        if first is not None:
            assert found.value.row == first, (number, kind, str(found.value))
            named += 1
        kinds.add(kind)
    assert len(kinds) == 8 and named > MUTATIONS / 2


def signed_anew(export: bytes, count: int, signer: notes.Signer) -> str:
    rows = export[:-1].split(b"\n")[-count:]
    return signed(rows, count, signer)


def test_a_flipped_byte_of_a_row_names_that_row_and_one_of_the_hashes_says_that_the_rows_are_whole(log):
    keys = [verifier.read_key(log.key)]
    checkpoint = verifier.open_checkpoint(log.note, keys)
    lines = log.lines()
    lines[2] = lines[2].replace(b"A", b"B", 1)
    with pytest.raises(verifier.Broken, match="rows are what was signed"):
        verifier.check(joined(lines), checkpoint)
    lines[log.head + 7] = lines[log.head + 7].replace(b"harbour", b"airport")
    with pytest.raises(verifier.Broken) as found:
        verifier.check(joined(lines), checkpoint)
    assert found.value.row == 7


def test_every_flipped_bit_of_a_checkpoint_is_found(log):
    note, chance = log.note.encode(), random.Random(7)
    for at in chance.sample(range(len(note)), 60):
        changed = bytearray(note)
        changed[at] ^= 1 << chance.randrange(7)
        with pytest.raises(verifier.Broken):
            verified(log.export, bytes(changed).decode("utf-8", "replace"), log.key)


def test_a_log_that_was_rewritten_and_signed_anew_with_the_true_key_is_found_by_an_older_checkpoint(log, signer):
    rows = log.lines()[log.head :]
    rows[3] = row(3, "It was never said.")
    hashes = [merkle.leaf_hash(row) for row in rows]
    tiles = [verifier.hashes_line(at // 256, hashes[at : at + 256]) for at in range(0, log.rows, 256)]
    export = joined([verifier.header_line(ORIGIN, log.rows), *tiles, *rows])
    note = signed(rows, log.rows, signer)
    assert verified(export, note, log.key) == log.rows
    with pytest.raises(verifier.Broken, match="rewritten"):
        verified(export, note, log.key, (log.older,))


def test_a_checkpoint_of_another_log_proves_nothing(log, signer):
    other = notes.new_signer("other.example/log")
    rows = log.lines()[log.head :]
    note = notes.signed_note(notes.read_checkpoint(log.note).text(), [other])
    with pytest.raises(verifier.Broken, match="another log"):
        verified(log.export, note, str(other.verifier))
    with pytest.raises(verifier.Broken, match="not signed by the key"):
        verified(log.export, signed(rows, log.rows, other), log.key)


def test_a_row_that_was_signed_with_another_seq_is_named(signer):
    rows = [row(0), row(2)]
    tile = verifier.hashes_line(0, [merkle.leaf_hash(row) for row in rows])
    with pytest.raises(verifier.Broken) as found:
        verified(joined([verifier.header_line(ORIGIN, 2), tile, *rows]), signed(rows, 2, signer), str(signer.verifier))
    assert found.value.row == 1


# -- as an outsider runs it -------------------------------------------------------------------------------
def run(folder: Path, log: Log, *more: str, export: bytes | None = None, key: str = "") -> tuple[int, str]:
    """Run a copy of the file, alone in a folder, as its own isolated Python."""
    program = folder / "ledger_verifier.py"
    program.write_bytes(Path(verifier.__file__).read_bytes())
    (folder / "export.jsonl").write_bytes(log.export if export is None else export)
    (folder / "checkpoint.txt").write_text(log.note)
    (folder / "older.txt").write_text(log.older)
    command = [sys.executable, "-I", "-S", str(program), "export.jsonl", "--checkpoint", "checkpoint.txt"]
    done = subprocess.run(
        [*command, "--key", key or log.key, *more], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_program_needs_nothing_but_python_and_answers_in_one_line(log, tmp_path):
    assert run(tmp_path, log, "--older", "older.txt") == (
        0,
        f"OK: 300 rows of {ORIGIN} are what was signed, and begin with 1 older checkpoints.\n",
    )
    changed = log.export.replace(b"counted 405", b"counted 504", 1)
    assert run(tmp_path, log, export=changed) == (1, "FAILED: row 5 is not what was signed\n")
    stranger = str(notes.new_signer(ORIGIN).verifier)
    assert run(tmp_path, log, key=stranger)[0] == 1
    assert run(tmp_path, log, "--older", "nowhere.txt") == (
        1,
        "FAILED: nowhere.txt cannot be read (No such file or directory)\n",
    )
    assert run(tmp_path, log, key="nonsense")[0] == 1


def test_the_program_imports_the_standard_library_alone():
    tree = ast.parse(Path(verifier.__file__).read_text())
    imported = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert set(imported) <= set(sys.stdlib_module_names) - {"socket", "urllib", "http", "ssl"}


def test_ten_thousand_rows_are_checked(signer, tmp_path):
    log = made(10_000, signer=signer, older=9_000)
    assert run(tmp_path, log, "--older", "older.txt")[0] == 0
    lines = log.lines()
    lines[-1] = row(9_999, "Another.")
    assert run(tmp_path, log, export=joined(lines)) == (1, "FAILED: row 9999 is not what was signed\n")
