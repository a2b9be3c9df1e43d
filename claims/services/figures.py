"""Figures: the quantities of a claim, read from its text and set right by a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from claims import permissions
from claims.errors import ClaimRefused
from claims.models import Claim, Figure
from sources.services.history import sign_history

from .contradictions import find_contradictions
from .versions import claim_locked, require_work, save_claim

LIMIT = 40
FIELDS = ("text", "low", "high", "qualifier", "unit", "whole", "period", "place")


@dataclass(frozen=True)
class FigureValues:
    """One figure as a person wants it; `pk` of the row it replaces, None for a new one."""

    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    qualifier: str = ""
    unit: str = ""
    whole: Decimal | None = None
    period: str = ""
    place: str = ""
    pk: int | None = field(default=None)


@transaction.atomic
def edit_figures(*, claim_id: int, version: int, figures: Iterable[FigureValues], by: User, now: datetime) -> Claim:
    """Give the claim exactly these figures; or raise StaleVersion, ClaimRefused or NotPermitted.

    Allowed while its wording is: nobody has judged it in this round. A later change of the claim's text reads
    its figures anew. The history keeps each figure before and after.
    """
    require_work(by)
    claim = claim_locked(claim_id, version)
    if claim.workflow not in (Claim.Workflow.UNSTARTED, Claim.Workflow.IN_PROGRESS, Claim.Workflow.REOPENED):
        raise ClaimRefused("Reviewers have judged these figures. Reopen the claim to change them.")
    wanted = list(figures)
    if len(wanted) > LIMIT:
        raise ClaimRefused(f"At most {LIMIT} figures; these are {len(wanted)}.")
    present = {figure.pk: figure for figure in claim.figures.all()}
    is_changed = False
    for values in wanted:
        _refuse_impossible(values)
        figure = present.pop(values.pk, None) if values.pk else None
        is_new = figure is None
        figure = figure or Figure(claim=claim)
        changes = {name: getattr(values, name) for name in FIELDS if getattr(figure, name) != getattr(values, name)}
        if not is_new and not changes:
            continue
        for name, value in changes.items():
            setattr(figure, name, value)
        sign_history(figure, by=by, now=now, change="figure")
        figure.save()
        is_changed = True
    for figure in present.values():
        sign_history(figure, by=by, now=now, change="figure")
        figure.delete()
        is_changed = True
    if is_changed:
        save_claim(claim, by=by, now=now, change=permissions.WORDING)
        find_contradictions(claim_ids=[claim.pk], now=now)
    return claim


def _refuse_impossible(values: FigureValues) -> None:
    if not values.text.strip():
        raise ClaimRefused("Each figure needs its words, as the claim gives them.", field="text")
    if values.low is None and values.high is None:
        raise ClaimRefused(f"“{values.text}” needs a number at one end at least.", field="low")
    if values.low is not None and values.high is not None and values.low > values.high:
        raise ClaimRefused(f"“{values.text}”: the lower end is above the upper one.", field="low")
    if any(end is not None and abs(end) >= 10**18 for end in (values.low, values.high, values.whole)):
        raise ClaimRefused(f"“{values.text}”: a number is too large to be kept.", field="low")
