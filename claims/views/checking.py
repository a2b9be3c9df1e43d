"""The quick check of a draft, for signed-in editors: what of it is covered by published claims, ready to cite."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from claims.errors import ClaimRefused
from claims.formats.citation import cite, house_style
from claims.formats.page import claim_card
from claims.services.quick_check import Covering, quick_check

from .citing import for_editors


@require_http_methods(["GET", "POST"])
@for_editors
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a draft, and show its sentences with the claims that cover them; the draft is kept nowhere."""
    text = request.POST.get("text", "") if request.method == "POST" else ""
    context: dict[str, Any] = {"text": text}
    status = 200
    if request.method == "POST":
        try:
            found = quick_check(text, now=timezone.now())
        except ClaimRefused as refusal:
            context["error"], status = str(refusal), refusal.status
        else:
            context |= {
                "checked": found,
                "sentences": [
                    {"text": sentence.text, "claims": [_described(covering) for covering in sentence.claims]}
                    for sentence in found.sentences
                ],
            }
    return render(request, "claims/check.html", context, status=status)


def _described(covering: Covering) -> dict[str, Any]:
    document = json.loads(covering.claim.public_document.body)
    return {
        **claim_card(document),
        "is_same": covering.is_same,
        "is_sure": covering.is_sure,
        "reason": covering.reason,
        "citation": house_style(cite(document, site_name=settings.SITE_NAME)),
    }
