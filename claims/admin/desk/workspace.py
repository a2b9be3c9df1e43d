"""What the claim page shows: state, next step, evidence, judgements, history."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from claims import permissions, workflow
from claims.models import Alert, Claim, Evidence, Figure, RuleOverride
from claims.services.contradictions import contradictions_of
from claims.services.publishing import missing_for_publication, revision_of
from claims.services.reviews import visible_reviews
from claims.services.rules import LABELS, RuleResult, rules_for_judging, rules_for_publishing

W = Claim.Workflow


@dataclass(frozen=True)
class Step:
    """The next sensible thing to do with a claim, where on the page it is done, and why."""

    words: str
    anchor: str = ""
    why: str = ""
    waits: bool = False


@dataclass(frozen=True)
class Judging:
    """Where this round of review stands for one person; nothing of it tells another's rating too early."""

    reviews: list
    earlier: list
    mine: object
    judged_by: list
    is_blind: bool
    still_needed: int
    is_open: bool
    disagree: bool
    is_disputed: bool
    unmet: list[RuleResult]

    @property
    def is_held_up(self) -> bool:
        return any(rule.holds_up for rule in self.unmet)


def judging(claim, viewer, policy):
    """Return where this round of review stands, as far as this person may know."""
    visible = list(visible_reviews(claim, viewer))
    this_round = [review for review in visible if review.round == claim.review_round]
    all_of_round = claim.reviews.filter(round=claim.review_round).select_related("reviewer")
    judged_by = [review.reviewer for review in all_of_round]
    mine = next((review for review in this_round if review.reviewer_id == viewer.pk), None)
    ratings = [review.rating_id for review in this_round]
    agreeing = max((ratings.count(rating) for rating in ratings), default=0)
    return Judging(
        reviews=this_round,
        earlier=[review for review in visible if review.round != claim.review_round],
        mine=mine,
        judged_by=judged_by,
        is_blind=len(this_round) < len(judged_by),
        still_needed=max(0, policy.reviews_required - (agreeing or len(judged_by))),
        is_open=claim.workflow in Claim.REVIEWABLE and mine is None and permissions.can_review(viewer),
        disagree=len(set(ratings)) > 1,
        # Those whose own judgement is still to come learn that the others differ, and nothing more.
        is_disputed=len({review.rating_id for review in all_of_round}) > 1,
        unmet=[rule for rule in rules_for_judging(claim, viewer) if not rule.is_met],
    )


@dataclass(frozen=True)
class Publishing:
    """What would be published now, what is published, and what stands between this person and publishing."""

    revision: object
    missing: list
    newest: object
    published: object
    is_author: bool
    may_publish: bool
    differs: bool
    changes: list
    versions: list
    rules: list[RuleResult]

    @property
    def is_held_up(self) -> bool:
        return bool(self.missing) or any(rule.holds_up for rule in self.rules)


def publishing(claim, viewer):
    """Return the exact revision on offer beside what stands published."""
    revision = revision_of(claim)
    versions = list(claim.publications.select_related("approved_by", "correction"))
    newest = versions[0] if versions else None
    published = json.loads(newest.document) if newest else None
    changes = []
    differs = False
    if revision and newest and published and newest.revision_sha256 != revision.sha256:
        differs, changes = True, _changes(published, revision.document)
    rules = [rule for rule in rules_for_publishing(claim) if not rule.is_met]
    told_by_rules = {rule.missing for rule in rules}
    return Publishing(
        revision=revision,
        missing=[item for item in missing_for_publication(claim, revision) if item not in told_by_rules],
        newest=newest,
        published=published,
        is_author=permissions.is_author(viewer, claim),
        may_publish=permissions.can_publish(viewer),
        differs=differs,
        changes=changes,
        versions=versions,
        rules=rules,
    )


def _changes(old, new):
    shown = [
        ("Claim", old["text"], new["text"]),
        ("Context", old["context"], new["context"]),
        ("Rating", old["verdict"]["label"], new["verdict"]["label"]),
        ("Finding", old["verdict"]["finding"], new["verdict"]["finding"]),
        ("Explanation", old["verdict"]["explanation"], new["verdict"]["explanation"]),
        ("Claimants", _names(old["claimants"]), _names(new["claimants"])),
        ("Topics", _names(old["topics"]), _names(new["topics"])),
        ("Evidence", _passages(old["evidence"]), _passages(new["evidence"])),
        ("Appearances", _passages(old["appearances"]), _passages(new["appearances"])),
    ]
    changed = [change for change in shown if change[1] != change[2]]
    return changed or [("Details", "as published", "dates, figures or the data of a source differ")]


def _names(rows):
    return ", ".join(row["name"] for row in rows)


def _passages(rows):
    return " · ".join(f"{row.get('stance', '')} “{Truncator(row['quote']).chars(80)}”".strip() for row in rows)


def contradictions(claim):
    """Return what stands against a claim, unexplained first, each with the side that is not this claim."""
    found = list(contradictions_of(claim))
    for row in found:
        row.other = row.claim if row.other_claim_id == claim.pk else row.other_claim  # type: ignore[attr-defined]
    return found


