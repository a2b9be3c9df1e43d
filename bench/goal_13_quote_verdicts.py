"""Goal 13: how many verdicts of the quote check are right over a mix of pages, typographic traps included."""

import sys
from collections import Counter
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from tests.claims.quote_pairs import figures, same, worded  # noqa: E402
from tests.claims.test_comparison import became  # noqa: E402

NUMBER = 13
NAME = "quote verdicts right over a mix of pages, share"
MUST, STRETCH = 1.0, 1.0
LESS_IS_BETTER = False


def measure() -> tuple[float, str]:
    """Return the share of pairs of pages judged as expected, and what went wrong."""
    pairs = [*same.PAIRS, *figures.PAIRS, *worded.PAIRS]
    wrong = [(pair, result) for pair in pairs if (result := became(pair)[0]) != pair.expected]
    false_missing = sum(result == "missing" for _, result in wrong)
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(pair.expected for pair in pairs).items())
    return 1 - len(wrong) / len(pairs), f"{len(pairs)} pairs: {kinds}; {false_missing} false missing"
