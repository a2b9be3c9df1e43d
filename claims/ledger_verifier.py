#!/usr/bin/env python3
"""Check an export of the ledger against its signed checkpoint, with nothing but Python and a public key.

    python ledger_verifier.py export.jsonl --checkpoint checkpoint.txt --key "name+hash+data" [--older old.txt ...]

It answers 0 and one line when every row is what was signed, and 1 with the first row that is not. Give it every
older checkpoint you kept: a log that was rewritten or cut since then is found out by them, even when its keeper
signed it anew. It reads files and writes a line; it opens no connection and imports nothing of the service.

The export is lines: a header, one line for each 256 rows with the hashes of these rows, then the rows themselves, in
the order of their seq. A row's line is the very bytes that were hashed (RFC 6962: SHA-256 over a zero byte and the
row). A checkpoint is a C2SP tlog-checkpoint, signed with Ed25519 (RFC 8032).
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys

TILE = 256  # rows whose hashes stand in one line


class Broken(Exception):
    """What does not hold; `row` is the first row it is known of, or None."""

    def __init__(self, message, row=None):
        super().__init__(message)
        self.row = row


# -- Ed25519, as RFC 8032 section 6 writes it out: verifying only, on public data ----------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(number, point):
    product = (0, 1, 1, 0)
    while number:
        if number & 1:
            product = point_add(product, point)
        point = point_add(point, point)
        number >>= 1
    return product


def is_same_point(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def x_of(y, sign):
    """Return the x of a point, or None if there is none with this y and sign."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, message, signature):
    """Whether this is the Ed25519 signature of the message by the owner of the 32 byte public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment, scalar = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return is_same_point(point_times(scalar, BASE), point_add(commitment, point_times(challenge, key)))


# -- keys and checkpoints: C2SP signed-note and tlog-checkpoint -----------------------------------------
def base64_of(text):
    """Return the bytes; only of base64 written the one right way, so that no changed letter goes unseen."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if base64.b64encode(data).decode() == text else b""


def read_key(text):
    """Return name, key hash and public key of `name+hash+data`; or raise Broken."""
    name, _, rest = text.strip().partition("+")
    key_id, _, data = rest.partition("+")
    key = base64_of(data)
    key_hash = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if not name or len(key) != 33 or key[0] != 1 or key_hash.hex() != key_id:
        raise Broken("the key is not a public key as the log lists it (name+hash+data)")
    return name, key_hash, key[1:]


def open_checkpoint(note, keys):
    """Return origin, size and root of a checkpoint that one of the keys signed; or raise Broken."""
    text, blank, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or not signatures.endswith("\n") or len(lines) < 3:
        raise Broken("the checkpoint is not a signed note")
    known = {(name, key_hash): public for name, key_hash, public in keys}
    signed = False
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, data = rest.partition(" ")
        signature = base64_of(data)
        if dash != "\u2014" or len(signature) < 5:
            raise Broken("the checkpoint has a line that is no signature")
        public = known.get((name, signature[:4]))
        if public is not None:
            if not is_signed(public, (text + "\n").encode(), signature[4:]):
                raise Broken("the checkpoint's signature does not fit its text")
            signed = True
    if not signed:
        raise Broken("the checkpoint is not signed by the key that was given")
    origin, size, root = lines[0], lines[1], base64_of(lines[2])
    if not (size.isascii() and size.isdigit()) or str(int(size)) != size or len(root) != 32:
        raise Broken("the checkpoint's text is not one of a log")
    if origin not in {name for name, _, _ in keys}:
        raise Broken("the checkpoint is of another log than the key")
    return origin, int(size), root


# -- the tree of RFC 6962 -------------------------------------------------------------------------------
def leaf_hash(row):
    return hashlib.sha256(b"\x00" + row).digest()


def root_of(leaves):
    """Return the root of the tree over these leaf hashes."""
    peaks: list = []
    for number, leaf in enumerate(leaves):
        while number & 1:
            leaf = hashlib.sha256(b"\x01" + peaks.pop() + leaf).digest()
            number >>= 1
        peaks.append(leaf)
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks.pop()
    while peaks:
        root = hashlib.sha256(b"\x01" + peaks.pop() + root).digest()
    return root


# -- the export -----------------------------------------------------------------------------------------
def header_line(origin, size):
    return canonical({"format": "ledger export 1", "origin": origin, "size": size})


