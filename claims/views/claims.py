"""One published claim: its page, its earlier versions, and the forms it is cited in."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims import permissions, public_ids
from claims.formats import citation, oembed
from claims.formats.claimreview import claim_review, script_json
from claims.formats.page import claim_page, versions_of
from claims.formats.signposting import claim_links
from claims.formats.styled_citation import STYLES, styled
from claims.models import Claim, Rating
from claims.services.standing import last_confirmed, standing_of

from .reading import Found, find_claim, gone, merged_into
from .stored import is_anybodys, kept_answer, kept_page_answer, pages

# The article an editor recorded last, in their session.
LAST_ARTICLE = "citing_article"

_DOWNLOADS: dict[str, tuple[str, Callable[[citation.Citation], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", citation.bibtex),
    "json": (
        "application/vnd.citationstyles.csl+json",
        lambda cited: json.dumps(citation.csl_json(cited), ensure_ascii=False, indent=2) + "\n",
    ),
    "txt": ("text/plain; charset=utf-8", lambda cited: citation.plain(cited) + "\n"),
}


@require_safe
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Show a published claim; 301 to the way its code is written or to what it was merged into, 410 once withdrawn.

    One that is superseded leads to the claim that takes its place, which says so; its versions stay where they are.
    """
    plain = is_anybodys(request)
    if plain and (answer := kept_page_answer(request, code)):
        return answer
    into = merged_into(code)
    if into:
        return redirect("claim", code=into, permanent=True)
    found = find_claim(code)
    if code != found.code:
        return redirect("claim", code=found.code, permanent=True)
    if found.is_withdrawn:
        return gone(request, found)
    newer = found.document["superseded_by"]
    if newer:
        return redirect(f"{reverse('claim', args=[newer])}?instead-of={found.code}")
    response = claim_response(request, found)
    if not plain:
        return response
    version = found.claim.public_document.version
    more = {"Link": response["Link"]}
    kept = pages.keep(code, version, response.content, seconds=settings.PAGE_KEPT, more=more)
    return kept_answer(request, kept)


def claim_response(
    request: HttpRequest, found: Found, *, form: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """Render the page of a published claim, with the form for recording a use as it was sent."""
    more: dict[str, Any] = {
        "instead_of": _instead_of(request, found),
        "can_cite": permissions.can_cite(request.user),
        "form": form or _last_article(request),
        "card_version": found.claim.public_document.version,
    }
    return page_response(request, found.claim, found.document, status=status, **more)


def page_response(
    request: HttpRequest, claim: Claim, document: dict[str, Any], *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render a public document as the page of its claim."""
    page = claim_page(document)
    today = standing_of(claim.pk)
    for item in page["evidence"]:
        item["today"] = today.get(item["id"])
    context = {
        "claim": page,
        "confirmed_at": last_confirmed([claim.pk]).get(claim.pk),
        "scale": Rating.objects.filter(retired_at=None),
        "versions": list(versions_of(document)),
        "citations": _citations(document),
        "claim_review": script_json(claim_review(document, **_site())),
        "url": document["url"],
        **more,
        "embed_code": oembed.embed_code(document, site_url=settings.SITE_URL, static_url=settings.STATIC_URL),
    }
    response = render(request, "claims/claim.html", context, status=status)
    response["Link"] = claim_links(document["url"], site_url=settings.SITE_URL, licence_url=settings.LICENCE_URL)
    return response


@require_safe
def claim_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what was published as version n, which never changes, under a line saying what stands now."""
    found = find_claim(code)
    if code != found.code:
        return redirect("claim-version", code=found.code, number=number, permanent=True)
    if found.is_withdrawn:
        return gone(request, found)
    current = found.document["version"]
    if not 1 <= number <= current:
        raise Http404
    publication = get_object_or_404(found.claim.publications, number=number)
    page = claim_page(json.loads(publication.document))
    after = next((c for c in found.document["corrections"] if c["version"] == number + 1), None)
    context = {
        "claim": {**page, "version": number, "published_at": publication.published_at},
        "current": current,
        "is_current": number == current,
        "is_held": found.claim.citability == Claim.Citability.ON_HOLD,
        "superseded_by": found.document["superseded_by"],
        "next_reason": after["reason"] if after else "",
        "versions": list(versions_of(found.document)),
        "revision_sha256": publication.revision_sha256,
        "url": found.document["url"],
    }
    return render(request, "claims/version.html", context)


@require_safe
def claim_citation(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Answer with the citation as a file for a reference manager."""
    found = find_claim(code)
    if form not in _DOWNLOADS:
        raise Http404
    if code != found.code:
        return redirect("claim-citation", code=found.code, form=form, permanent=True)
    if found.is_withdrawn:
        return gone(request, found)
    content_type, write = _DOWNLOADS[form]
    body = write(citation.cite(found.document, site_name=settings.SITE_NAME))
    headers = {"Content-Disposition": f'attachment; filename="{found.code}.{form}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


@require_safe
def claim_jsonld(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with the ClaimReview of a published claim."""
    found = find_claim(code)
    if code != found.code:
        return redirect("claim-jsonld", code=found.code, permanent=True)
    if found.is_withdrawn:
        return gone(request, found)
    review = claim_review(found.document, **_site())
    return JsonResponse(review, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})


def _instead_of(request: HttpRequest, found: Found) -> dict[str, Any] | None:
    """Return the older claim a reader was led here from, if this one really takes its place."""
    public_id = public_ids.read(request.GET.get("instead-of", ""))
    older = found.claim.supersedes.published().filter(public_id=public_id).first() if public_id else None
    if older is None:
        return None
    return {"code": older.code, "version": older.publications.latest().number}


def _last_article(request: HttpRequest) -> dict[str, str]:
    """Return the article this editor recorded last, so that its address is typed once."""
    return request.session.get(LAST_ARTICLE, {}) if permissions.can_cite(request.user) else {}


def _site() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}


def _citations(document: dict[str, Any]) -> list[dict[str, str]]:
    cited = citation.cite(document, site_name=settings.SITE_NAME)
    csl = json.dumps(citation.csl_json(cited), ensure_ascii=False, indent=2)

    def file(form: str) -> str:
        return reverse("claim-citation", kwargs={"code": document["id"], "form": form})

    return [
        {"id": "house", "label": "House style", "text": citation.house_style(cited), "file": ""},
        {"id": "plain", "label": "Plain text", "text": citation.plain(cited), "file": file("txt")},
        {"id": "markdown", "label": "Markdown", "text": citation.markdown(cited), "file": ""},
        {"id": "html", "label": "HTML", "text": citation.html(cited), "file": ""},
        {"id": "bibtex", "label": "BibTeX", "text": citation.bibtex(cited).strip(), "file": file("bib")},
        {"id": "csl", "label": "CSL-JSON", "text": csl, "file": file("json")},
        *(
            {"id": name, "label": label, "text": styled(cited, name), "file": ""}
            for name, (label, _) in STYLES.items()
        ),
    ]
