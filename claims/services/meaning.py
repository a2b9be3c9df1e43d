"""Meaning: the optional embedding beside the words. Its vectors are rows, made by a worker, held by each process."""

import hashlib
import logging
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from claims.matching import Entry, MatchIndex
from claims.matching.embedding import Embedding, EmbeddingUnusable, to_bytes
from claims.matching.vectors import Vectors
from claims.models import Claim, ClaimVector, PublicDocument

from . import match_rows

log = logging.getLogger(__name__)

BATCH = 200
# Rows that one question reads at most; a process that has just started has all of them after some questions.
READ_AT_ONCE = 20_000
# Rows may become visible a little out of their order; so many before the last are read again with new ones.
OVERLAP = 2 * BATCH


class Meaning:
    """The model and the vectors of this process."""

    def __init__(self, folder: Path) -> None:
        self.embedding = Embedding(folder)
        self._vectors = {public: Vectors(self.embedding.size) for public in (False, True)}
        self._last = 0
        self._guard = threading.Lock()

    def vectors(self, *, public: bool) -> Vectors:
        """Return the vectors, with what workers have made since."""
        with self._guard:
            rows = ClaimVector.objects.filter(model=self.embedding.name)
            newest = rows.aggregate(newest=Max("pk"))["newest"] or 0
            if newest > self._last:
                fresh = rows.filter(pk__gt=max(0, self._last - OVERLAP)).order_by("pk")
                found = list(fresh.values_list("pk", "claim_id", "is_public", "vector")[:READ_AT_ONCE])
                for kind, vectors in self._vectors.items():
                    vectors.put((str(claim), bytes(kept)) for _, claim, is_public, kept in found if is_public == kind)
                self._last = max([self._last, *(row[0] for row in found)])
            return self._vectors[public]


_HELD: dict[str, Meaning | None] = {}
_LOADING = threading.Lock()


def meaning() -> Meaning | None:
    """Return the embedding that the settings name, loaded once; None where they name none or it cannot be used."""
    folder = str(settings.MATCH_EMBEDDING)
    if not folder:
        return None
    with _LOADING:
        if folder not in _HELD:
            _HELD.clear()
            try:
                _HELD[folder] = Meaning(Path(folder))
            except EmbeddingUnusable as refusal:
                log.error("claims are matched by their words alone: %s", refusal)
                _HELD[folder] = None
        return _HELD[folder]


def ranking() -> str:
    """Say which of the two the service runs: "words", or "words_and_meaning"."""
    return "words" if meaning() is None else "words_and_meaning"


def add_meaning(index: MatchIndex, *, public: bool) -> None:
    """Let an index weigh meaning too, where there is an embedding."""
    found = meaning()
    if found is None:
        index.use_meaning(None, None)
    else:
        index.use_meaning(found.embedding, found.vectors(public=public))


def make_vectors(*, limit: int = 2_000) -> int:
    """Make the vectors that are missing or of other words, the newest claims first; return how many were looked at.

    Safe to run twice and side by side: who comes second finds nothing to do, or does the same.
    """
    found = meaning()
    if found is None:
        return 0
    made = 0
    while made < limit and (count := _make_some(found.embedding)):
        made += count
    return made


def _make_some(embedding: Embedding) -> int:
    have = ClaimVector.objects.filter(claim=OuterRef("pk"), model=embedding.name, version=OuterRef("version"))
    claims = Claim.objects.exclude(workflow=Claim.Workflow.MERGED).exclude(Exists(have.filter(is_public=False)))
    documents = PublicDocument.objects.filter(status=200).exclude(Exists(have.filter(is_public=True)))
    desk = dict(claims.order_by("-pk").values_list("pk", "version")[:BATCH])
    public = dict(documents.order_by("-pk").values_list("pk", "version")[:BATCH])
    _make(embedding, match_rows.desk_entries(desk), desk, public=False)
    _make(embedding, match_rows.public_entries(public), public, public=True)
    return len(desk) + len(public)


def _make(embedding: Embedding, entries: Iterable[Entry], versions: dict[int, int], *, public: bool) -> None:
    """Store the vectors of these entries; where the words are the same, only that they were seen."""
    texts = {int(entry.id): entry.meant for entry in entries}
    hashes = {pk: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for pk, text in texts.items()}
    rows: Any = ClaimVector.objects.filter(is_public=public, claim__in=versions, model=embedding.name)
    same = {pk for pk, known in rows.values_list("claim_id", "text_sha256") if hashes.get(pk) == known}
    new = [pk for pk in texts if pk not in same]
    vectors = embedding.encode([texts[pk] for pk in new])
    with transaction.atomic():
        for pk in same:
            rows.filter(claim=pk).update(version=versions[pk])
        ClaimVector.objects.filter(is_public=public, claim__in=new).delete()
        ClaimVector.objects.bulk_create(
            (
                ClaimVector(
                    claim_id=pk, is_public=public, model=embedding.name, version=versions[pk],
                    text_sha256=hashes[pk], vector=to_bytes(vector),
                )
                for pk, vector in zip(new, vectors, strict=True)
            ),
            ignore_conflicts=True,
        )  # fmt: skip
