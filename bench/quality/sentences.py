"""Measure sentence splitting: `python bench/quality/sentences.py FOLDER` with golden-rules-*.json in it.

Each case is {"text": ..., "sentences": [...]}; the data stay outside the project.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from claims.extraction import split_sentences


def main(folder: Path) -> None:
    for path in sorted(folder.glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        passed = 0
        for case in cases:
            found = [sentence.text for sentence in split_sentences(case["text"])]
            passed += found == case["sentences"]
            if found != case["sentences"]:
                print("expected", case["sentences"], "\n     got", found)
        text = "\n\n".join(case["text"] for case in cases) * 100
        started = time.perf_counter()
        split_sentences(text)
        speed = len(text.encode()) / 1e6 / (time.perf_counter() - started)
        print(f"{path.name}: {passed} of {len(cases)}, {speed:.1f} MB/s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
