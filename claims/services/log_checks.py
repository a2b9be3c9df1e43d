"""Checking the ledger: every row against what was signed, and the checkpoints against their keys."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims import merkle
from claims.errors import SigningUnavailable
from claims.formats import notes
from claims.formats.canonical import canonical_json
from claims.models import Change, Checkpoint, LedgerHead, LogCheck

from .checkpoints import signed_hashes
from .signing import held_keys, public_keys


@dataclass(frozen=True)
class Finding:
    """What a look found: how many rows were read, what does not hold first ("" if nothing), and in which row."""

    size: int
    failure: str = ""
    first_bad_seq: int | None = None


class _Broken(Exception):
    def __init__(self, message: str, seq: int | None = None):
        super().__init__(message)
        self.seq = seq


def check_log(*, now: datetime, older: Sequence[notes.Checkpoint] = ()) -> LogCheck:
    """Look at the whole ledger and keep what was found, for the public page and the desk.

    `older` are checkpoints of this log that were kept elsewhere, their signatures checked by the caller.
    """
    finding = examine_log(older)
    return LogCheck.objects.create(
        checked_at=now, size=finding.size, failure=finding.failure, first_bad_seq=finding.first_bad_seq
    )


def examine_log(older: Iterable[notes.Checkpoint] = ()) -> Finding:
    """Read every row, hash and checkpoint; nothing is written and nothing raised but by the database.

    The ledger holds when its rows count from 0 without a gap, each says in its columns what its signed body says,
    and their hashes lead to the root of every checkpoint, each signed by a key that is listed and the newest by
    one that is held here. The first bad row is named from the stored hashes, which the newest root vouches for.
    """
    next_seq = LedgerHead.objects.values_list("next_seq", flat=True).first() or 0
    stored = list(Checkpoint.objects.order_by("size", "pk"))
    reading = _Reading(stored[-1] if stored else None)
    try:
        _check_signatures(stored)
        roots = [
            *((point.size, bytes(point.root)) for point in stored),
            *((point.size, point.root) for point in older),
        ]
        reading.read(roots, next_seq)
    except _Broken as broken:
        return Finding(reading.rows.size, str(broken), broken.seq)
    return Finding(reading.rows.size)


def _check_signatures(stored: list[Checkpoint]) -> None:
    keys = public_keys()
    newest: list[notes.VerifierKey] = []
    for point in stored:
        try:
            text, newest = notes.open_note(point.note, keys)
            told = notes.read_checkpoint(text)
        except notes.NotANote as reason:
            raise _Broken(f"The checkpoint of {point.size} rows is not what was signed: {reason}") from None
        if (told.size, told.root) != (point.size, bytes(point.root)) or told.origin not in {k.name for k in newest}:
            raise _Broken(f"The checkpoint of {point.size} rows says other than its signed text.")
    try:
        held = {key.verifier for key in held_keys()}
    except SigningUnavailable:
        held = set()
    if newest and held and held.isdisjoint(newest):
        raise _Broken("The newest checkpoint was signed by a key that is not the one held here.")


class _Reading:
    """One pass over the rows, beside the hashes that were stored when they were signed."""

    def __init__(self, newest: Checkpoint | None):
        self.stored = signed_hashes(newest.size) if newest else []
        self.is_vouched = newest is None or (
            len(self.stored) == newest.size and merkle.root_of(self.stored) == bytes(newest.root)
        )
        self.rows = merkle.Frontier()
        self.roots: dict[int, bytes] = {0: merkle.EMPTY}
        self.differs: int | None = None
        self.odd: _Broken | None = None

    def read(self, signed: list[tuple[int, bytes]], next_seq: int) -> None:
        """Read all rows; or raise _Broken with the first that does not hold."""
        wanted = {size for size, _ in signed}
        columns = ("seq", "kind", "claim__public_id", "cause", "actor", "at", "body")
        for row in Change.objects.order_by("seq").values(*columns).iterator(chunk_size=500):
            seq = self.rows.size
            if row["seq"] != seq:
                break
            if self.odd is None and (said := _contradiction(row)):
                self.odd = _Broken(said, seq)
            leaf = merkle.leaf_hash(row["body"].encode("utf-8", "surrogatepass"))
            if self.differs is None and seq < len(self.stored) and self.stored[seq] != leaf:
                self.differs = seq
            self.rows.append(leaf)
            if self.rows.size in wanted:
                self.roots[self.rows.size] = self.rows.root()
        found = self._unsigned(signed)
        if found is None and self.rows.size < next_seq:
            found = _Broken(f"Row {self.rows.size} is missing.", self.rows.size)
        if found or self.odd:
            raise _earliest(found, self.odd)

    def _unsigned(self, signed: list[tuple[int, bytes]]) -> _Broken | None:
        """Return the first row that is not what was signed, as narrowly as hashes and checkpoints tell."""
        if self.is_vouched and self.differs is not None:
            return _Broken(f"Row {self.differs} is not what was signed.", self.differs)
        wrong = self._wrong_range(signed)
        if wrong is None:
            if self.is_vouched:
                return None
            return _Broken("The stored hashes were changed; the rows are what was signed.")
        first, last = wrong
        if self.differs is not None and first <= self.differs <= last:
            return _Broken(f"Row {self.differs} is not what was signed.", self.differs)
        if first <= self.rows.size <= last:
            return _Broken(f"Row {self.rows.size} is missing.", self.rows.size)
        where = f"Row {first}" if first == last else f"One of the rows {first} to {last}"
        return _Broken(f"{where} is not what was signed.", first)

    def _wrong_range(self, signed: list[tuple[int, bytes]]) -> tuple[int, int] | None:
        """Return the rows between the last root that the rows lead to and the first that they do not."""
        led_to = [size for size, root in signed if self.roots.get(size) == root]
        failed = [size for size, root in signed if self.roots.get(size) != root]
        if not failed:
            return None
        size = min(failed)
        return max((good for good in led_to if good < size), default=0), max(size - 1, 0)


def _earliest(*found: _Broken | None) -> _Broken:
    """Return the one that names the first row; what names none comes before, as it leaves all rows in doubt."""
    return min((one for one in found if one), key=lambda one: -1 if one.seq is None else one.seq)


def _contradiction(row: dict[str, Any]) -> str:
    """Say how a row's columns and its signed body differ, or that the body is no canonical JSON; else ""."""
    seq = row["seq"]
    try:
        body = json.loads(row["body"])
        code = body["claim"].replace("-", "")
        said = (body["seq"], body["kind"], code, body["cause"], body["actor"], datetime.fromisoformat(body["at"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return f"Row {seq} is not a row of the ledger."
    if canonical_json(body) != row["body"]:
        return f"Row {seq} is not written as canonical JSON."
    kept = (seq, row["kind"], row["claim__public_id"], row["cause"], row["actor"], row["at"])
    return "" if said == kept else f"Row {seq} says in its columns other than in its signed body."
