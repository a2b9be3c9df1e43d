"""Goal 15: a quote altered by three characters, searched for in 50 KB and 1 MB, beside the bare library calls.

The bare way is str.find, then edlib's distance, then its start from there; hostile texts are timed by themselves.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import edlib

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from claims.comparison import compare_quote  # noqa: E402
from sources.quotes import QuoteSearch  # noqa: E402

NUMBER = 15
NAME = "altered quote in 50 KB and 1 MB, CPU x find, edlib distance, start"
MUST, STRETCH = 2, 1
ROUNDS = 15
HOSTILE_SECONDS = 1.0
HOSTILE = {
    "ab": ("ab" * 500_000, "abc" * 660),
    "blanks": ("a " * 500_000, "ab" * 1000),
    "one letter": ("a" * 1_000_000, "a" * 999 + "b" + "a" * 999),
    "marks": ("e\u0301" * 500_000, "é" * 500 + "x"),
    "unsorted marks": ("a" + "\u0300\u0316" * 499_999, "a" * 500 + "\u0300\u0316" * 400),
    "runs of marks": (("a" + "\u0300\u0316" * 450) * 1_100, "a" + "\u0300\u0316" * 400),
    "ideographs": ("漢字" * 500_000, "漢字文" * 600),
    "many kinds": ("".join(map(chr, range(0x4E00, 0x9000))) * 57, "".join(map(chr, range(0x5000, 0x5700)))),
    "breaks": ("a.\n" * 333_333, "b. c\n" * 400),
    "figures": ("28 of 48 " * 111_111, "23 of 47 " * 220),
    "unseen": ("a\u200b" * 500_000, "ab" * 1000),
    "same words": ("the council lost seats " * 43_478, "council seats the lost by " * 76),
}


def made_text(size: int) -> str:
    """A text of made-up words in sentences, the same each time."""
    choose = random.Random(15)
    words = ["".join(choose.choices("etaoinshrdlu", k=choose.randint(2, 9))) for _ in range(5000)]
    parts, length = [], 0
    while length < size:
        parts.append(choose.choice(words) + (". " if choose.random() < 0.07 else " "))
        length += len(parts[-1])
    return "".join(parts)[:size]


def bare(text: str, quote: str) -> tuple[int, int]:
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    ahead = edlib.align(quote, text, mode="HW", task="distance", k=len(quote) // 2)
    end = ahead["locations"][0][1] + 1
    window = text[max(0, end - len(quote) - ahead["editDistance"]) : end]
    back = edlib.align(quote[::-1], window[::-1], mode="SHW", task="distance")
    return end - back["locations"][-1][1] - 1, end


def ours(text: str, quote: str) -> tuple[int, int]:
    search = QuoteSearch(text, quote)
    found = search.find() or search.nearest()
    assert found is not None
    return found.start, found.end


def cpu(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def measure() -> tuple[float, str]:
    """Return the larger ratio of the medians of alternated runs, and what it was made of."""
    ratios, said = [], []
    for size in (50_000, 1_000_000):
        text = made_text(size)
        at = size * 7 // 10
        quote = text[at : at + 30] + "x" + text[at + 31 : at + 60] + "zz" + text[at + 60 : at + 120]
        assert abs(ours(text, quote)[0] - bare(text, quote)[0]) < 4
        times: dict[str, list[float]] = {"ours": [], "bare": []}
        repeats = 1 if size > 100_000 else 10
        for _ in range(ROUNDS):
            times["ours"].append(cpu(lambda t=text, q=quote, n=repeats: [ours(t, q) for _ in range(n)]) / repeats)
            times["bare"].append(cpu(lambda t=text, q=quote, n=repeats: [bare(t, q) for _ in range(n)]) / repeats)
        mine, theirs = statistics.median(times["ours"]), statistics.median(times["bare"])
        gone = cpu(
            lambda t=text: compare_quote(quote="Zyklon Babette vowed 77 azimuths", prefix="", suffix="", text=t)
        )
        ratios.append(mine / theirs)
        said.append(f"{size // 1000} KB {mine * 1000:.2f} / {theirs * 1000:.2f} ms, gone {gone * 1000:.0f} ms")
    hostile = {
        name: cpu(lambda t=text, q=quote: compare_quote(quote=q, prefix="", suffix="", text=t))
        for name, (text, quote) in HOSTILE.items()
    }
    worst = max(hostile, key=lambda name: hostile[name])
    said.append(f"worst hostile text {hostile[worst]:.2f} s ({worst})")
    too_slow = hostile[worst] > HOSTILE_SECONDS
    return (max(ratios) if not too_slow else max(*ratios, MUST + hostile[worst])), "; ".join(said)
