"""From the text of an article to sentences, figures, claimants and candidates: pure, no database.

The parts are loaded when they are first used: compiling their patterns takes longer than starting a command
or a web process that never reads a text.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.extraction.candidates import Candidate, extract_candidates
    from claims.extraction.claimants import Attribution, find_claimant, find_claimants
    from claims.extraction.features import SHIPPED, Score, Weighing, read_features, score_sentence
    from claims.extraction.figures import (
        Figure,
        FigureComparison,
        Kind,
        Qualifier,
        TextComparison,
        compare_figures,
        compare_texts,
        read_figures,
    )
    from claims.extraction.likeness import (
        Compared,
        Statement,
        are_of_one_time,
        conflicting_figures,
        contradictions_between,
        keys_of,
        nearest_figures,
        read_statement,
    )
    from claims.extraction.sentences import Sentence, split_sentences

__all__ = [
    "SHIPPED",
    "Attribution",
    "Candidate",
    "Compared",
    "Figure",
    "FigureComparison",
    "Kind",
    "Qualifier",
    "Score",
    "Sentence",
    "Statement",
    "TextComparison",
    "Weighing",
    "are_of_one_time",
    "compare_figures",
    "compare_texts",
    "conflicting_figures",
    "contradictions_between",
    "extract_candidates",
    "find_claimant",
    "find_claimants",
    "keys_of",
    "nearest_figures",
    "read_features",
    "read_figures",
    "read_statement",
    "score_sentence",
    "split_sentences",
]

_PARTS = {
    "candidates": ("Candidate", "extract_candidates"),
    "claimants": ("Attribution", "find_claimant", "find_claimants"),
    "features": ("SHIPPED", "Score", "Weighing", "read_features", "score_sentence"),
    "figures": (
        "Figure",
        "FigureComparison",
        "Kind",
        "Qualifier",
        "TextComparison",
        "compare_figures",
        "compare_texts",
        "read_figures",
    ),
    "likeness": (
        "Compared",
        "Statement",
        "are_of_one_time",
        "conflicting_figures",
        "contradictions_between",
        "keys_of",
        "nearest_figures",
        "read_statement",
    ),
    "sentences": ("Sentence", "split_sentences"),
}
_WHERE = {name: part for part, names in _PARTS.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the part that has this name (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value
