from .access import ApiKey, IdempotencyRecord, RateCount
from .alerts import Alert, AlertItem
from .citing import CitationUse
from .claims import Appearance, Claim, Claimant, Figure, Topic
from .contradictions import Contradiction, CountedWord
from .evidence import Evidence
from .intake import Article, Candidate
from .ledger import Change, LedgerHead
from .log import Checkpoint, LogCheck, LogKey, LogTile
from .publishing import Correction, Publication, PublicDocument
from .quotes import QuoteCheck
from .reviews import Review, ReviewerNote
from .verdicts import Rating, Seal, SealSalt, Verdict

__all__ = [
    "Alert",
    "AlertItem",
    "ApiKey",
    "Appearance",
    "Article",
    "Candidate",
    "Change",
    "Checkpoint",
    "CitationUse",
    "Claim",
    "Claimant",
    "Contradiction",
    "Correction",
    "CountedWord",
    "Evidence",
    "Figure",
    "IdempotencyRecord",
    "LedgerHead",
    "LogCheck",
    "LogKey",
    "LogTile",
    "PublicDocument",
    "Publication",
    "QuoteCheck",
    "RateCount",
    "Rating",
    "Review",
    "ReviewerNote",
    "Seal",
    "SealSalt",
    "Topic",
    "Verdict",
]
