"""Contradictions on the claim page: explained by a reviewer, and taken back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims import permissions, public_ids
from claims.models import Contradiction
from claims.services.contradictions import dismiss_contradiction, restore_contradiction
from sources.errors import Refused

from .claim import back_to, claim_page
from .forms import ExplainForm
from .page import claim_of_code, desk_page, put_beside


@desk_page(may=permissions.can_review)
@require_POST
def explain(request, pk):
    """Save why both figures can stand."""
    contradiction = _found(pk)
    claim = _side(request, contradiction)
    form = ExplainForm(request.POST, contradiction=contradiction)
    form.is_valid()
    try:
        dismiss_contradiction(
            contradiction_id=pk, reason=form.cleaned_data.get("reason", ""), by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        shown = put_beside(form, refusal)
        return claim_page(request, claim_of_code(claim.code), status=refusal.status, explain=shown)
    messages.success(request, "Saved. It holds until one of the figures changes.")
    return back_to(claim, "contradictions")


@desk_page(may=permissions.can_review)
@require_POST
def restore(request, pk):
    """Take an explanation back."""
    contradiction = _found(pk)
    try:
        restore_contradiction(contradiction_id=pk, by=request.user, now=timezone.now())
        messages.success(request, "Taken back. The history keeps the explanation.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back_to(_side(request, contradiction), "contradictions")


def _found(pk):
    return get_object_or_404(Contradiction.objects.select_related("claim", "other_claim"), pk=pk)


def _side(request, contradiction):
    """Return the claim whose page it was sent from, which is one of the two sides."""
    sent_from = public_ids.read(request.POST.get("claim", ""))
    other = contradiction.other_claim
    return other if other is not None and other.public_id == sent_from else contradiction.claim
