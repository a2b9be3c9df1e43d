"""One article and the claims it makes, in the order of its text, with the sources their verdicts rest on."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.formats.page import appearance_of, claim_card, source_of
from claims.services.articles import article_page, sources_of


@require_safe
def article(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show an article's published claims; one without any is not there."""
    found = article_page(source_id, visible_to=request.user)
    if found is None:
        raise Http404
    listed: list[dict[str, Any]] = [
        {**claim_card(item.document), "number": number, "appearance": appearance_of(item.appearance)}
        for number, item in enumerate(found.claims, 1)
    ]
    context = {
        "source": source_of(found.source),
        "source_id": source_id,
        "claims": listed,
        "held": sum(1 for claim in listed if claim["hold"]),
        "sentences": found.sentences,
        "sources": [{**entry, "source": source_of(entry["source"])} for entry in sources_of(found.claims)],
    }
    return render(request, "claims/article.html", context)
