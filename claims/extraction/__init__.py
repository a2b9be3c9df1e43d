"""From the text of an article to sentences, figures, claimants and candidates: pure, no database."""

from claims.extraction.candidates import Candidate, Score, extract_candidates, score_sentence
from claims.extraction.claimants import Attribution, find_claimant
from claims.extraction.figures import Figure, Kind, Qualifier, read_figures
from claims.extraction.sentences import Sentence, split_sentences

__all__ = [
    "Attribution",
    "Candidate",
    "Figure",
    "Kind",
    "Qualifier",
    "Score",
    "Sentence",
    "extract_candidates",
    "find_claimant",
    "read_figures",
    "score_sentence",
    "split_sentences",
]
