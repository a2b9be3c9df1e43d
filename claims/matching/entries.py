"""Entry: one claim as an index keeps it (pure)."""

import json
from dataclasses import dataclass, field
from functools import cached_property

from sources.text import clean_text

from .analysis import stemmer_of, stems

TEXT_LIMIT = 5_000  # characters of one text that are kept; a claim is no longer
TEXTS_LIMIT = 24  # wordings of one claim


@dataclass(frozen=True)
class Entry:
    """One claim as the index keeps it. `texts` are its statement first, then other wordings and headlines.

    `labels` are what it is filtered and counted by, as in {"verdict": ("correct",)}; `names` what a field is
    searched by in words, as in {"source": ("The Tidewater Post",)}; `changed` orders what no words order.
    """

    id: str
    texts: tuple[str, ...]
    claimant: str = ""
    topics: tuple[str, ...] = ()
    period: str = ""
    language: str = "en"
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    changed: int = 0

    @property
    def around(self) -> str:
        """What is searched beside the texts."""
        return "\n".join(part for part in (self.claimant, *self.topics, self.period) if part)

    @property
    def meant(self) -> str:
        """The text whose meaning stands for it."""
        return " ".join(self.texts[:2])[:1_000]

    @cached_property
    def stems(self) -> tuple[tuple[str, ...], ...]:
        """The terms of each text."""
        stemmer = stemmer_of(self.language)
        return tuple(tuple(stems(clean_text(text), stemmer)) for text in self.texts)

    @property
    def terms(self) -> str:
        """All terms it is found by, as one field: two fields cost accuracy (BM25 then weighs each by itself)."""
        around = stems(clean_text(self.around), stemmer_of(self.language))
        # A gap that no phrase reaches across stands between two texts.
        return " \x1f ".join(" ".join(terms) for terms in (*self.stems, around) if terms)

    def as_bytes(self) -> bytes:
        """Return what ranking needs of it."""
        kept = [self.id, self.texts, [" ".join(terms) for terms in self.stems], self.claimant, self.topics]
        return json.dumps([*kept, self.period, self.language], ensure_ascii=False).encode("utf-8", "replace")

    @classmethod
    def from_bytes(cls, content: bytes) -> "Entry":
        """Return the entry these bytes were made of, without its labels and names."""
        entry_id, texts, stemmed, claimant, topics, period, language = json.loads(content)
        entry = cls(entry_id, tuple(texts), claimant, tuple(topics), period, language)
        # The cache of a frozen instance is written as `cached_property` itself would.
        entry.__dict__["stems"] = tuple(tuple(terms.split(" ")) if terms else () for terms in stemmed)
        return entry
