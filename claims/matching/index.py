"""The index of claims: BM25 over one field of stemmed terms, in a folder of its own or in memory."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import edlib
import tantivy
from tantivy import Document, Filter, Index, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from .analysis import COMMON, MAX_TERMS, STEMMERS, UNSTEMMED, clean_query, stemmer_of, stems, tag_words
from .entries import Entry
from .ranking import Match, Ranker

if TYPE_CHECKING:
    from .embedding import Embedding
    from .vectors import Vectors

# Raised with every change of what an index keeps, so that one made before is built anew.
FORMAT = 4
# As many of the best by BM25 are weighed anew: on 1,442 posts and statements the wanted claim was among the first
# 100 whenever it was found at all in all but 2 of 100 cases.
CANDIDATES = 60
# A shorter word has too many neighbours to be worth a guess.
_GUESSED_FROM = 5
_FAR = 1  # letters that may differ
_LOOKED_THROUGH = 2_000  # terms that begin alike
_SPELLINGS_KEPT = 20_000
# What a writer holds in memory: all of a rebuild, or the few claims that somebody just saved.
_REBUILD_MEMORY, _WRITE_MEMORY = 96 * 1024 * 1024, 16 * 1024 * 1024
# Characters of a text whose meaning is read: as many as a model's longest input holds.
MEANT = 1_000
_TERMS, _NAMES = "terms", "names"

# Counted beside a search, filtered by, and filtered by in words.
COUNTED = ("verdict", "citability", "workflow", "topic", "claimant", "language")
FILTERED = ("source", "figure", "superseded")
NAMED = ("claimant_name", "source_name")
_SCHEMAS: dict[str, Any] = {}


def _schema() -> Any:
    if "claims" not in _SCHEMAS:
        builder = SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", tokenizer_name=_TERMS, index_option="position")
        builder.add_text_field("stemmer", tokenizer_name="raw", index_option="basic")
        for name in COUNTED:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        for name in FILTERED:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        for name in NAMED:
            builder.add_text_field(name, tokenizer_name=_NAMES, index_option="position")
        builder.add_integer_field("number", fast=True)
        builder.add_integer_field("changed", indexed=True, fast=True)
        builder.add_bytes_field("entry", stored=True, indexed=False)
        _SCHEMAS["claims"] = builder.build()
    return _SCHEMAS["claims"]


class MatchIndex:
    """Claims that can be found by a text near them. Threads may search while one writes."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the index in this folder, made if it is not there, or one in memory. Raises ValueError or OSError."""
        self.schema = _schema()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._index = Index(self.schema, path=str(folder) if folder else None)
        plain = TextAnalyzerBuilder(Tokenizer.whitespace()).build()
        names = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()
        self._index.register_tokenizer(_TERMS, plain)
        self._index.register_tokenizer(_NAMES, names)
        self._ranker: Ranker | None = None
        self._meaning: tuple[Embedding, Vectors] | None = None
        self.refresh()

    def __len__(self) -> int:
        return self.searcher.num_docs

    def write(self, entries: Iterable[Entry] = (), *, remove: Iterable[str] = ()) -> int:
        """Put these entries in, each in the place of the one with its id, take these ids out; return how many came.

        All of it can be found when this returns, or nothing of it if it raises.
        """
        return self._write(entries, remove)

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Put these entries in the place of all there are, each id once; return how many came.

        Searches find the old ones until this returns, and if it raises.
        """
        return self._write(entries, None)

    def _write(self, entries: Iterable[Entry], remove: Iterable[str] | None) -> int:
        writer = self._index.writer(_WRITE_MEMORY if remove is not None else _REBUILD_MEMORY, 1)
        count = 0
        try:
            if remove is None:
                writer.delete_all_documents()
            for entry_id in remove or ():
                writer.delete_documents_by_term("id", entry_id)
            for entry in entries:
                # Looking for a thing to delete at each of a million entries takes longer than all the rest.
                if remove is not None:
                    writer.delete_documents_by_term("id", entry.id)
                writer.add_document(_document(entry))
                count += 1
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()
        self.refresh()
        return count

    def refresh(self) -> None:
        """See what other processes have written since."""
        self._index.reload()
        self.searcher = self._index.searcher()
        present = [name for name in dict.fromkeys(STEMMERS.values()) if self.searcher.doc_freq("stemmer", name)]
        if self.searcher.doc_freq("stemmer", UNSTEMMED):
            present.append(UNSTEMMED)
        self.stemmers: list[str] = present or ["English"]
        if self._ranker is None or not self._ranker.is_fit_for(len(self)):
            self._ranker = Ranker(self)
        self._spellings: dict[str, str] = {}

    def frequency(self, term: str) -> int:
        """Return in how many entries a term stands."""
        return self.searcher.doc_freq("text", term)

    def has(self, entry_id: str) -> bool:
        """Whether an entry with this id is in it."""
        return self.searcher.doc_freq("id", entry_id) > 0

    def find(self, text: str, *, limit: int = 5, exclude: frozenset[str] = frozenset()) -> list[Match]:
        """Return the entries nearest to a text, best first; none for a text without a word that counts."""
        query = clean_query(text)
        terms = self.terms(query)
        if not any(term not in COMMON for term in terms):
            return []
        # The common words stand in half of all claims: among a million they take most of the time and change no order.
        searched = [(Occur.Should, self.term_query(term)) for term in terms if term not in COMMON]
        hits = self.searcher.search(Query.boolean_query(searched), CANDIDATES + len(exclude), count=False).hits
        found = [(score, self.entry(address)) for score, address in hits]
        cosines: dict[str, float] | None = None
        if self._meaning is not None:
            embedding, vectors = self._meaning
            vector = embedding.encode([query[:MEANT]])[0]
            have = {entry.id for _, entry in found}
            near = [key for key in vectors.nearest(vector, CANDIDATES) if key not in have]
            found += self._found_among(near, searched)
            cosines = vectors.cosines(vector, (entry.id for _, entry in found))
        found = [(score, entry) for score, entry in found if entry.id not in exclude]
        assert self._ranker is not None, "made by refresh"
        return self._ranker.rank(query, terms, found, limit=limit, cosines=cosines)

    def use_meaning(self, embedding: "Embedding | None", vectors: "Vectors | None") -> None:
        """Weigh the meaning of texts beside their words from now on, or no more."""
        self._meaning = None if embedding is None or vectors is None else (embedding, vectors)

    def _found_among(self, ids: list[str], searched: list[Any]) -> list[tuple[float, Entry]]:
        """Return these entries with the scores their words give."""
        if not ids:
            return []
        these = Query.const_score_query(Query.term_set_query(self.schema, "id", ids), 0.0)
        hits = self.searcher.search(Query.boolean_query([(Occur.Must, these), *searched]), len(ids), count=False).hits
        return [(score, self.entry(address)) for score, address in hits]

    def nearest(self, text: str, *, limit: int, exclude: int) -> list[int]:
        """Return the numbers of the entries nearest to a text by its words alone."""
        terms = [term for term in self.terms(clean_query(text)) if term not in COMMON]
        searched = [(Occur.Should, Query.term_query(self.schema, "text", term, "freq")) for term in terms]
        hits = self.searcher.search(Query.boolean_query(searched), limit + 1, count=False).hits if searched else []
        numbers = self.searcher.fast_field_values("number", [address for _, address in hits]) if hits else []
        return [int(number) for number in numbers if number is not None and number != exclude][:limit]

    def entry(self, address: Any) -> Entry:
        return Entry.from_bytes(bytes(self.searcher.doc(address)["entry"][0]))

    def terms(self, query: str) -> list[str]:
        """Return the different terms of a cleaned query, at most 200, the parts of its hashtags among them."""
        terms: dict[str, None] = {}
        for stemmer in self.stemmers:
            terms.update(dict.fromkeys(stems(query, stemmer)))
        for word in tag_words(query, self._word_frequency):
            terms.update(dict.fromkeys(self.stems_of(word)))
        return list(dict.fromkeys(map(self._spelled, list(terms)[:MAX_TERMS])))

    def stems_of(self, word: str) -> list[str]:
        """Return the terms that a word may stand as, in each language that the index holds."""
        return list(dict.fromkeys(term for stemmer in self.stemmers for term in stems(word, stemmer)))

    def _word_frequency(self, word: str) -> int:
        found = stems(word, self.stemmers[0])
        return self.frequency(found[0]) if len(found) == 1 else 0

    def term_query(self, term: str) -> Any:
        return Query.term_query(self.schema, "text", term, "freq")

    def _spelled(self, term: str) -> str:
        """Return a term, or where no claim has it the likeliest that begins alike and is spelled nearly so."""
        if len(term) < _GUESSED_FROM or not term.isalpha() or self.frequency(term):
            return term
        if term not in self._spellings:
            if len(self._spellings) >= _SPELLINGS_KEPT:
                self._spellings.clear()
            self._spellings[term] = self._likeliest(term)
        return self._spellings[term]

    def _likeliest(self, term: str) -> str:
        beginning = term[: 3 if len(term) > _GUESSED_FROM else 2]
        best = (_FAR + 1, 0, term)
        for other, count in self.searcher.terms_with_prefix("text", beginning, limit=_LOOKED_THROUGH):
            if abs(len(other) - len(term)) <= 1 and len(other) >= _GUESSED_FROM - 1:
                far = _letters_off(term, other)
                best = min(best, (far, -count, other))
        return best[2]


def _letters_off(term: str, other: str) -> int:
    """Return how many letters differ, two that changed places counted as one."""
    far = int(edlib.align(term, other, k=2)["editDistance"])
    if far == 2 and len(term) == len(other) and sorted(term) == sorted(other):
        return 1
    return far if far >= 0 else _FAR + 1


def _document(entry: Entry) -> tantivy.Document:
    document = Document()
    document.add_text("id", entry.id)
    document.add_text("text", entry.terms)
    document.add_text("stemmer", stemmer_of(entry.language))
    for name in (*COUNTED, *FILTERED):
        for value in entry.labels.get(name, ()):
            document.add_text(name, value)
    for name in NAMED:
        for value in entry.names.get(name, ()):
            document.add_text(name, value)
    with suppress(ValueError):
        document.add_integer("number", int(entry.id))
    document.add_integer("changed", entry.changed)
    document.add_bytes("entry", entry.as_bytes())
    return document
