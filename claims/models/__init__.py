from .access import ApiKey, IdempotencyRecord, RateCount
from .alerts import Alert, AlertAnswer, AlertItem
from .citing import CitationUse
from .claims import Appearance, Claim, Claimant, Figure, Topic
from .contradictions import Contradiction, CountedWord
from .dumps import Dump
from .evidence import Evidence
from .intake import Article, Candidate
from .ledger import Change, LedgerHead
from .log import Checkpoint, LogCheck, LogKey, LogTile
from .noise import NoiseRule
from .publishing import Correction, Publication, PublicDocument
from .quotes import FollowMark, QuoteCheck
from .reviews import Review, ReviewerNote
from .verdicts import Rating, Seal, SealSalt, Verdict
from .webhooks import Delivery, DeliveryAttempt, Endpoint

__all__ = [
    "Alert",
    "AlertAnswer",
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
    "Delivery",
    "DeliveryAttempt",
    "Dump",
    "Endpoint",
    "Evidence",
    "Figure",
    "FollowMark",
    "IdempotencyRecord",
    "LedgerHead",
    "LogCheck",
    "LogKey",
    "LogTile",
    "NoiseRule",
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
