"""Measure candidate scores: `python bench/quality/candidates.py FOLDER`, holding the check-worthiness sets.

The debates are files of number, speaker, sentence, label; ClaimBuster of id, text, label. Data stay outside.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from claims.extraction import score_sentence


def average_precision(rows: list[tuple[str, bool]]) -> float:
    ranked = sorted(((score_sentence(text).score, label) for text, label in rows), key=lambda row: -row[0])
    hits, total = 0, 0.0
    for rank, (_, label) in enumerate(ranked, 1):
        if label:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


def read(path: Path) -> list[tuple[str, bool]]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[-2], row[-1] == "1") for row in rows if len(row) >= 3 and row[-1] in {"0", "1"}]


def main(folder: Path) -> None:
    sets = {
        "clef2019-train": "clef2019-train/*.tsv",
        "clef2020-debates-train": "clef2020-debates-train/*.tsv",
    }
    sets["claimbuster"] = "claimbuster-train.tsv"
    for name, pattern in sets.items():
        started = time.perf_counter()
        files = [read(path) for path in sorted(folder.glob(pattern))]
        scores = [average_precision(rows) for rows in files if any(label for _, label in rows)]
        cost = (time.perf_counter() - started) / sum(map(len, files)) * 1000
        print(f"{name}: {sum(scores) / len(scores):.3f}, {cost:.3f} ms a sentence")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
