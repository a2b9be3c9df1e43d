"""Public reads, answered from stored documents: bytes out, no serializer, two short queries at most."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, JSONField, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from claims import public_ids
from claims.formats.canonical import canonical_json
from claims.formats.document import moment
from claims.models import Appearance, Change, Claim, Evidence, Publication, PublicDocument
from sources.api.paging import Keyset, filters_of, invalid_filter, next_address, next_link, one_of, row_id
from sources.api.problems import Problem, not_found, problem_body
from sources.services.sources import source_id_at

from .finding import ranked_page

VARY = "Accept, Authorization, Cookie"
Q_LIMIT = 200  # characters; nobody looks for a longer phrase
FILTERS = ("verdict", "citability", "topic", "claimant", "source", "article", "language", "updated_since", "q")
_NEWEST_FIRST = Keyset("-updated_at", "-pk")


def is_public_read(request: HttpRequest) -> bool:
    """Whether a request can be answered without asking who sends it."""
    accept = request.META.get("HTTP_ACCEPT", "*/*")
    return (
        request.method in ("GET", "HEAD")
        and "HTTP_AUTHORIZATION" not in request.META
        and "HTTP_CONTENT_ENCODING" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and ("*/*" in accept or "application/json" in accept)
    )


def sent(
    body: str,
    *,
    etag: str = "",
    cache: str = "public, no-cache",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Answer these bytes."""
    kind = "application/json" if status < 400 else "application/problem+json"
    response = HttpResponse(body, status=status, content_type=kind, headers=headers)
    response["Vary"], response["Cache-Control"] = VARY, cache
    if etag:
        response["ETag"] = etag
    return response


