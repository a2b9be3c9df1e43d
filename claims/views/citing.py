"""For signed-in editors: recording where a claim is cited, and seeing what moved since."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from claims import permissions
from claims.formats.links import safe_href
from claims.formats.page import claim_card
from claims.models import CitationUse, Claim, Publication
from claims.services.citing import record_use
from sources.errors import Refused

from .claims import claim_response
from .reading import find_claim, gone

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def claim_use(request: HttpRequest, code: str) -> HttpResponse:
    """Record the article in which the claim's present version is cited, and return to the claim.

    Its address is read when a reader loads a refused form again; that leads back to the claim as well.
    """
    found = find_claim(code)
    if request.method == "GET":
        return redirect("claim", code=found.code)
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("claim", args=[found.code]))
    if not permissions.can_cite(request.user):
        raise PermissionDenied
    if found.is_withdrawn:
        return gone(request, found)
    form = {"article_url": request.POST.get("article_url", ""), "article_title": request.POST.get("article_title", "")}
    try:
        _refuse_nul(form)
        use = record_use(claim_id=found.claim.pk, by=request.user, now=timezone.now(), **form)
    except Refused as refusal:
        return claim_response(request, found, form={**form, "error": str(refusal)}, status=refusal.status)
    article = use.article_title or use.article_url
    messages.success(
        request,
        f"Recorded: {article} cites version {use.publication.number} of {found.code}. “What I cited” keeps it.",
    )
    return redirect("claim", code=found.code)


@require_safe
@login_required
def uses(request: HttpRequest) -> HttpResponse:
    """Show what this editor cited, what has moved since first."""
    if not permissions.can_cite(request.user):
        raise PermissionDenied
    newer = Publication.objects.filter(
        claim=OuterRef("publication__claim"), number__gt=OuterRef("publication__number")
    )
    held = Q(publication__claim__citability=Claim.Citability.ON_HOLD)
    replaced = Q(publication__claim__superseded_by__isnull=False)
    rows = (
        CitationUse.objects.filter(used_by_id=request.user.pk)
        .annotate(is_outdated=Exists(newer))
        .annotate(
            moved=Case(
                When(Q(is_outdated=True) | held | replaced, then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            )
        )
        .select_related("publication__claim__public_document")
        .order_by(F("moved").desc(), "-used_at", "-pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "claims/uses.html", {"page": page, "uses": [_use(row) for row in page]})


def _refuse_nul(form: dict[str, str]) -> None:
    if any("\x00" in value for value in form.values()):
        raise Refused("An address and a title hold no NUL character; remove it.")


def _use(use: CitationUse) -> dict[str, Any]:
    """Say of one use what was cited and what stands now."""
    cited, now = json.loads(use.publication.document), json.loads(use.publication.claim.public_document.body)
    is_withdrawn = now["citability"] == Claim.Citability.WITHDRAWN
    since = [c for c in now["corrections"] if c["version"] > use.publication.number]
    return {
        "code": now["id"],
        "text": cited["text"],
        "language": cited["language"],
        "cited_label": cited["verdict"]["label"],
        "cited_version": use.publication.number,
        "article": use.article_title or use.article_url,
        "article_href": safe_href(use.article_url),
        "used_at": use.used_at,
        "is_withdrawn": is_withdrawn,
        "now": None if is_withdrawn else claim_card(now),
        "since": since,
        "hold": now["hold"],
        "superseded_by": now["superseded_by"],
        "has_moved": bool(since or now["hold"] or now["superseded_by"]),
        "answer": use.get_answer_display() if use.answer else "",
    }
