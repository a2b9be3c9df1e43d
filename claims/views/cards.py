"""The picture beside a link to a claim, drawn once for each version of its public document and kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from .reading import find_claim
from .stored import Pages, is_held_page, kept_headers

# Cards of 30 to 60 kB; the page names the version in the address, so a newer one has another address.
cards = Pages(limit=12 * 1024 * 1024)
_FOREVER = 10 * 365 * 24 * 3600.0
_NAMED, _UNNAMED = "public, max-age=86400", "public, max-age=60"


@require_safe
def claim_card(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with the card of a claim as it stands; of a withdrawn one 410, with a card that says so."""
    found = find_claim(code)
    if code != found.code:
        return redirect("claim-card", code=found.code, permanent=True)
    version = found.claim.public_document.version
    card = cards.find(found.code, version)
    if card is None:
        # Here, because a process that draws no card has no use for the library, which is slow to load.
        from claims.formats.card import claim_card_png

        drawn = claim_card_png(found.document, site_name=settings.SITE_NAME)
        card = cards.keep(found.code, version, drawn, seconds=_FOREVER)
    cache = _NAMED if request.GET.get("v") == str(version) else _UNNAMED
    headers = kept_headers(card, cache=cache)
    if found.is_withdrawn:
        return HttpResponse(card.body, status=410, content_type="image/png", headers=headers)
    if is_held_page(request, card):
        response = HttpResponse(status=304, headers=headers)
        del response["Content-Type"]
        return response
    return HttpResponse(card.body, content_type="image/png", headers=headers)
