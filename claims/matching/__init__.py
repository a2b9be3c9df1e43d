"""Claims already checked near a text: a derived index in this process, rebuilt any time, and a ranking that says why.

Pure but for the index's own folder: no database. Nothing here is ever the truth; the rows are.
"""

from .entries import Entry
from .index import MatchIndex
from .ranking import PERHAPS, Match, MatchClass

__all__ = ["PERHAPS", "Entry", "Match", "MatchClass", "MatchIndex"]
