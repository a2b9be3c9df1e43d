"""Looking a file of claims through: what would come in and what is wrong, with nothing written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from django.conf import settings

from claims.importing.checks import check
from claims.importing.formats import read_file
from claims.importing.rows import Draft, FileRefused, Problem
from claims.models import Claimant, Topic

from .import_writing import CHUNK, judge

SHOWN = 20  # rows of the preview
KEPT = 1000  # problems


@dataclass
class Looked:
    """What a file holds."""

    file_format: str = ""
    is_foreign: bool = False
    row_count: int = 0
    new_count: int = 0
    known_count: int = 0
    refused_count: int = 0  # rows
    note_count: int = 0
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    preview: dict[str, Any] = field(default_factory=dict)
    is_type_refused: bool = False
    is_cut_short: bool = False  # it cannot be read to its end

    def is_refused(self, *, whole: bool) -> bool:
        """Whether it does not come in; `whole`: one refused row of our own shape refuses all."""
        return self.is_cut_short or bool(self.refused_count and whole and not self.is_foreign)

    def take(self, problems: list[Problem]) -> None:
        """Count the problems of one row, and keep them while there are not too many."""
        faults = [one for one in problems if not one.is_note]
        self.refused_count += bool(faults)
        self.note_count += len(problems) - len(faults)
        self.refused += faults[: max(0, KEPT - len(self.refused))]
        self.notes += [one for one in problems if one.is_note][: max(0, KEPT - len(self.notes))]


def look_through(
    opener: Callable[[], BinaryIO],
    *,
    row_limit: int | None,
    each: Callable[[Looked, list[Problem]], None] = lambda looked, problems: None,
) -> Looked:
    """Read a file to its end or its first unreadable place, and tell what it holds; `each` is called batch by batch.

    Without a row limit rows that stand twice in the file are told apart only within a batch, for the memory's sake.
    """
    looked, seen = Looked(), set[str]()
    shown: list[Any] = []
    claimants, topics = _Names(Claimant), _Names(Topic)
    file = opener()
    try:
        looked.file_format, rows = read_file(file)
        while batch := list(islice(rows, CHUNK)):
            looked.row_count += len(batch)
            if row_limit is not None and looked.row_count > row_limit:
                over = batch[row_limit - looked.row_count]
                raise FileRefused(
                    Problem(
                        over.number, over.place, "", "too_many_rows",
                        f"At most {row_limit:,} rows come in here. The command import_claims takes any number.",
                    )
                )  # fmt: skip
            drafts, problems = [], []
            for row in batch:
                looked.is_foreign |= row.is_foreign
                draft, found = check(row, ports=tuple(settings.FETCH_PORTS))
                problems += found
                looked.take(found)
                if draft is not None:
                    drafts.append(draft)
            judged = judge(drafts, seen if row_limit is not None else set())
            for one in judged.refused:
                looked.take([one])
            looked.new_count += len(judged.new)
            looked.known_count += len(judged.known)
            shown += judged.new[: SHOWN - len(shown)]
            if row_limit is not None:
                claimants.see(one.name for draft in judged.new for one in draft.claimants)
                topics.see(name for draft in judged.new for name in draft.topics)
            each(looked, [*problems, *judged.refused])
    except FileRefused as refused:
        looked.is_cut_short, looked.is_type_refused = True, refused.is_type
        looked.take([refused.problem])
        each(looked, [refused.problem])
    finally:
        file.close()
    looked.preview = {
        "new": looked.new_count,
        "known": looked.known_count,
        "claimants": claimants.count_new(),
        "topics": topics.new()[:SHOWN],
        "rows": [_shown(draft) for draft in shown],
    }
    return looked


class _Names:
    """Names met in a file, to tell how many the desk does not know."""

    def __init__(self, model: Any):
        self._model, self._met = model, set[str]()

    def see(self, names: Any) -> None:
        self._met.update(names)

    def new(self) -> list[str]:
        unknown, names = [], sorted(self._met)
        for at in range(0, len(names), CHUNK):
            part = names[at : at + CHUNK]
            known = set(self._model.objects.filter(name__in=part).values_list("name", flat=True))
            unknown += [name for name in part if name not in known]
        return unknown

    def count_new(self) -> int:
        return len(self.new())


def _shown(draft: Draft) -> dict[str, Any]:
    review = draft.review
    judged = " · ".join(str(part) for part in (review.get("publisher"), review.get("rating")) if part)
    return {
        "place": draft.place,
        "text": draft.text[:300],
        "claimants": [one.name for one in draft.claimants][:3],
        "topics": list(draft.topics)[:5],
        "review": judged,
        "review_url": review.get("url", ""),
    }