def is_held_already(request: HttpRequest, etag: str) -> bool:
    """Whether the caller's If-None-Match names this ETag; compared weakly, as a proxy may have packed the body."""
    held = {tag.removeprefix("W/") for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
    return etag in held or "*" in held


def unchanged(etag: str, cache: str = "public, no-cache") -> HttpResponse:
    response = HttpResponse(status=304, headers={"ETag": etag, "Vary": VARY, "Cache-Control": cache})
    del response["Content-Type"]
    return response


def public_id_of(code: str) -> str:
    """Return the public id an address names; or raise the one 404."""
    public_id = public_ids.read(code) if code.isascii() else None
    if public_id is None:
        raise not_found()
    return public_id


def claim_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a published claim by its stored document, a withdrawn one by its tombstone."""
    public_id = public_id_of(code)
    document = PublicDocument.objects.filter(public_id=public_id)
    if "HTTP_IF_NONE_MATCH" in request.META:
        known = document.values_list("version", "status").first()
        if known and known[1] == 200 and is_held_already(request, _etag(public_id, known[0])):
            return unchanged(_etag(public_id, known[0]))
    stored = document.values_list("version", "status", "body").first()
    if stored is None:
        raise not_found()
    version, status, body = stored
    if status == 410:
        return tombstone_answer(request, body)
    return sent(body, etag=_etag(public_id, version))


def _etag(public_id: str, version: int) -> str:
    return f'"{public_id}-{version}"'


def tombstone_answer(request: HttpRequest, body: str) -> HttpResponse:
    """Answer 410 with what the world is told about a withdrawn claim."""
    detail = "This claim was published and has been withdrawn."
    problem = problem_body(410, "withdrawn", detail, instance=request.path, tombstone=json.loads(body))
    return sent(json.dumps(problem, ensure_ascii=False), status=410)


def list_answer(request: HttpRequest) -> HttpResponse:
    """Answer one page of published claims: their stored documents, joined."""
    filters = filters_of(request.GET, FILTERS)
    words = filters.pop("q", "")
    rows = published(filters)
    if words:
        page, cursor = ranked_page(rows.values("pk", "body"), phrase_of(words), filters, request.GET, AnonymousUser())
    else:
        page, cursor = _NEWEST_FIRST.page(rows.values("pk", "updated_at", "body"), request.GET)
    following = next_address(request.path, request.GET, cursor=cursor) if cursor else None
    body = f'{{"results":[{",".join(row["body"] for row in page)}],"next":{json.dumps(following)}}}'
    return sent(body, headers=next_link(following))


def published(filters: dict[str, str]) -> QuerySet[PublicDocument]:
    """Return the documents of published claims that these filters keep; or raise Problem.

    What is compared is what was published: a colleague's unpublished edit neither hides a claim nor finds it.
    The rows of topics, claimants and passages only narrow the search; the canonical body decides.
    """
    rows = PublicDocument.objects.filter(status=200).annotate(document=Cast("body", JSONField()))
    for name, value in filters.items():
        match name:
            case "verdict":
                rows = rows.annotate(rating=_said("verdict__rating")).filter(rating=value)
            case "language":
                rows = rows.annotate(said_in=_said("language")).filter(said_in=value)
            case "citability":
                rows = rows.filter(claim__citability=one_of(name, value, Claim.Citability.values))
            case "topic":
                rows = rows.filter(claim__topics__slug=value, body__contains=f'"slug":{_json(value)}}}')
            case "claimant":
                rows = rows.filter(claim__claimants__slug=value, body__contains=f'"slug":{_json(value)}}}')
            case "source":
                rows = _citing(rows, row_id(value))
            case "article":
                rows = _citing(rows, source_id_at(value))
            case "updated_since":
                rows = rows.filter(updated_at__gte=moment_of(name, value))
    return rows


def _said(member: str) -> Cast:
    """Return what the annotated document says there, as text on both databases."""
    return Cast(KT(f"document__{member}"), TextField())


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _citing(rows: QuerySet[PublicDocument], source_id: int | None) -> QuerySet[PublicDocument]:
    if source_id is None:
        return rows.none()
    return rows.filter(quoting(source_id, "claim"), body__contains=f'"id":{source_id},"kind":')


def quoting(source_id: int, claim: str) -> Any:
    """Return the condition that a claim has evidence or an appearance in this source."""
    here = {"claim": OuterRef(claim), "snapshot__source": source_id}
    return Exists(Evidence.objects.filter(**here)) | Exists(Appearance.objects.filter(**here))


def phrase_of(value: str) -> str:
    """Return the words to look for; or raise Problem for too many."""
    if len(value) > Q_LIMIT:
        raise invalid_filter("q", f"At most {Q_LIMIT} characters.")
    return value


def moment_of(name: str, value: str) -> datetime:
    """Return the time a filter names, which says its zone, or the day's first moment in UTC; or raise Problem."""
    try:
        if len(value) == 10:
            return datetime.fromisoformat(f"{date.fromisoformat(value)}T00:00:00+00:00")
        found = datetime.fromisoformat(value.replace(" ", "+"))  # a "+" in a query string reads as a blank
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        message = "Give a time with its zone, as in 2026-03-02T09:00:00Z, or a day."
        raise Problem(400, "invalid_date", message, field=name) from None


def ledger_answer(request: HttpRequest, rows: QuerySet[Change], known: Iterable[str] = ()) -> HttpResponse:
    """Answer one page of the ledger in its order; `next` goes on after the last row given, also when none is."""
    query = request.GET
    filters_of(query, {"after", *known})
    after = query.get("after")
    if after is not None and not (after == "-1" or row_id(after) is not None or after == "0"):
        raise Problem(400, "invalid_page", "`after` is the seq of the last row you have.", field="after")
    if after is not None:
        rows = rows.filter(seq__gt=int(after))
    page, _ = Keyset("seq").page(rows.values("seq", "body"), query)
    if not page and after is None:
        following = f"{settings.SITE_URL}{request.path}"
    else:
        following = next_address(request.path, query, after=str(page[-1]["seq"] if page else after))
    bodies = ",".join(row["body"] for row in page)
    return sent(f'{{"results":[{bodies}],"next":{json.dumps(following)}}}', headers=next_link(following))


def version_answer(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Answer one publication by its stored document, which never changes; of a withdrawn claim, the tombstone."""
    public_id, wanted = public_id_of(code), row_id(number)
    status_body = PublicDocument.objects.filter(public_id=public_id).values_list("status", "body").first()
    if status_body is None or wanted is None:
        raise not_found()
    if status_body[0] == 410:
        return tombstone_answer(request, status_body[1])
    publication = Publication.objects.filter(claim__public_id=public_id, number=wanted).first()
    if publication is None:
        raise not_found()
    # Bytes that stay for as long as the claim is not withdrawn; an hour bounds how long a cache may miss that.
    cache, etag = "public, max-age=3600, immutable", f'"{public_id}-version-{wanted}"'
    if is_held_already(request, etag):
        return unchanged(etag, cache)
    standing = {
        "version": publication.number,
        "published_at": moment(publication.published_at),
        "revision_sha256": publication.revision_sha256,
    }
    head = canonical_json(standing)
    return sent(f"{head[:-1]},{publication.document[1:]}", etag=etag, cache=cache)


def status_of(codes: list[str]) -> dict[str, Any]:
    """Return what the world is told of these claims in brief, by one query, and which are not published."""
    wanted = {code: public_ids.read(code) if code.isascii() else None for code in codes}
    stored = PublicDocument.objects.filter(public_id__in={found for found in wanted.values() if found})
    documents = {public_id: json.loads(body) for public_id, body in stored.values_list("public_id", "body")}
    found = {code: documents[public_id] for code, public_id in wanted.items() if public_id in documents}
    return {
        "results": [
            {
                "id": document["id"],
                "url": document["url"],
                "citability": document["citability"],
                "rating": document["verdict"]["rating"] if "verdict" in document else None,
                "version": document["version"],
                "published_at": document["published_at"],
                "hold": document["hold"],
                "superseded_by": document["superseded_by"],
                "freshness": document.get("freshness"),
            }
            for document in found.values()
        ],
        "not_found": [code for code in wanted if code not in found],
    }
