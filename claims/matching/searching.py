"""A read query against the index: every word by its stem or its near spelling, filters, counts, highlights (pure)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import edlib
from tantivy import FieldType, Occur
from tantivy import Query as IndexQuery

from .analysis import UNSTEMMED, figure_key, folded, stems
from .index import COUNTED
from .queries import FieldValue, Phrase, Query

if TYPE_CHECKING:
    from .index import MatchIndex

# As many of the best are put in order; who wants to see more refines the search.
WINDOW = 1_000
COUNTS_SHOWN = 50
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
_PREFIX_FROM = 3


@dataclass(frozen=True)
class Kept:
    """What a search is narrowed to, beside its words: one of the values of each label named, none of the excluded."""

    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    changed_from: int | None = None
    changed_to: int | None = None


@dataclass(frozen=True)
class Hit:
    """A claim that was found, by its number, and what orders it."""

    number: int
    key: float


@dataclass(frozen=True)
class Hits:
    """The best of what was found, in order; `total` of all, `is_relaxed` where no claim has every word."""

    hits: list[Hit]
    total: int
    terms: "Terms"
    is_relaxed: bool = False
    counts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass
class Terms:
    """What the words of a query are looked for as; `guessed` stand in no claim and are looked for nearly."""

    exact: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    guessed: dict[str, int] = field(default_factory=dict)

    def has(self, term: str) -> bool:
        """Whether a claim's term is one of them."""
        if term in self.exact or any(term.startswith(start) for start in self.begun):
            return True
        return any(
            abs(len(term) - len(guess)) <= far and edlib.align(guess, term, k=far)["editDistance"] >= 0
            for guess, far in self.guessed.items()
        )