def next_step(claim, evidence, judged, told, alerts, contradictions):
    """Name the next sensible step for this person."""
    if claim.workflow == W.MERGED:
        return Step(f"Merged into {claim.merged_into.code}", why="Work goes on there.", waits=True)
    if claim.workflow == W.DROPPED:
        return Step("Dropped", why=claim.workflow_reason, waits=True)
    if claim.citability == Claim.Citability.WITHDRAWN:
        return Step("Withdrawn", why="Its address answers with a tombstone.", waits=True)
    proposals = [item for item in evidence if item.accepted_at is None]
    if takes_evidence(claim):
        if proposals:
            return Step("Set the stance of what was proposed", "evidence", "A key proposed it; a person decides.")
        if not evidence:
            return Step("Attach evidence", "add-evidence", "A judgement without a quoted passage cannot be followed.")
        return _judging_step(claim, judged)
    if any(row.is_open and row.evidence_id for row in contradictions) and told.revision and not told.published:
        return Step("Explain the contradiction", "contradictions", "A passage said to support it has another figure.")
    return _publishing_step(claim, told, alerts)


def _judging_step(claim, judged):
    if claim.workflow == W.UNSTARTED:
        return Step("Take it up", "people", "Assign it to yourself to start.")
    if judged.mine:
        why = "Reviewers disagree; a third decides." if judged.disagree else "The cross-check takes another person."
        return Step("Waits for another reviewer", "reviews", why, waits=True)
    if judged.judged_by:
        return Step("Cross-check it", "reviews", "Another reviewer has judged; you see it after yours.")
    return Step("Judge it", "reviews", "The evidence is there; a second person will cross-check.")


def _publishing_step(claim, told, alerts):
    if told.revision is None:
        return Step("Write the verdict", "verdict", "Reviewers agree; readers need the finding and how we know.")
    if told.newest and alerts:
        return Step("Answer the alert", "alerts", "Compare what was sealed with what stands there now.")
    if claim.citability == Claim.Citability.ON_HOLD and not told.differs:
        return Step("Reopen it", "people", "It is on hold, and what was published has to be corrected.")
    if told.newest and not told.differs:
        return Step(f"Published as version {told.newest.number}", "publish", "Nothing waits.", waits=True)
    what = "Publish the correction" if told.newest else "Publish it"
    if told.may_publish and not told.is_author:
        return Step(what, "publish", "You had no part in it: read the revision, then approve exactly that.")
    return Step("Waits for a desk lead", "publish", "Somebody who wrote and judged none of it publishes.", waits=True)


def takes_evidence(claim):
    """Whether passages can be attached, changed and removed now."""
    return claim.workflow in (*Claim.REVIEWABLE, W.UNSTARTED)


def moves(claim):
    """Name the moves a person can make by hand from here."""
    allowed = set(workflow.allowed_moves(claim.workflow))
    has_publication = claim.publications.exists()
    by_hand = {
        "reopen": "reopen" in allowed,
        "drop": "drop" in allowed and not has_publication,
        "merge": "merge" in allowed and not has_publication,
        "take_up": "take_up" in allowed,
        "withdraw": claim.is_public,
        "supersede": claim.is_public,
    }
    return {name for name, possible in by_hand.items() if possible}


_WATCHED = {
    "text": "Claim", "context": "Context", "workflow": "Workflow", "workflow_reason": "Reason",
    "citability": "Citability", "hold_reason": "Hold", "priority": "Priority", "review_by": "Review by",
    "language": "Language", "assignee_id": "Assignee",
}  # fmt: skip


def history(claim, limit=60):
    """Return the newest changes of a claim: who, when, what kind, and what was before and after."""
    newest = claim.history.select_related("history_user", "assignee").order_by("-history_date", "-history_id")
    rows = list(newest[: limit + 1])
    events = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        events.append({"row": row, "changes": _differences(before, row)})
    return events[:limit]


def _differences(before, after):
    if before is None:
        return []
    return [
        (label, _shown(before, name), _shown(after, name))
        for name, label in _WATCHED.items()
        if getattr(before, name) != getattr(after, name)
    ]


def _shown(row, name):
    if name == "assignee_id":
        return str(row.assignee) if row.assignee_id else "nobody"
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else getattr(row, name)


def evidence_history(claim, limit=30):
    """Return what happened to the claim's passages: attached, changed, removed."""
    rows = Evidence.history.filter(claim_id=claim.pk).select_related("history_user")
    return rows.order_by("-history_date", "-history_id")[:limit]


def figure_history(claim, limit=30):
    """Return what became of the claim's figures, newest first: who, when, before, after."""
    rows = list(Figure.history.filter(claim_id=claim.pk).select_related("history_user").order_by("history_id"))
    known: dict[int, Any] = {}
    events = []
    for row in rows:
        before, after = known.get(row.id), None if row.history_type == "-" else row
        known[row.id] = after
        events.append({"row": row, "before": before, "after": after})
    return events[::-1][:limit]


def overrides(claim):
    """Return every exception from a rule that was made for this claim, with the rule in words."""
    found = list(RuleOverride.objects.filter(claim=claim).select_related("given_by").order_by("-given_at", "-pk"))
    for override in found:
        override.rule_words = LABELS.get(override.rule, override.rule)  # type: ignore[attr-defined]
    return found


def alerts_on(claim):
    """Return the open alerts that list this claim."""
    found = Alert.objects.unanswered().filter(items__claim=claim, items__answer=None)
    return list(found.select_related("source").distinct())


def claims_using(source, besides, limit=100):
    """Return the other claims that have a passage of this source as evidence."""
    rests = Evidence.objects.filter(snapshot__source=source).values("claim")
    return list(Claim.objects.filter(pk__in=rests).exclude(pk=besides.pk).order_by("-pk")[:limit])


def reader_snapshot(source):
    """Return the newest readable snapshot of a source, or None."""
    return source.snapshots.readable().first()
