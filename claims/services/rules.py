"""The desk's rules for judging and publishing: which are met, what is missing, and the exceptions a lead makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims import permissions
from claims.errors import NotPermitted, OverrideRefused
from claims.models import AlertItem, Claim, Evidence, RuleOverride

from .contradictions import unexplained_passages
from .policies import PolicyValues, current_policy
from .versions import claim_locked, save_claim

DECIDING = (Evidence.Stance.SUPPORTS, Evidence.Stance.PARTLY_SUPPORTS, Evidence.Stance.REFUTES)

# The rules a desk lead can make an exception from, in the order they are told. The two-person rule is none of them.
LABELS = {
    "accepted_evidence": "Evidence",
    "own_draft": "Somebody else than the drafter cross-checks",
    "independent_origins": "Independent origins",
    "contradictions_explained": "Contradictions explained",
    "quotes_intact": "Evidence as it was sealed",
}
UNEXPLAINED = "A passage that is said to support it gives another figure: say under Contradictions why both can stand."
JUDGING = ("accepted_evidence", "own_draft")
PUBLISHING = ("accepted_evidence", "independent_origins", "contradictions_explained", "quotes_intact")


@dataclass(frozen=True)
class RuleResult:
    """One rule for one claim: met, not met with what is missing, or overridden by a desk lead's exception."""

    name: str
    missing: str = ""
    override: RuleOverride | None = None

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def is_met(self) -> bool:
        return not self.missing

    @property
    def holds_up(self) -> bool:
        """Whether it stands in the way: not met, and no exception made."""
        return bool(self.missing) and self.override is None


def rules_for_judging(claim: Claim, reviewer: User) -> list[RuleResult]:
    """Return the rules that a judgement by this person has to meet."""
    return _results(claim, JUDGING, current_policy(), reviewer)


def rules_for_publishing(claim: Claim) -> list[RuleResult]:
    """Return the rules that a publication of this claim has to meet, besides agreement and the two persons."""
    return _results(claim, PUBLISHING, current_policy(), None)


@transaction.atomic
def override_rule(*, claim_id: int, rule: str, reason: str, by: User, now: datetime) -> RuleOverride:
    """Make an exception from one rule for this round of this claim; it stands in the history and in the seal.

    Raises NotPermitted (not a desk lead) or OverrideRefused: no such rule (the two-person rule is never one), the
    rule is met, an exception was made before, or no reason is given.
    """
    if not permissions.can_publish(by):
        raise NotPermitted("An exception from a rule takes a desk lead's account.")
    if rule not in LABELS:
        raise OverrideRefused("No exception can be made from this rule.")
    claim = claim_locked(claim_id)
    reason = " ".join(reason.split())
    if not reason:
        raise OverrideRefused("Say why the rule does not apply here.", field="reason")
    if len(reason) > 500:
        raise OverrideRefused(f"At most 500 characters; this is {len(reason)}.", field="reason")
    # Whether the drafter may cross-check is asked of the drafter, whoever asks for the exception.
    found = _results(claim, (rule,), current_policy(), claim.drafted_by)[0]
    if found.is_met:
        raise OverrideRefused("This rule is met; no exception is needed.")
    if found.override:
        raise OverrideRefused("An exception from this rule stands already.")
    override = RuleOverride.objects.create(
        claim=claim, round=claim.review_round, rule=rule, missing=found.missing[:500], reason=reason,
        given_by=by, given_at=now,
    )  # fmt: skip
    save_claim(claim, by=by, now=now, change="overridden")
    return override


def overrides_of(claim: Claim) -> dict[str, RuleOverride]:
    """Return the exceptions of this round by the rule they are from."""
    given = RuleOverride.objects.filter(claim=claim, round=claim.review_round).select_related("given_by")
    return {override.rule: override for override in given}


def origins_of(evidence: Iterable[Evidence]) -> int:
    """Count the independent origins of the passages that decide; five papers with one wire story are one."""
    sources = {item.snapshot.source for item in evidence if item.stance in DECIDING}
    return len({source.origin_id or source.pk for source in sources})


def _results(claim: Claim, names: Iterable[str], policy: PolicyValues, reviewer: User | None) -> list[RuleResult]:
    overrides = overrides_of(claim)
    return [RuleResult(name, _missing(name, claim, policy, reviewer), overrides.get(name)) for name in names]


def _missing(name: str, claim: Claim, policy: PolicyValues, reviewer: User | None) -> str:
    accepted = claim.evidence.accepted()
    if name == "accepted_evidence":
        return "" if accepted.exists() else "No evidence is attached whose stance a person has set."
    if name == "own_draft":
        is_own = reviewer is not None and claim.drafted_by_id == reviewer.pk
        if is_own and policy.reviews_required > 1 and claim.workflow == Claim.Workflow.CROSS_CHECKING:
            return "Whoever drafted a claim does not cross-check it; another reviewer does."
        return ""
    if name == "independent_origins":
        if policy.origins_required == 1:  # an answer may rest on context alone, as where nothing can be proved
            return ""
        found = origins_of(accepted.select_related("snapshot__source").defer("snapshot__text", "snapshot__main_text"))
        if found >= policy.origins_required:
            return ""
        return f"The evidence that decides has {found} independent origin{'' if found == 1 else 's'}; " + (
            f"{policy.origins_required} are required. Attach a passage from a source of another origin."
        )
    if name == "contradictions_explained":
        return UNEXPLAINED if unexplained_passages(claim).exists() else ""
    if claim.publications.exists():  # a correction is an answer to the alert, approved on the evidence as it stands
        return ""
    changed = AlertItem.objects.unanswered().on_evidence().filter(claim=claim, alert__answered_at=None)
    item = changed.select_related("quote_check").order_by("-quote_check__checked_at").first()
    if item is None or item.quote_check is None:
        return ""
    return f"A source it rests on has changed, and its alert is not answered. {item.quote_check.reason}"