def hashes_line(number, hashes):
    return canonical({"hashes": base64.b64encode(b"".join(hashes)).decode(), "tile": number})


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def listed_hashes(lines, size):
    """Return the hash each row should have; None for the rows of a line that is not exactly as it has to be."""
    found: list = []
    for number in range(-(-size // TILE)):
        count = min(TILE, size - number * TILE)
        line = lines[number] if number < len(lines) else b""
        try:
            packed = base64_of(json.loads(line)["hashes"])
        except (ValueError, KeyError, TypeError, RecursionError):
            packed = b""
        hashes = [packed[at : at + 32] for at in range(0, len(packed), 32)]
        is_whole = len(hashes) == count and hashes_line(number, hashes) == line
        found += hashes if is_whole else [None] * count
    return found


def check(export, checkpoint, older=()):
    """Check an export's bytes against opened checkpoints and return the number of rows; or raise Broken.

    `older` are opened checkpoints of the same log that were kept.
    """
    origin, size, root = checkpoint
    for name, older_size, _ in older:
        if name != origin:
            raise Broken("an older checkpoint is of another log")
        if older_size > size:
            raise Broken(f"row {size} is missing: an older checkpoint covers {older_size}, this one {size}", size)
    lines = export.split(b"\n")
    ends_well = lines[-1] == b""
    if ends_well:
        lines.pop()
    head = 1 + -(-size // TILE)
    rows, listed = lines[head:], listed_hashes(lines[1:head], size)
    leaves = [leaf_hash(row) for row in rows]
    if None in listed or root_of(listed) != root:
        raise without_list(lines[-size:] if size else [], leaves, listed, root)
    for row, (leaf, signed) in enumerate(zip(leaves, listed)):  # noqa: B905 (the shorter ends it)
        if leaf != signed:
            raise Broken(f"row {row} is not what was signed", row)
    if len(leaves) < size:
        raise Broken(f"row {len(leaves)} is missing: {size} were signed, {len(leaves)} are here", len(leaves))
    if len(leaves) > size:
        raise Broken(f"row {size} was added: only {size} were signed", size)
    if lines[0] != header_line(origin, size) or not ends_well:
        raise Broken("the export's first or last line is damaged; its rows are what was signed")
    for row, line in enumerate(rows):
        if seq_of(line) != row:
            raise Broken(f"row {row} was signed with another seq", row)
    for _, older_size, older_root in older:
        if root_of(leaves[:older_size]) != older_root:
            raise Broken(f"the log was rewritten: its first {older_size} rows had another root when you kept it")
    return size


def without_list(last_lines, leaves, listed, root):
    """Return what is wrong with an export whose list of hashes is not the one that was signed."""
    if root_of([leaf_hash(row) for row in last_lines]) == root:
        return Broken("the export's list of hashes is damaged; its rows are what was signed")
    for row, (leaf, named) in enumerate(zip(leaves, listed)):  # noqa: B905 (the shorter ends it)
        if named is not None and leaf != named:
            return Broken(f"row {row} is not what is listed, and the list itself is damaged", row)
    return Broken("neither the rows nor the list of their hashes are what was signed; which row cannot be told")


def seq_of(line):
    try:
        return json.loads(line)["seq"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check an export of the ledger against its signed checkpoint.")
    parser.add_argument("export", help="the export, a file of lines")
    parser.add_argument("--checkpoint", required=True, metavar="FILE", help="the checkpoint that came with it")
    parser.add_argument("--older", action="append", default=[], metavar="FILE", help="one you kept; may be repeated")
    parser.add_argument("--key", action="append", required=True, help="the log's public key; may be repeated")
    given = parser.parse_args(arguments)
    try:
        keys = [read_key(key) for key in given.key]
        notes = [read(name).decode("utf-8", "replace") for name in (given.checkpoint, *given.older)]
        checkpoint, *older = [open_checkpoint(note, keys) for note in notes]
        size = check(read(given.export), checkpoint, older)
    except Broken as reason:
        sys.stdout.write(f"FAILED: {reason}\n")
        return 1
    except OSError as trouble:
        sys.stdout.write(f"FAILED: {trouble.filename} cannot be read ({trouble.strerror})\n")
        return 1
    sys.stdout.write(f"OK: {size} rows of {checkpoint[0]} are what was signed")
    sys.stdout.write(f", and begin with {len(older)} older checkpoints.\n" if older else ".\n")
    return 0


def read(name):
    with open(name, "rb") as file:
        return file.read()


if __name__ == "__main__":
    sys.exit(main())
