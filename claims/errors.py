"""Refusals of the desk, each with its code and status (409 unless it says so)."""

from sources.errors import Refused


class ClaimError(Refused):
    """A move of a claim's life that its state, its people or its evidence do not allow."""


class MoveRefused(ClaimError):
    """A move the workflow does not have from this state; `facts["allowed"]` lists those it has."""

    code = "invalid_transition"


class StaleVersion(ClaimError):
    """Somebody saved in between; nothing was changed. `facts["current"]` is the version to read again."""

    code = "version_conflict"
    status = 412


class IntakeRefused(ClaimError):
    code = "invalid_article"
    status = 400


class CandidateRefused(ClaimError):
    code = "candidate_decided"


class ClaimRefused(ClaimError):
    code = "invalid_claim"
    status = 400


class TrainingRefused(ClaimError):
    """A training on the desk's decisions that cannot be made."""

    code = "not_trainable"


class SearchRefused(ClaimError):
    """A page of a search that is not there."""

    code = "invalid_page"
    status = 400


class QuoteRefused(ClaimError):
    """A quote that is not in the text; `facts["nearest"]` is the nearest passage, or None."""

    code = "quote_not_found"
    status = 400


class EvidenceRefused(ClaimError):
    code = "invalid_evidence"


class ReviewRefused(ClaimError):
    code = "invalid_review"


class VerdictRefused(ClaimError):
    code = "invalid_verdict"


class PublicationRefused(ClaimError):
    code = "not_publishable"


class PublishingMoveRefused(PublicationRefused):
    """The claim's state does not allow it; `facts["allowed"]` lists what it does, `facts["missing"]` what it lacks."""

    code = "invalid_transition"


class ApprovalStale(PublicationRefused):
    """The approval names another revision than the one that stands."""

    code = "approval_stale"


class TwoPersonRule(PublicationRefused):
    code = "two_person_rule"
    status = 403


class NotPermitted(ClaimError):
    code = "forbidden"
    status = 403


class PolicyRefused(ClaimError):
    """A value the desk's policy cannot have."""

    code = "invalid_policy"
    status = 400


class OverrideRefused(ClaimError):
    """An exception that cannot be made from a rule of the policy."""

    code = "invalid_override"


class PreferenceRefused(ClaimError):
    """A key or a filter that cannot be as asked; `field` names which."""

    code = "invalid_preference"
    status = 400


class BulkRefused(ClaimError):
    """A change to many claims that cannot be made, or undone, at all."""

    code = "invalid_bulk_change"
    status = 400


class AccountRefused(ClaimError):
    """Something about an account that cannot be as asked."""

    code = "invalid_account"
    status = 400


class InvitationRefused(AccountRefused):
    """A link that was used, withdrawn, has expired or never was; which, it does not say."""

    code = "invitation_ended"
    status = 410


class ScaleRefused(ClaimError):
    """A rating that cannot be as asked, or cannot go."""

    code = "invalid_rating"
    status = 400


class SecondFactorRefused(AccountRefused):
    code = "wrong_code"


class CitingRefused(ClaimError):
    """An answer about a cited claim that lacks something, or has nothing to answer."""

    code = "invalid_answer"
    status = 400


class ContradictionRefused(ClaimError):
    code = "invalid_contradiction"


class AlertRefused(ClaimError):
    """An answer that does not fit the alert; `facts["source"]` is the source an address belongs to, if one does."""

    code = "alert_answered"


class RateLimited(ClaimError):
    """One too many in a window; `facts["retry_after"]` is the exact number of seconds until it ends."""

    code = "rate_limited"
    status = 429


class KeyReused(ClaimError):
    """An Idempotency-Key that came before with another body."""

    code = "key_reused"
    status = 422


class KeyInProgress(ClaimError):
    """An Idempotency-Key whose first request has not been answered yet."""

    code = "in_progress"


class SigningUnavailable(ClaimError):
    """The log's private key is missing, so nothing is published until it is back; reading goes on."""

    code = "signing_unavailable"
    status = 503


class LogBroken(ClaimError):
    """The ledger or its stored hashes are not what was signed, so nothing is signed on top of them."""

    code = "log_broken"


class EndpointRefused(ClaimError):
    """A webhook endpoint that cannot be as asked."""

    code = "url_not_allowed"
    status = 400


class EndpointLimitReached(EndpointRefused):
    code = "limit_reached"


class EndpointStale(StaleVersion):
    """Somebody, or the service, changed the endpoint in between."""


class DeliveryRefused(ClaimError):
    """A delivery that cannot be sent now."""

    code = "delivery_waits"


class EndpointOff(DeliveryRefused):
    code = "endpoint_disabled"


class ImportRefused(ClaimError):
    """A file that does not come in; `facts["problems"]` lists its faults, each with row, column, code and message."""

    code = "invalid_import"
    status = 400


class ImportTooLarge(ImportRefused):
    code = "too_large"
    status = 413


class ImportTypeRefused(ImportRefused):
    code = "unsupported_media_type"
    status = 415


class ImportMoveRefused(ImportRefused):
    """Something that the import's present state does not allow."""

    code = "import_state"
    status = 409
