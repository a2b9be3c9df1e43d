"""Parts of a public document: the members a reader names, what is added when they ask, and the same in other forms."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from claims.formats.annotations import MEDIA_TYPE, annotation, annotations
from claims.formats.canonical import sha256
from claims.formats.document import moment
from claims.models import Change, Publication, PublicDocument
from sources.api.describing import IF_NONE_MATCH, READ_ERRORS, describe
from sources.api.paging import filters_of, invalid_filter, row_id
from sources.api.problems import not_found
from sources.api.sources import SourceState
from sources.models import Source

from . import public, sending
from .reading import AnyType, PublicEndpoint

HISTORY_LIMIT = 200


class PublicationEntry(serializers.Serializer):
    """One publication in the list of them."""

    version = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    kind = serializers.CharField(help_text="published, correction, clarification, update or withdrawal.")
    reason = serializers.CharField(help_text="Empty for the first.")
    revision_sha256 = serializers.CharField()
    url = serializers.URLField()


class PublicationEntries(serializers.Serializer):
    results = PublicationEntry(many=True)


class ClaimVersions(PublicEndpoint):
    """The publications of one claim, the newest first."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, ())
        document = _told(kwargs["code"])
        if document.status == 410:
            return public.tombstone_answer(request, document.body)
        etag = f'"{document.public_id}-{document.version}-versions"'
        if held := sending.held_etag(request, etag):
            return sending.unchanged(held)
        body = json.dumps({"results": versions_of(document)}, ensure_ascii=False)
        return sending.sent(body, request=request, etag=etag)

    @describe(
        "List the publications of a claim, newest first.",
        name="claims_versions",
        tag="claims",
        answers={200: PublicationEntries, 304: None},
        errors=(*READ_ERRORS, 410),
        parameters=(IF_NONE_MATCH,),
    )
    def get(self, request, code):
        return self.public_answer(request, code=code)


class ClaimAnnotations(PublicEndpoint):
    """A claim's evidence as Web Annotations."""

    renderer_classes = [AnyType]

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, ())
        document = _told(kwargs["code"])
        if document.status == 410:
            return public.tombstone_answer(request, document.body)
        told = json.loads(document.body)
        if "number" in kwargs:
            wanted = row_id(kwargs["number"])
            found = next((item for item in told["evidence"] if item["id"] == wanted), None)
            if found is None:
                raise not_found()
            form = annotation(told, found, site_url=settings.SITE_URL)
        else:
            form = annotations(told, site_url=settings.SITE_URL)
        etag = f'"{document.public_id}-{document.version}-anno{kwargs.get("number", "")}"'
        if held := sending.held_etag(request, etag):
            return sending.unchanged(held)
        return sending.sent(json.dumps(form, ensure_ascii=False), request=request, etag=etag, kind=MEDIA_TYPE)

    @describe(
        "Read a claim's evidence as W3C Web Annotations.",
        name="claims_annotations",
        tag="claims",
        answers={(200, "application/ld+json"): OpenApiTypes.OBJECT, 304: None},
        errors=(*READ_ERRORS, 410),
        parameters=(IF_NONE_MATCH,),
        detail="A page of annotations: each quote with TextQuoteSelector, TextPositionSelector (code points of the "
        "capture's visible text, not UTF-16 units) and a text fragment for the live page.",
    )
    def get(self, request, code):
        return self.public_answer(request, code=code)


class ClaimAnnotation(ClaimAnnotations):
    """One passage of evidence as a Web Annotation."""

    @describe(
        "Read one passage of evidence as a W3C Web Annotation.",
        name="claims_annotation",
        tag="claims",
        answers={(200, "application/ld+json"): OpenApiTypes.OBJECT, 304: None},
        errors=(*READ_ERRORS, 410),
        parameters=(IF_NONE_MATCH,),
    )
    def get(self, request, code, number):
        return self.public_answer(request, code=code, number=number)


def _told(code: str) -> PublicDocument:
    found = PublicDocument.objects.filter(public_id=public.public_id_of(code)).first()
    if found is None:
        raise not_found()
    return found


def versions_of(document: PublicDocument) -> list[dict[str, Any]]:
    """Return the publications of a claim, newest first."""
    rows = Publication.objects.filter(claim=document.claim_id).select_related("correction").order_by("-number")
    here = f"{settings.SITE_URL}/api/v1/claims/{document.public_id[:4]}-{document.public_id[4:]}/versions"
    return [
        {
            "version": row.number,
            "published_at": moment(row.published_at),
            "kind": row.correction.kind if hasattr(row, "correction") else "published",
            "reason": row.correction.reason if hasattr(row, "correction") else "",
            "revision_sha256": row.revision_sha256,
            "url": f"{here}/{row.number}",
        }
        for row in rows
    ]


def expanded(document: PublicDocument, members: dict[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """Return a document's members with what `expand` names added."""
    more: dict[str, Any] = {}
    for name in wanted:
        if name == "sources":
            ids = {item["source"]["id"] for item in [*members["evidence"], *members["appearances"]]}
            more["sources"] = SourceState(Source.objects.filter(pk__in=ids).order_by("pk"), many=True).data
        elif name == "history":
            rows = Change.objects.filter(claim=document.claim_id).order_by("seq").values_list("body", flat=True)
            more["history"] = [json.loads(body) for body in rows[:HISTORY_LIMIT]]
        elif name == "versions":
            more["versions"] = versions_of(document)
        else:
            raise invalid_filter("expand", "Choose among sources, history and versions, with commas between.")
    return {**members, **more}


def claim_in_part(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the members a reader names, and what they ask to be added."""
    filters = filters_of(request.GET, {"fields", "expand"})
    document = _told(code)
    if document.status == 410:
        return public.tombstone_answer(request, document.body)
    wanted = [name for name in filters.get("expand", "").split(",") if name]
    members = public.only(json.loads(document.body), filters, keep=()) if not wanted else json.loads(document.body)
    if wanted:
        members = public.only(expanded(document, members, wanted), filters, keep=wanted)
    body = json.dumps(members, ensure_ascii=False)
    etag = f'"{sha256(body)[:20]}"'
    if held := sending.held_etag(request, etag):
        return sending.unchanged(held)
    return sending.sent(body, request=request, etag=etag)
