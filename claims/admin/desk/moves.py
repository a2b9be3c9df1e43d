"""Moves of a claim that end or reopen something: each asks once more, with its consequence, before it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.utils import timezone

from claims import permissions
from claims.errors import ClaimRefused
from claims.services import claims, publishing
from sources.errors import Refused

from . import workspace
from .claim import back_to
from .finding import NONE_FOUND, SEVERAL, claims_like
from .forms import DeskForm, IntoForm, ReasonForm
from .page import claim_of_code, desk_page, put_beside, show


@dataclass(frozen=True)
class Ask:
    """What the page asks before a move: the button's words, what follows, the form, who may."""

    title: str
    follows: str
    button: str
    form: type
    done: str
    is_grave: bool = False
    may: Callable[[Any], bool] = permissions.can_work


ASKS = {
    "reopen": Ask(
        "Reopen", "A new round of review begins. What was published stands until it is corrected.",
        "Reopen the claim", ReasonForm, "Reopened.",
    ),
    "drop": Ask(
        "Drop", "Work on this claim ends. It can be taken up again, and the reason stays in its history.",
        "Drop the claim", ReasonForm, "Dropped.", is_grave=True,
    ),
    "merge": Ask(
        "Merge", "Its appearances and evidence go to the other claim, and this one points there. "
        "This cannot be undone.", "Merge", IntoForm, "Merged.", is_grave=True,
    ),
    "take_up": Ask("Take up again", "Work on this claim goes on.", "Take it up again", DeskForm, "Taken up again."),
    "withdraw": Ask(
        "Withdraw", "The public page and the API answer 410 with a tombstone that gives the date and this reason.",
        "Withdraw the claim", ReasonForm, "Withdrawn.", is_grave=True,
        may=permissions.can_publish,
    ),
    "supersede": Ask(
        "Supersede", "Citations and the API follow from this claim to the published claim that replaces it.",
        "Supersede", IntoForm, "Superseded.", may=permissions.can_publish,
    ),
}  # fmt: skip


@desk_page
def claim_move(request, code, move):
    """Ask for the reason or the other claim, then make the move."""
    claim, ask = claim_of_code(code), ASKS.get(move)
    if ask is None or not ask.may(request.user):
        raise Http404("No such move.")
    form = ask.form(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            _make(move, claim, form, request)
        except Refused as refusal:
            put_beside(form, refusal)
            status = refusal.status
        else:
            messages.success(request, ask.done)
            return back_to(claim)
    elif move not in workspace.moves(claim):
        messages.warning(request, f"“{ask.title}” is not possible for this claim now.")
        return back_to(claim)
    return show(
        request, "move", title=f"{ask.title} {claim.code}", status=status, claim=claim, ask=ask, form=form, move=move
    )


def _make(move, claim, form, request):
    who = {"claim_id": claim.pk, "by": request.user, "now": timezone.now()}
    reason = form.cleaned_data.get("reason", "")
    if move == "reopen":
        claims.reopen_claim(reason=reason, **who)
    elif move == "drop":
        claims.drop_claim(reason=reason, **who)
    elif move == "take_up":
        claims.take_up_claim(**who)
    elif move == "withdraw":
        publishing.withdraw_claim(reason=reason, **who)
    elif move == "merge":
        claims.merge_claim(into_id=_other(form, request).pk, **who)
    elif move == "supersede":
        publishing.supersede_claim(by_claim_id=_other(form, request).pk, **who)


def _other(form, request):
    """Return the one claim that was named; raise ClaimRefused with the choices where several fit."""
    found = claims_like(request.POST.get("claim") or form.cleaned_data.get("into", ""))
    if len(found) == 1:
        return found[0]
    form.choices = found
    many = SEVERAL if found else NONE_FOUND
    raise ClaimRefused(many, field="into")
