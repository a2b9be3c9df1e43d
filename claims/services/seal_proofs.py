"""Proving seals: the sealed document against its SHA-256, and its quotes against the stored captures."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from claims.formats.canonical import canonical_json, sha256
from claims.models import Seal
from sources.errors import CaptureLost
from sources.models import Snapshot
from sources.services.captures import captured_bytes

CAPTURES_REMEMBERED = 10_000  # hashes of captures that many claims quote; one line of text each


@dataclass(frozen=True)
class Proof:
    """What became of one seal: how many passages were proved, and what failed first, or "" if nothing did."""

    code: str
    seal_id: int
    sha256: str
    passages: int
    failure: str


def prove_seals(claims: Iterable[str] | None = None) -> Iterator[Proof]:
    """Prove each seal, oldest first, or those of the claims with these public ids; only one is held at a time.

    A seal is proved when its document has its SHA-256 and is canonical, each passage stands at its place in the
    snapshot's text with the surroundings that were sealed, and that text and the captured bytes have the sealed
    hashes. Nothing is written and nothing raised but what the database raises.
    """
    seals = Seal.objects.select_related("verdict__claim").order_by("pk")
    if claims is not None:
        seals = seals.filter(verdict__claim__public_id__in=list(claims))
    captured = lru_cache(CAPTURES_REMEMBERED)(_captured)
    for seal in seals.iterator(chunk_size=50):
        passages, failure = 0, ""
        try:
            for passage, name in _passages(seal):
                _prove(passage, name, captured)
                passages += 1
        except _Broken as broken:
            failure = str(broken)
        yield Proof(seal.verdict.claim.code, seal.pk, seal.sha256, passages, failure)


class _Broken(Exception):
    """What failed, as a clause."""


def _passages(seal: Seal) -> Iterator[tuple[dict[str, Any], str]]:
    found = sha256(seal.document)
    if found != seal.sha256:
        raise _Broken(f"the document has the SHA-256 {found}")
    try:
        document = json.loads(seal.document)
        is_canonical = canonical_json(document) == seal.document
        lists = [("evidence", document["evidence"]), ("appearance", document["appearances"])]
        code = document["claim"]
    except (ValueError, KeyError, TypeError):
        raise _Broken("the document is no seal") from None
    if not is_canonical:
        raise _Broken("the document is not canonical JSON")
    if code != seal.verdict.claim.code:
        raise _Broken(f"the document seals {code}")
    for kind, passages in lists:
        for number, passage in enumerate(passages, 1):
            yield passage, f"{kind} {number}"


def _prove(passage: dict[str, Any], name: str, captured: Any) -> None:
    snapshot = _snapshot(passage, name)
    where = f"{name}, snapshot {snapshot.pk}"
    text = snapshot.text
    if sha256(text) != passage["text_sha256"]:
        raise _Broken(f"{where}: the text has the SHA-256 {sha256(text)}, sealed was {passage['text_sha256']}")
    start, end = passage["start"], passage["end"]
    if text[start:end] != passage["quote"]:
        raise _Broken(f"{where}: at {start} to {end} stands “{text[start:end][:80]}”, not the sealed quote")
    before, after = passage["prefix"], passage["suffix"]
    if text[max(0, start - len(before)) : start] != before or text[end : end + len(after)] != after:
        raise _Broken(f"{where}: the words around the quote are not the sealed ones")
    digest, lost = captured(snapshot.pk)
    if lost:
        raise _Broken(f"{where}: {lost}")
    if digest != passage["raw_sha256"]:
        raise _Broken(f"{where}: the captured bytes have the SHA-256 {digest}, sealed was {passage['raw_sha256']}")


def _snapshot(passage: dict[str, Any], name: str) -> Snapshot:
    """Return the snapshot that was quoted; format 1 names it by its source and its hashes."""
    snapshots = Snapshot.objects.only("pk", "text")
    if "snapshot" in passage:
        found = snapshots.filter(pk=passage["snapshot"]).first()
    else:
        hashes = {"raw_sha256": passage["raw_sha256"], "text_sha256": passage["text_sha256"]}
        found = snapshots.filter(source=passage["source"]["id"], **hashes).first()
    if found is None:
        raise _Broken(f"{name}: its snapshot is gone")
    return found


def _captured(snapshot_id: int) -> tuple[str, str]:
    """Return the SHA-256 of the stored bytes of a snapshot, or why there is none."""
    try:
        return hashlib.sha256(captured_bytes(Snapshot.objects.defer("text").get(pk=snapshot_id))).hexdigest(), ""
    except CaptureLost as lost:
        return "", str(lost)
