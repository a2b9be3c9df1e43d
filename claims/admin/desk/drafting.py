"""Draft a claim that no article brought: from a broadcast, a reader's letter, a speech."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from claims import permissions
from claims.services import claims
from sources.errors import Refused

from .forms import DraftForm
from .page import desk_page, put_beside, show


@desk_page(may=permissions.can_work)
def claim_new(request):
    """Ask for the claim's words and who said them; then open its page."""
    form = DraftForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                claim = _draft(form.cleaned_data, request.user)
            except Refused as refusal:
                put_beside(form, refusal)
                status = refusal.status
            else:
                messages.success(request, "Drafted. It waits among the unassigned until somebody takes it up.")
                return redirect(reverse("desk-claim", args=[claim.code]))
    return show(request, "claim_new", title="New claim", status=status, form=form)


@transaction.atomic
def _draft(given, user):
    names = [line for line in given["claimants"].splitlines() if line.strip()]
    return claims.draft_claim(
        text=given["text"],
        context=given["context"],
        claimants=[claims.claimant_named(name) for name in names],
        topics=given["topics"],
        priority=given["priority"],
        by=user,
        now=timezone.now(),
    )
