"""Measure figures: `python bench/quality/figures.py FOLDER`, holding Number, NumberRange, Percent cases.

A case is {"Input": ..., "Results": [{"Resolution": {"value": ...}}]}; the data stay outside the project.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from claims.extraction.figures import Figure, Kind, Qualifier, read_figures


def main(folder: Path) -> None:
    for path in sorted(folder.glob("*Model*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        read = {"Per": _percents, "Num": _ranges if "Range" in path.name else _numbers}[path.name[:3]]
        passed = 0
        started = time.perf_counter()
        answers = [read_figures(case["Input"]) for case in cases]
        cost = (time.perf_counter() - started) / len(cases) * 1000
        for case, figures in zip(cases, answers, strict=True):
            wanted = [_wanted(result["Resolution"]["value"]) for result in case["Results"]]
            passed += (got := read(figures)) == wanted
            if got != wanted:
                print(case["Input"], "expected", wanted, "got", got)
        print(f"{path.name}: {passed} of {len(cases)}, {cost:.3f} ms a text")


def _wanted(value: str) -> object:
    if value[:1] in "[(":
        low, high = value[1:-1].split(",")
        return value[0] if low else None, float(low or 0), value[-1] if high else None, float(high or 0)
    return None if value == "null" else round(float(value.rstrip("%")), 9)


def _numbers(figures: list[Figure]) -> list[object]:
    """Every number of the text: bounds, ends and wholes."""
    values: list[object] = []
    for figure in figures:
        if figure.is_calendar or figure.kind == Kind.ORDINAL:
            continue
        low, high = figure.low, figure.high
        if figure.whole is not None and low is not None:
            values.append(round(float(low / figure.whole), 9))
        else:
            values += [round(float(value), 9) for value in dict.fromkeys((low, high)) if value is not None]
    return values


def _ranges(figures: list[Figure]) -> list[object]:
    """Ranges in the notation of the cases, where a range of two plain ends is open above."""
    values: list[object] = []
    for figure in figures:
        if figure.is_calendar or (figure.low == figure.high and figure.qualifier != Qualifier.EXACTLY):
            continue
        low, high = (v and (v / figure.whole if figure.whole else v) for v in (figure.low, figure.high))
        is_joined = figure.qualifier in ("", "about") and not any(
            word in figure.text for word in ("than", "bove", "elow", "least", "most", "less", "equal")
        )
        opening = None if low is None else "[" if figure.low_inclusive else "("
        closing = None if high is None else ")" if is_joined or not figure.high_inclusive else "]"
        values.append((opening, float(low or 0), closing, float(high or 0)))
    return values


def _percents(figures: list[Figure]) -> list[object]:
    ends = [figure.low if figure.low is not None else figure.high for figure in figures if figure.unit == "%"]
    return [None if end is None else round(float(end), 9) for end in ends]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
