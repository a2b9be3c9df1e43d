"""Measure matching: `python bench/quality/matching.py FOLDER`, holding the claim-matching sets.

Beside each figure stands plain BM25 over the same queries: stemmed terms, all of a claim in one field. The altered
queries are the same ones misspelled, with names exchanged, denied, in another dialect, or with words left out. An
embedding is measured too where MATCH_EMBEDDING names its folder. Data stay outside.
"""

import csv
import os
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tantivy import Occur, Query

from claims.matching import Entry, MatchIndex
from claims.matching.analysis import stems

SETS = {
    "tweets": ("snopes-claims.tsv", "tweets-train-queries.tsv", "tweets-train-qrels.tsv"),
    "debates": ("politifact-claims.tsv", "debates-train-dev-queries.tsv", "debates-train-dev-qrels.tsv"),
}
DIALECT = {
    "color": "colour", "center": "centre", "labor": "labour", "percent": "per cent", "going to": "gonna", "you": "u",
    "are": "r", "vaccine": "vaxx", "really": "rly", "because": "cos", "people": "ppl", "with": "w/", "and": "&",
}  # fmt: skip
NAMES = ("Harrow", "Lindqvist", "Okafor", "Petrov", "Delgado", "Marchetti", "Yamada", "Novak")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def misspelled(text: str, choose: random.Random) -> str:
    """Exchange, drop or double a letter in every sixth word."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if len(word) > 3 and choose.random() < 1 / 6:
            place = choose.randrange(1, len(word) - 1)
            way = choose.randrange(3)
            pair = word[place + 1] + word[place] if way == 0 else "" if way == 1 else word[place] * 2
            words[at] = word[:place] + pair + word[place + (2 if way == 0 else 1) :]
    return " ".join(words)


def renamed(text: str, choose: random.Random) -> str:
    """Exchange one name of two in the middle of sentences for another."""
    return re.sub(
        r"(?<=[a-z,] )[A-Z][a-z]{3,}", lambda name: choose.choice(NAMES) if choose.random() < 0.5 else name[0], text
    )


def denied(text: str, choose: random.Random) -> str:
    return re.sub(r"\b(is|are|was|were|has|have|will|can|did)\b(?! not)", r"\1 not", text)


def in_dialect(text: str, choose: random.Random) -> str:
    for word, other in DIALECT.items():
        text = re.sub(rf"\b{word}\b", other, text, flags=re.IGNORECASE)
    return text.lower()


def rewritten(text: str, choose: random.Random) -> str:
    """Leave out every seventh word and turn the two halves round."""
    words = [word for word in text.split() if choose.random() > 1 / 7]
    half = len(words) // 2
    return " ".join(words[half:] + words[:half])


ALTERED: dict[str, Callable[[str, random.Random], str]] = {
    "as written": lambda text, choose: text,
    "misspelled": misspelled,
    "other names": renamed,
    "denied": denied,
    "dialect": in_dialect,
    "rewritten": rewritten,
}


def average_precision(found: list[str], wanted: set[str]) -> float:
    hits, total = 0, 0.0
    for rank, claim in enumerate(found[:5], 1):
        if claim in wanted:
            hits += 1
            total += hits / rank
    return total / min(len(wanted), 5)


def by_bm25(index: MatchIndex, text: str) -> list[str]:
    terms = dict.fromkeys(stems(text))
    query = Query.boolean_query([(Occur.Should, Query.term_query(index.schema, "text", term)) for term in terms])
    return [index.entry(address).id for _, address in index.searcher.search(query, 5, count=False).hits]


def sets(folder: Path) -> Iterator[tuple[str, MatchIndex, list[Entry], list[tuple[str, set[str]]]]]:
    for name, (claims, queries, qrels) in SETS.items():
        index = MatchIndex()
        entries = [
            Entry(row["claim_id"], tuple(text for key, text in row.items() if key != "claim_id" and text))
            for row in rows(folder / claims)
        ]
        index.rebuild(entries)
        wanted = defaultdict(set)
        for row in rows(folder / qrels):
            wanted[row["query_id"]].add(row["claim_id"])
        yield name, index, entries, [(row["text"], wanted[row["query_id"]]) for row in rows(folder / queries)]


def main(folder: Path) -> None:
    embedding = None
    if os.environ.get("MATCH_EMBEDDING"):
        from claims.matching.embedding import Embedding

        embedding = Embedding(Path(os.environ["MATCH_EMBEDDING"]))
    print("set      queries       MAP@5  BM25   x BM25  sure at 98 %  right of these  CPU ms")
    wanted_sets = set(sys.argv[2:])
    for name, index, entries, queries in sets(folder):
        if wanted_sets and name not in wanted_sets:
            continue
        if embedding:
            from claims.matching.embedding import to_bytes
            from claims.matching.vectors import Vectors

            vectors = Vectors(embedding.size)
            made = embedding.encode([entry.meant for entry in entries])
            vectors.put((entry.id, to_bytes(row)) for entry, row in zip(entries, made, strict=True))
            index.use_meaning(embedding, vectors)
        for altered, change in ALTERED.items():
            choose = random.Random(8)
            asked = [(change(text, choose), wanted) for text, wanted in queries]
            started = time.process_time()
            found = [index.find(text) for text, _ in asked]
            cost = (time.process_time() - started) / len(asked) * 1000
            score = sum(
                average_precision([match.entry.id for match in matches], wanted)
                for matches, (_, wanted) in zip(found, asked, strict=True)
            )
            plain = sum(average_precision(by_bm25(index, text), wanted) for text, wanted in asked)
            sure = [
                (m[0].entry.id in wanted) for m, (_, wanted) in zip(found, asked, strict=True) if m and m[0].is_sure
            ]
            share, right = len(sure) / len(asked), sum(sure) / max(1, len(sure))
            score, plain = score / len(asked), plain / len(asked)
            print(
                f"{name:8} {altered:12} {score:6.3f}  {plain:.3f}  {score / plain:6.2f}  {share:12.2f}  {right:14.3f}"
                f"  {cost:6.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