class Search:
    """One query against one state of an index."""

    def __init__(self, index: "MatchIndex", query: Query, kept: Kept) -> None:
        self._index, self._query, self._kept = index, query, kept
        self._terms = Terms()

    def run(self, *, newest_first: bool = False, counted: Iterable[str] = COUNTED, window: int = WINDOW) -> Hits:
        """Return what fits, best first; claims with some of the words where none has all."""
        words = [found for found in map(self._words, self._query.wanted) if found is not None]
        if not words and self._query.wanted:
            return Hits([], 0, self._terms)
        last = self._query.wanted[-1:] if self._query.wanted and not self._query.wanted[-1].is_quoted else ()
        if last and words:
            words[-1] = self._begun(last[0], words[-1])
        total, hits = self._found([(Occur.Must, word) for word in words], newest_first, window)
        relaxed = not total and len(words) > 1
        clauses = [(Occur.Must, word) for word in words]
        if relaxed:
            some = IndexQuery.boolean_query([(Occur.Should, word) for word in words], (len(words) + 1) // 2)
            clauses = [(Occur.Must, some)]
            total, hits = self._found(clauses, newest_first, window)
        counts = self._counts(clauses, counted) if total or self._kept.labels else {}
        return Hits(hits, total, self._terms, bool(relaxed and total), counts)

    # -- words ---------------------------------------------------------------------------------------------

    def _words(self, phrase: Phrase, *, guess: bool = True) -> Any | None:
        """Return the query of a word or phrase; None where no word is in it."""
        ways = []
        for stemmer in self._index.stemmers:
            terms = stems(phrase.text, stemmer)
            if len(terms) > 1:
                ways.append(tuple(terms))
            elif terms:
                ways.append((terms[0],))
        ways = list(dict.fromkeys(ways))
        queries = []
        for way in ways:
            if len(way) > 1:
                self._terms.exact.update(way)
                queries.append(IndexQuery.phrase_query(self._index.schema, "text", list(way)))
            elif guess and not phrase.is_quoted and (far := self._reach(way[0], [one[0] for one in ways])):
                self._terms.guessed[way[0]] = far
                queries.append(IndexQuery.fuzzy_term_query(self._index.schema, "text", way[0], far, True))
            else:
                self._terms.exact.add(way[0])
                queries.append(IndexQuery.term_query(self._index.schema, "text", way[0], "freq"))
        if not queries:
            return None
        return queries[0] if len(queries) == 1 else IndexQuery.disjunction_max_query(queries)

    def _reach(self, term: str, ways: list[str]) -> int:
        """Return how many letters off a word of no claim may be."""
        if len(term) < 5 or any(c.isdigit() for c in term) or any(self._index.frequency(way) for way in ways):
            return 0
        return 1 if len(term) < 7 else 2  # a misspelled ending keeps its stemmer from cutting it

    def _begun(self, phrase: Phrase, query: Any) -> Any:
        """Let the word that is being typed be the beginning of one."""
        start = folded(phrase.text).lower()
        parts = stems(start, UNSTEMMED)
        if len(parts) > 1:
            terms = [*stems(start, self._index.stemmers[0])[: len(parts) - 1], parts[-1]]
            self._terms.begun.add(parts[-1])
            begun = IndexQuery.phrase_prefix_query(self._index.schema, "text", list(terms))
            return IndexQuery.disjunction_max_query([query, IndexQuery.boost_query(begun, 0.3)])
        if not _WORD.fullmatch(start) or len(start) < _PREFIX_FROM or start.isdigit() or _UNSPACED.search(start):
            return query
        self._terms.begun.add(start)
        begun = IndexQuery.fuzzy_term_query(self._index.schema, "text", start, 0, True, prefix=True)
        return IndexQuery.disjunction_max_query([query, IndexQuery.boost_query(begun, 0.3)])

    # -- what it is narrowed to ------------------------------------------------------------------------------

    def _narrowed(self, clauses: list[tuple[Any, Any]], without: str = "") -> Any:
        """Return the query with all that it is narrowed to, but for one label."""
        all_of = list(clauses)
        if not all_of:
            all_of.append((Occur.Must, IndexQuery.all_query()))
        for phrase in self._query.unwanted:
            unwanted = self._words(phrase, guess=False)
            if unwanted is not None:
                all_of.append((Occur.MustNot, unwanted))
        for value in self._query.fields:
            if value.name != without or value.is_excluded:
                occur = Occur.MustNot if value.is_excluded else Occur.Must
                all_of.append((occur, _unscored(self._field(value))))
        for name, values in self._kept.labels.items():
            if name != without:
                all_of.append((Occur.Must, _unscored(self._label(name, values))))
        for name, values in self._kept.excluded.items():
            all_of.append((Occur.MustNot, self._label(name, values)))
        if self._kept.changed_from is not None or self._kept.changed_to is not None:
            between = IndexQuery.range_query(
                self._index.schema, "changed", FieldType.Integer, self._kept.changed_from, self._kept.changed_to
            )
            all_of.append((Occur.Must, _unscored(between)))
        return IndexQuery.boolean_query(all_of)

    def _label(self, name: str, values: Iterable[str]) -> Any:
        return IndexQuery.term_set_query(self._index.schema, name, list(values))

    def _field(self, value: FieldValue) -> Any:
        """Return the query of a field: its label, or words of the claimant's or the source's name."""
        schema, text = self._index.schema, value.value
        label = re.sub(r"[\s-]+", "_", text.strip().lower())
        ways = []
        if value.name == "figure":
            ways.append(IndexQuery.term_query(schema, "figure", figure_key(text) or text))
        elif value.name in ("claimant", "source"):
            words = [word.lower() for word in _WORD.findall(folded(text))]
            ways.append(self._label(value.name, [text, text.lower(), label.replace("_", "-")]))
            named = [IndexQuery.fuzzy_term_query(schema, f"{value.name}_name", word, 0, True, True) for word in words]
            if named:
                ways.append(IndexQuery.boolean_query([(Occur.Must, one) for one in named]))
        else:
            ways.append(self._label(value.name, {text, text.lower(), label, label.replace("_", "-")}))
        return IndexQuery.boolean_query([(Occur.Should, way) for way in ways])

    # -- finding and counting ------------------------------------------------------------------------------

    def _found(self, clauses: list[tuple[Any, Any]], newest_first: bool, window: int) -> tuple[int, list[Hit]]:
        query = self._narrowed(clauses)
        order = "changed" if newest_first or not clauses else None
        result = self._index.searcher.search(query, window, count=True, order_by_field=order)
        total = getattr(result, "count", 0)  # its stub lacks it
        addresses = [address for _, address in result.hits]
        numbers = self._index.searcher.fast_field_values("number", addresses) if addresses else []
        hits = [Hit(int(number or 0), key) for (key, _), number in zip(result.hits, numbers, strict=True)]
        # Scores that are alike but for rounding are one score, so that the same query gives one order.
        hits = [Hit(hit.number, round(float(hit.key), 4)) for hit in hits]
        return int(total or 0), sorted(hits, key=lambda hit: (-hit.key, -hit.number))

    def _counts(self, clauses: list[tuple[Any, Any]], counted: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        """Count each label's values; where it is narrowed to some, among what would be there without that."""
        names = list(counted)
        narrowed = {value.name for value in self._query.fields if not value.is_excluded} | set(self._kept.labels)
        plain = [name for name in names if name not in narrowed]
        counts: dict[str, list[tuple[str, int]]] = {}
        for group, without in [(plain, ""), *(([name], name) for name in names if name in narrowed)]:
            if not group:
                continue
            wanted = {name: {"terms": {"field": name, "size": COUNTS_SHOWN}} for name in group}
            found = self._index.searcher.aggregate(self._narrowed(clauses, without), wanted)
            for name in group:
                counts[name] = [(one["key"], int(one["doc_count"])) for one in found[name]["buckets"]]
        return counts


def _unscored(query: Any) -> Any:
    """Let a condition not weigh in the order."""
    return IndexQuery.const_score_query(query, 0.0)


def highlights(text: str, terms: Terms, index: "MatchIndex") -> list[tuple[int, int]]:
    """Return where in a text the words stand that it was found by, as code-point offsets."""
    spans: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        if _UNSPACED.search(word.group()):
            spans += _pairs_found(word, terms)
        elif any(terms.has(term) for term in index.stems_of(word.group())) or any(
            folded(word.group()).lower().startswith(start) for start in terms.begun
        ):
            spans.append(word.span())
    return spans


def _pairs_found(run: re.Match[str], terms: Terms) -> list[tuple[int, int]]:
    """Return the parts of a run without blanks whose pairs of characters were looked for, joined."""
    spans: list[tuple[int, int]] = []
    for at in range(run.start(), max(run.start() + 1, run.end() - 1)):
        if run.string[at : min(at + 2, run.end())] in terms.exact:
            start, end = at, min(at + 2, run.end())
            if spans and start < spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans
