"""The index of claims: BM25 over one field of stemmed terms, in a folder of its own or in memory."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, Index, Occur, Query, SchemaBuilder

from claims.matching.analysis import ANALYZER, COMMON, MAX_TERMS, clean_query, shared_analyzer, tag_words
from claims.matching.ranking import Match, Ranker
from sources.text import clean_text

# As many of the best by BM25 are weighed anew: on 1,442 posts and statements the wanted claim was among the first
# 100 whenever it was found at all in all but 2 of 100 cases.
CANDIDATES = 60
_WRITER_MEMORY = 64 * 1024 * 1024
# A rarer spelling than this many letters has too many neighbours to be worth a guess.
_GUESSED_FROM = 5


@dataclass(frozen=True)
class Entry:
    """One claim as the index keeps it. `texts` are its statement first, then other wordings and headlines."""

    id: str
    texts: tuple[str, ...]
    claimant: str = ""
    topics: tuple[str, ...] = ()
    period: str = ""

    @property
    def searched(self) -> str:
        """All that is searched, as one text: two fields cost accuracy (BM25 then weighs each by itself)."""
        return clean_text("\n".join((*self.texts, self.claimant, *self.topics, self.period)))


_FIELDS = ("id", "texts", "claimant", "topics", "period")


class MatchIndex:
    """Claims that can be found by a text near them. Threads may search while one writes."""

    def __init__(self, folder: Path | None = None, *, language: str = "English") -> None:
        """Open the index in this folder, made if it is not there, or one in memory. Raises ValueError or OSError."""
        builder = SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
        builder.add_bytes_field("entry", stored=True, indexed=False)
        self._schema = builder.build()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._index = Index(self._schema, path=str(folder) if folder else None)
        self.analyzer = shared_analyzer(language)
        self._index.register_tokenizer(ANALYZER, self.analyzer)
        self.refresh()

    def __len__(self) -> int:
        return self._searcher.num_docs

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
        writer = self._index.writer(_WRITER_MEMORY, 1)
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
                document = Document()
                document.add_text("id", entry.id)
                document.add_text("text", entry.searched)
                document.add_bytes("entry", json.dumps([getattr(entry, name) for name in _FIELDS]).encode())
                writer.add_document(document)
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
        self._searcher = self._index.searcher()
        self._ranker = Ranker(self)

    def frequency(self, term: str) -> int:
        """Return in how many entries a term stands."""
        return self._searcher.doc_freq("text", term)

    def find(self, text: str, *, limit: int = 5) -> list[Match]:
        """Return the entries nearest to a text, best first; none for a text without a word that counts."""
        query = clean_query(text)
        terms = self.terms(query)
        if not any(term not in COMMON for term in terms):
            return []
        searched = [(Occur.Should, self._term_query(term)) for term in terms]
        searcher = self._searcher
        hits = searcher.search(Query.boolean_query(searched), CANDIDATES, count=False).hits
        found = [(score, _entry(searcher.doc(address))) for score, address in hits]
        return self._ranker.rank(query, terms, found, limit=limit)

    def terms(self, query: str) -> list[str]:
        """Return the different terms of a cleaned query, at most 200, the parts of its hashtags among them."""
        terms = dict.fromkeys(self.analyzer.analyze(query))
        for word in tag_words(query, self._word_frequency):
            terms.update(dict.fromkeys(self.analyzer.analyze(word)))
        return list(terms)[:MAX_TERMS]

    def _word_frequency(self, word: str) -> int:
        stems = self.analyzer.analyze(word)
        return self.frequency(stems[0]) if len(stems) == 1 else 0

    def _term_query(self, term: str) -> Any:
        """A term, or where no claim has it the terms one letter away."""
        if len(term) >= _GUESSED_FROM and not term.isdigit() and not self.frequency(term):
            return Query.fuzzy_term_query(self._schema, "text", term, 1, True)
        return Query.term_query(self._schema, "text", term)


def _entry(document: tantivy.Document) -> Entry:
    entry_id, texts, claimant, topics, period = json.loads(bytes(document["entry"][0]))
    return Entry(entry_id, tuple(texts), claimant, tuple(topics), period)
