"""Writing imported claims: a batch at a time, with history, at the price of a few statements a batch."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import slugify

from claims import public_ids
from claims.importing.rows import Draft, Named, Problem
from claims.models import Appearance, Claim, Claimant, Figure, Import, ImportedClaim, Topic
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

    def write(self, drafts: Sequence[Draft], figures: Sequence[list[Figure]], *, now: datetime) -> list[Claim]:
        """Write these new drafts as unstarted claims; called in the caller's transaction."""
        made: list[Claim] = []
        for at in range(0, len(drafts), CHUNK):
            made += self._write(drafts[at : at + CHUNK], figures[at : at + CHUNK], now)
        return made

    def _write(self, drafts: Sequence[Draft], figures: Sequence[list[Figure]], now: datetime) -> list[Claim]:
        claims = Claim.objects.bulk_create(
            Claim(
                public_id=public_id,
                text=draft.text,
                context=draft.context,
                language=draft.language,
                priority=draft.priority,
                review_by=draft.review_by,
                drafted_by=self.by,
                created_at=now,
                updated_at=now,
            )
            for draft, public_id in zip(drafts, _free_ids(len(drafts)), strict=True)
        )
        pairs = list(zip(claims, drafts, strict=True))
        self._join(pairs)
        record_many(Claim, [claim.pk for claim in claims], by=self.by, now=now, change=CHANGE)
        for claim, found in zip(claims, figures, strict=True):
            for figure in found:
                figure.claim_id = claim.pk
        Figure.objects.bulk_create(figure for found in figures for figure in found)
        quoted = self._appear(pairs, now)
        ImportedClaim.objects.bulk_create(
            ImportedClaim(
                claim=claim,
                run=self.run,
                key=draft.key,
                place=draft.place[:200],
                their_id=draft.id,
                review=draft.review,
                said=[said.as_dict() for index, said in enumerate(draft.said) if (claim.pk, index) not in quoted],
            )
            for claim, draft in pairs
        )
        return claims

    def _join(self, pairs: Sequence[tuple[Claim, Draft]]) -> None:
        """Tie the claims to their claimants and topics."""
        named = {one.name: one for _, draft in pairs for one in draft.claimants}
        claimants = self._ids(self._claimants, Claimant, named)
        topics = self._ids(self._topics, Topic, {name: Named(name) for _, draft in pairs for name in draft.topics})
        of_claimants: Any = Claim.claimants.through
        of_claimants.objects.bulk_create(
            of_claimants(claim_id=claim.pk, claimant_id=claimants[one.name])
            for claim, draft in pairs
            for one in draft.claimants
        )
        of_topics: Any = Claim.topics.through
        of_topics.objects.bulk_create(
            of_topics(claim_id=claim.pk, topic_id=topics[name]) for claim, draft in pairs for name in draft.topics
        )

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

    def _appear(self, pairs: Sequence[tuple[Claim, Draft]], now: datetime) -> set[tuple[int, int]]:
        """Keep the quotes that came with an address as appearances; return those, by claim and number."""
        quotes = [(claim, n, said, draft) for claim, draft in pairs for n, said in enumerate(draft.said) if said.quote]
        if not quotes:
            return set()
        places = keep_passages(
            (Passage(said.url, said.quote, said.title) for _, _, said, _ in quotes), by=self.by, now=now
        )
        appearances: dict[tuple[int, int, int], Appearance] = {}
        kept = set()
        for claim, number, said, draft in quotes:
            place = places.get((said.url, said.quote))
            if place is None:
                continue
            kept.add((claim.pk, number))
            snapshot_id, start = place
            appearances[claim.pk, snapshot_id, start] = Appearance(
                claim=claim,
                snapshot_id=snapshot_id,
                quote=said.quote,
                start=start,
                end=start + len(said.quote),
                said_on=said.said_on,
                claimant_id=self._claimants[draft.claimants[0].name] if len(draft.claimants) == 1 else None,
                added_by=self.by,
                added_at=now,
            )
        Appearance.objects.bulk_create(appearances.values())
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
