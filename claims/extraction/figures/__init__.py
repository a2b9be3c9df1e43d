"""Quantities read out of running text as data."""

from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.reader import read_figures

__all__ = ["Figure", "Kind", "Qualifier", "read_figures"]
