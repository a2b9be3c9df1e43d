"""Writing imported claims: a batch at a time, with history, at the price of a few statements a batch."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import slugify

from claims import public_ids
from claims.importing.rows import Counted, Draft, Named, Problem
from claims.models import Appearance, Claim, Claimant, Figure, Import, ImportedClaim, Topic
from sources.services.bulk import as_stored, insert_many, new_ids
from sources.services.history import record_many
from sources.services.passages import Passage, keep_passages

CHANGE = "imported"
CHUNK = 1000  # rows to a statement, where a statement lists them
CACHE = 50_000  # names kept in memory with their ids


@dataclass(frozen=True)
class Judged:
    """Drafts told apart: new, already here, or claiming the id of a claim that says something else."""

    new: list[Draft] = field(default_factory=list)
    known: list[Draft] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)


def judge(drafts: Iterable[Draft], seen: set[str] | None = None) -> Judged:
    """Tell the drafts apart by what the desk has now; `seen` holds the keys of those that went before."""
    drafts = list(drafts)
    seen = set() if seen is None else seen
    keys = [draft.key for draft in drafts]
    here = set(ImportedClaim.objects.filter(key__in=keys).values_list("key", flat=True))
    codes = {draft.id: public_ids.read(draft.id) for draft in drafts if draft.id}
    named = dict(
        Claim.objects.filter(public_id__in={code for code in codes.values() if code}).values_list("public_id", "text")
    )
    judged = Judged()
    for draft, key in zip(drafts, keys, strict=True):
        text = named.get(codes.get(draft.id) or "")
        if text is not None and text != draft.text:
            judged.refused.append(
                Problem(
                    draft.number, draft.place, "id", "id_taken",
                    f"{draft.id} is the id of another claim of this desk, with other words. Take the id out to bring "
                    "the row in as a claim of its own.",
                )
            )  # fmt: skip
        elif text is not None or key in here or key in seen:
            judged.known.append(draft)
        else:
            seen.add(key)
            judged.new.append(draft)
    return judged


class Writer:
    """Writes drafts of one import; keeps the ids of names it has seen from batch to batch."""

    def __init__(self, run: Import, by: User):
        self.run, self.by = run, by
        self._claimants: dict[str, int] = {}
        self._topics: dict[str, int] = {}

    def forget(self) -> None:
        """Forget ids: the transaction they were made in may have been rolled back."""
        self._claimants.clear()
        self._topics.clear()

    def write(self, drafts: Sequence[Draft], figures: Sequence[Sequence[Counted]], *, now: datetime) -> list[int]:
        """Write these new drafts as unstarted claims and return their keys; called in the caller's transaction."""
        made: list[int] = []
        for at in range(0, len(drafts), CHUNK):
            made += self._write(drafts[at : at + CHUNK], figures[at : at + CHUNK], now)
        return made

    def _write(self, drafts: Sequence[Draft], figures: Sequence[Sequence[Counted]], now: datetime) -> Sequence[int]:
        ids = new_ids(Claim, len(drafts))
        day = as_stored(Claim, "review_by")
        insert_many(
            Claim,
            ("id", "public_id", "text", "context", "language", "priority", "review_by"),
            (
                (pk, public_id, draft.text, draft.context, draft.language, draft.priority, day(draft.review_by))
                for pk, public_id, draft in zip(ids, _free_ids(len(drafts)), drafts, strict=True)
            ),
            drafted_by_id=self.by.pk,
            created_at=now,
            updated_at=now,
        )
        pairs = list(zip(ids, drafts, strict=True))
        self._join(pairs)
        record_many(Claim, ids, by=self.by, now=now, change=CHANGE)
        number = as_stored(Figure, "low")
        insert_many(
            Figure,
            ("claim_id", "text", "low", "high", "qualifier", "unit", "whole", "period", "place"),
            (
                (
                    pk, one.text, number(one.low), number(one.high), one.qualifier, one.unit, number(one.whole),
                    one.period, one.place,
                )
                for pk, found in zip(ids, figures, strict=True)
                for one in found
            ),
        )  # fmt: skip
        quoted = self._appear(pairs, now)
        insert_many(
            ImportedClaim,
            ("claim_id", "key", "place", "their_id", "review", "said"),
            (
                (
                    pk, draft.key, draft.place[:200], draft.id, json.dumps(draft.review),
                    json.dumps([said.as_dict() for n, said in enumerate(draft.said) if (pk, n) not in quoted]),
                )
                for pk, draft in pairs
            ),
            run_id=self.run.pk,
        )  # fmt: skip
        return ids

    def _join(self, pairs: Sequence[tuple[int, Draft]]) -> None:
        """Tie the claims to their claimants and topics."""
        named = {one.name: one for _, draft in pairs for one in draft.claimants}
        claimants = self._ids(self._claimants, Claimant, named)
        topics = self._ids(self._topics, Topic, {name: Named(name) for _, draft in pairs for name in draft.topics})
        of_claimants = ((pk, claimants[one.name]) for pk, draft in pairs for one in draft.claimants)
        insert_many(Claim.claimants.through, ("claim_id", "claimant_id"), of_claimants)
        of_topics = ((pk, topics[name]) for pk, draft in pairs for name in draft.topics)
        insert_many(Claim.topics.through, ("claim_id", "topic_id"), of_topics)

    def _ids(self, cache: dict[str, int], model: Any, wanted: dict[str, Named]) -> dict[str, int]:
        """Return the ids of these names, made where there are none."""
        if len(cache) > CACHE:
            cache.clear()
        unknown = [name for name in wanted if name not in cache]
        for at in range(0, len(unknown), CHUNK):
            names = unknown[at : at + CHUNK]
            rows = model.objects.filter(name__in=names)
            cache.update(rows.values_list("name", "pk"))
            for tailed in (False, True):  # a slug that somebody took at this moment is taken with a tail then
                missing = [wanted[name] for name in names if name not in cache]
                if missing:
                    model.objects.bulk_create(_named(model, missing, tailed=tailed), ignore_conflicts=True)
                    cache.update(rows.values_list("name", "pk"))
        return cache

    def _appear(self, pairs: Sequence[tuple[int, Draft]], now: datetime) -> set[tuple[int, int]]:
        """Keep the quotes that came with an address as appearances; return those, by claim and number."""
        quotes = [(pk, n, said, draft) for pk, draft in pairs for n, said in enumerate(draft.said) if said.quote]
        if not quotes:
            return set()
        places = keep_passages(
            (Passage(said.url, said.quote, said.title) for _, _, said, _ in quotes), by=self.by, now=now
        )
        day = as_stored(Appearance, "said_on")
        appearances: dict[tuple[int, int, int], tuple[Any, ...]] = {}
        kept = set()
        for pk, number, said, draft in quotes:
            place = places.get((said.url, said.quote))
            if place is None:
                continue
            kept.add((pk, number))
            snapshot_id, start = place
            claimant = self._claimants[draft.claimants[0].name] if len(draft.claimants) == 1 else None
            end = start + len(said.quote)
            appearances[pk, snapshot_id, start] = (
                pk, snapshot_id, said.quote, start, end, day(said.said_on), claimant,
            )  # fmt: skip
        insert_many(
            Appearance,
            ("claim_id", "snapshot_id", "quote", "start", "end", "said_on", "claimant_id"),
            appearances.values(),
            added_by_id=self.by.pk,
            added_at=now,
        )
        return kept


def _free_ids(count: int) -> list[str]:
    """Return so many public ids that no claim has; of a million, two draw the same with a chance of one in three."""
    found = set(public_ids.several(count))
    while taken := set(Claim.objects.filter(public_id__in=found).values_list("public_id", flat=True)):
        found -= taken
        while len(found) < count:
            found.update(public_ids.several(count - len(found)))
    return list(found)


def _named(model: Any, named: list[Named], *, tailed: bool) -> list[Any]:
    """Return new rows of these names with slugs that are free; a name that makes none, or a taken one, gets a tail."""
    stems = {one.name: slugify(one.name)[:60] for one in named}
    taken = set(model.objects.filter(slug__in=set(stems.values())).values_list("slug", flat=True))
    rows = []
    for one in named:
        slug = stems[one.name]
        if tailed or not slug or slug in taken:
            tail = hashlib.sha256(one.name.encode()).hexdigest()[:10]
            slug = f"{slug or model._meta.model_name}-{tail}"
        taken.add(slug)
        more = {"kind": one.kind, "same_as": one.same_as} if model is Claimant else {}
        rows.append(model(name=one.name, slug=slug, **more))
    return rows
