"""Claims on other people's pages: how one is embedded (oEmbed), and the card that stands there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from claims.formats import oembed as formats
from claims.formats.links import claim_code_at
from claims.formats.page import claim_card
from claims.services.limits import count_embedding

from .limiting import limited
from .reading import Found, find_claim

_FORMS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "json": ("application/json; charset=utf-8", formats.as_json),
    "xml": ("text/xml; charset=utf-8", formats.as_xml),
}
# A card may stand anywhere and do nothing there but say its height and open our page, which then is a page like any
# other: without the last word Chromium refuses to load it in the new tab, as ours isolates itself from its opener.
_CARD_POLICY = {
    "sandbox": ["allow-scripts", "allow-popups", "allow-popups-to-escape-sandbox"],
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "frame-ancestors": ["*"],
    "base-uri": [NONE],
    "form-action": [NONE],
}
# Raised when the card is drawn in another way.
EDITION = 1


@require_safe
@limited(count_embedding)
def oembed(request: HttpRequest) -> HttpResponseBase:
    """Say how a claim's page is embedded; 404 for whatever is not a published claim of ours, all alike."""
    form = request.GET.get("format") or "json"
    if form not in _FORMS:
        return _plain("There is json and xml.", status=501)
    if not request.GET.get("url"):
        return _plain("Give the address of a claim's page as `url`.", status=400)
    try:
        width = formats.size(request.GET.get("maxwidth"), formats.WIDTH)
        height = formats.size(request.GET.get("maxheight"), formats.HEIGHT)
    except formats.NotASize as problem:
        return _plain(str(problem), status=400)
    code = claim_code_at(request.GET["url"], site_url=settings.SITE_URL)
    try:
        if code is None:
            raise Http404
        found = find_claim(code)
    except Http404:
        return _plain("There is no published claim at this address.", status=404)
    if found.is_withdrawn:
        return _plain("This claim was published and has been withdrawn.", status=410)
    answer = formats.oembed(
        found.document,
        width=width,
        height=height,
        site_name=settings.SITE_NAME,
        site_url=settings.SITE_URL,
        told_within=settings.TOLD_WITHIN,
    )
    content_type, write = _FORMS[form]
    return _open(HttpResponse(write(answer), content_type=content_type))


@require_safe
@xframe_options_exempt
@csp(_CARD_POLICY)  # type: ignore[arg-type]  # its stub knows only views of addresses that name nothing
def card(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show a claim as a card to be framed anywhere; it knows nobody and leaves nothing behind.

    A withdrawn claim's card says so and repeats nothing; what is not published looks like what does not exist.
    """
    try:
        found = find_claim(code)
    except Http404:
        return _kept(HttpResponse(render_to_string("claims/embed.html", _site()), status=404))
    etag = f'"{EDITION}-{found.claim.public_id}-{found.claim.public_document.version}"'
    held_already = get_conditional_response(request, etag=etag) if not found.is_withdrawn else None
    if held_already is not None:
        return _kept(held_already)
    # Without the request: nothing that knows the reader takes part in drawing it.
    status = 410 if found.is_withdrawn else 200
    response = HttpResponse(render_to_string("claims/embed.html", {**_site(), **_told(found)}), status=status)
    response["ETag"] = etag
    return _kept(response)


def _told(found: Found) -> dict[str, Any]:
    url = found.document["url"]
    if not found.is_withdrawn:
        return {"claim": claim_card(found.document), "url": url}
    withdrawal = found.document["corrections"][0]
    return {
        "withdrawal": {**withdrawal, "at": datetime.fromisoformat(withdrawal["at"])},
        "code": found.code,
        "url": url,
    }


def _site() -> dict[str, Any]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}


def _kept(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = f"public, max-age={settings.TOLD_WITHIN}"
    response["X-Robots-Tag"] = "noindex"
    return response


def _open(response: HttpResponse) -> HttpResponse:
    """Let any page's own script read the answer, as whoever it is: nobody's cookie is looked at."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={settings.TOLD_WITHIN}"
    return response


def _plain(words: str, *, status: int) -> HttpResponse:
    return _open(HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8"))
