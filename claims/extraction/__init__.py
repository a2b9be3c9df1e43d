"""From the text of an article to sentences, figures, claimants and candidates: pure, no database."""

from claims.extraction.candidates import Candidate, extract_candidates
from claims.extraction.claimants import Attribution, find_claimant, find_claimants
from claims.extraction.features import Score, score_sentence
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
    "find_claimants",
    "read_figures",
    "score_sentence",
    "split_sentences",
]
