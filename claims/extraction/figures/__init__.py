"""Quantities read out of running text as data, and compared as numbers."""

from claims.extraction.figures.comparing import compare_figures
from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.pairing import TextComparison, compare_texts
from claims.extraction.figures.reader import read_figures
from claims.extraction.figures.results import FigureComparison, Result

__all__ = [
    "Figure",
    "FigureComparison",
    "Kind",
    "Qualifier",
    "Result",
    "TextComparison",
    "compare_figures",
    "compare_texts",
    "read_figures",
]
