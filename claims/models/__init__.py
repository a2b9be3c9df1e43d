from .access import ApiKey, IdempotencyRecord, RateCount
from .accounts import AccountEvent, Invitation, Session
from .alerts import Alert, AlertAnswer, AlertItem
from .citing import CitationUse, Digest
from .claims import Appearance, Claim, Claimant, Figure, Topic
from .contradictions import Contradiction, CountedWord
from .desk import BulkAction, BulkOutcome, DeskPreference, Mention, Presence, SavedFilter
from .dumps import Dump
from .evidence import Evidence
from .importing import Import, ImportedClaim, ImportProblem
from .intake import Article, Candidate
from .ledger import Change, LedgerHead
from .log import Checkpoint, LogCheck, LogKey, LogTile
from .meaning import ClaimVector
from .noise import NoiseRule
from .policies import Policy, RuleOverride
from .publishing import Correction, Publication, PublicDocument
from .quotes import FollowMark, QuoteCheck
from .reviews import Review, ReviewerNote
from .scheduling import ScheduledPublication
from .training import CandidateWeights
from .verdicts import Rating, Seal, SealSalt, Verdict
from .webhooks import Delivery, DeliveryAttempt, Endpoint

__all__ = [
    "AccountEvent",
    "Alert",
    "AlertAnswer",
    "AlertItem",
    "ApiKey",
    "Appearance",
    "Article",
    "BulkAction",
    "BulkOutcome",
    "Candidate",
    "CandidateWeights",
    "Change",
    "Checkpoint",
    "CitationUse",
    "Claim",
    "ClaimVector",
    "Claimant",
    "Contradiction",
    "Correction",
    "CountedWord",
    "Delivery",
    "DeliveryAttempt",
    "DeskPreference",
    "Digest",
    "Dump",
    "Endpoint",
    "Evidence",
    "Figure",
    "FollowMark",
    "IdempotencyRecord",
    "Import",
    "ImportProblem",
    "ImportedClaim",
    "Invitation",
    "LedgerHead",
    "LogCheck",
    "LogKey",
    "LogTile",
    "Mention",
    "NoiseRule",
    "Policy",
    "Presence",
    "PublicDocument",
    "Publication",
    "QuoteCheck",
    "RateCount",
    "Rating",
    "Review",
    "ReviewerNote",
    "RuleOverride",
    "SavedFilter",
    "ScheduledPublication",
    "Seal",
    "SealSalt",
    "Session",
    "Topic",
    "Verdict",
]
