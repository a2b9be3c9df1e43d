"""Public reads, answered from stored documents: bytes out, no serializer, two short queries at most."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, JSONField, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse

from claims import public_ids
from claims.formats.canonical import canonical_json, sha256
from claims.formats.document import moment
from claims.models import Appearance, Change, Claim, Evidence, Publication, PublicDocument
from sources.api.paging import Keyset, filters_of, invalid_filter, next_address, next_link, one_of, page_size, row_id
from sources.api.problems import Problem, not_found, problem_body
from sources.services.sources import source_id_at

from .documents import ClaimDocument
from .finding import ranked_page
from .sending import held_etag, mark_of, sent, unchanged

ROWS_LIMIT = 200  # of the ledger to a page; they are short
Q_LIMIT = 200  # characters; nobody looks for a longer phrase
PARTS = ("fields",)
MEMBERS = tuple(ClaimDocument().fields)
FILTERS = ("verdict", "citability", "topic", "claimant", "source", "article", "language", "updated_since", "q")
NEWEST_FIRST = Keyset("-updated_at", "-pk")
# Filters that ask the desk's rows or the index too, which change without a document.
_NARROWED = {"topic", "claimant", "source", "article", "q"}


def is_anonymous(request: HttpRequest) -> bool:
    """Whether a request says nothing of who sends it."""
    return "HTTP_AUTHORIZATION" not in request.META and settings.SESSION_COOKIE_NAME not in request.COOKIES


def is_public_read(request: HttpRequest) -> bool:
    """Whether a request can be answered without asking who sends it."""
    accept = request.META.get("HTTP_ACCEPT", "*/*")
    return (
        request.method in ("GET", "HEAD")
        and is_anonymous(request)
        and "HTTP_CONTENT_ENCODING" not in request.META
        and ("*/*" in accept or "application/json" in accept)
    )


def public_id_of(code: str) -> str:
    """Return the public id an address names; or raise the one 404."""
    public_id = public_ids.read(code) if code.isascii() else None
    if public_id is None:
        raise not_found()
    return public_id


def claim_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a published claim by its stored document, a withdrawn one by its tombstone."""
    public_id = public_id_of(code)
    if "HTTP_IF_NONE_MATCH" in request.META:
        known = PublicDocument.objects.version_told(public_id)
        if known and known[1] == 200 and (held := held_etag(request, _etag(public_id, known[0]))):
            return unchanged(held)
    stored = PublicDocument.objects.told(public_id)
    if stored is None:
        raise not_found()
    if stored.status == 410:
        return tombstone_answer(request, stored.body)
    return sent(stored.body, request=request, etag=_etag(public_id, stored.version))


def _etag(public_id: str, version: int) -> str:
    return f'"{public_id}-{version}"'


def tombstone_answer(request: HttpRequest, body: str) -> HttpResponse:
    """Answer 410 with what the world is told about a withdrawn claim."""
    detail = "This claim was published and has been withdrawn."
    problem = problem_body(410, "withdrawn", detail, instance=request.path, tombstone=json.loads(body))
    return sent(json.dumps(problem, ensure_ascii=False), status=410)


def list_answer(request: HttpRequest) -> HttpResponse:
    """Answer one page of published claims: their stored documents, joined.

    Its ETag is how often any document changed, for as long as no filter asks rows beside the documents.
    """
    filters = filters_of(request.GET, (*FILTERS, *PARTS))
    fields = {name: filters.pop(name) for name in PARTS if name in filters}
    if fields:
        members_of(fields)  # refused before anything is read
    mark = mark_of(request.META.get("QUERY_STRING", ""))
    if filters.keys() & _NARROWED:
        return _narrowed_answer(request, filters, mark)
    if "HTTP_IF_NONE_MATCH" in request.META:
        held = held_etag(request, _list_etag(PublicDocument.objects.changes(), mark))
        if held:
            return unchanged(held)
    size = page_size(request.GET)
    if filters:
        changes = PublicDocument.objects.changes()
        rows = published(filters).values("pk", "updated_at", "body")
        found, cursor = NEWEST_FIRST.page(rows, request.GET)
        page = [row["body"] for row in found]
    else:
        place = NEWEST_FIRST.read(PublicDocument, request.GET.get("cursor", ""))
        told = PublicDocument.objects.newest(size, (place[0], place[1]) if place else None)
        page, changes = told.bodies, told.changes
        cursor = NEWEST_FIRST.cursor(told.end) if told.end else None
    return _page(request, page, cursor, _list_etag(changes, mark))


def _narrowed_answer(request: HttpRequest, filters: dict[str, str], mark: str) -> HttpResponse:
    """Answer a page whose ETag is made of the ids and versions in it, read without the documents."""
    words = filters.get("q", "")
    narrowed = {name: value for name, value in filters.items() if name != "q"}
    rows = published(narrowed).values("pk", "updated_at", "version")
    if words:
        page, cursor = ranked_page(rows, phrase_of(words), narrowed, request.GET, AnonymousUser())
    else:
        page, cursor = NEWEST_FIRST.page(rows, request.GET)
    versions = ",".join(f"{row['pk']}-{row['version']}" for row in page)
    etag = f'"{sha256(f"{mark} {versions} {cursor}")[:20]}"'
    if held := held_etag(request, etag):
        return unchanged(held)
    bodies = dict(PublicDocument.objects.filter(pk__in=[row["pk"] for row in page]).values_list("pk", "body"))
    return _page(request, [bodies[row["pk"]] for row in page if row["pk"] in bodies], cursor, etag)


def _list_etag(changes: int, mark: str) -> str:
    return f'"{changes}-{mark}"' if mark else f'"{changes}"'


def members_of(filters: dict[str, str]) -> list[str] | None:
    """Return the members a reader names in `fields`, None for all of them; or raise Problem."""
    if "fields" not in filters:
        return None
    names = [name for name in filters["fields"].split(",") if name]
    unknown = [name for name in names if name not in MEMBERS]
    if unknown or not names:
        raise invalid_filter("fields", f"Choose among {', '.join(MEMBERS)}, with commas between.")
    return names


def only(document: dict[str, Any], filters: dict[str, str], keep: Iterable[str]) -> dict[str, Any]:
    """Return the members a reader names, the id and what else is kept; all of them if none is named."""
    names = members_of(filters)
    if names is None:
        return document
    wanted = {"id", *names, *keep}
    return {name: value for name, value in document.items() if name in wanted}


def _page(request: HttpRequest, bodies: Iterable[str], cursor: str | None, etag: str) -> HttpResponse:
    fields = {"fields": request.GET["fields"]} if "fields" in request.GET else {}
    if fields:
        bodies = [json.dumps(only(json.loads(body), fields, keep=()), ensure_ascii=False) for body in bodies]
    following = next_address(request.path, request.GET, cursor=cursor) if cursor else None
    body = f'{{"results":[{",".join(bodies)}],"next":{json.dumps(following)}}}'
    return sent(body, request=request, etag=etag, headers=next_link(following))


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


def is_cited(source_id: int) -> bool:
    """Whether a published claim quotes this source, by its document."""
    return _citing(PublicDocument.objects.filter(status=200), source_id).exists()


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
    after = place_of(query.get("after"))
    page, _ = Keyset("seq").page(rows.filter(seq__gt=after).values("seq", "body"), query, largest=ROWS_LIMIT)
    return ledger_page(request, [(row["seq"], row["body"]) for row in page], after)


def ledger_page(
    request: HttpRequest, page: Sequence[tuple[int, str]], after: int, reached: int | None = None
) -> HttpResponse:
    """Answer these rows; what is asked next goes on after the last one, or after the last that was looked at."""
    last = reached if reached is not None else page[-1][0] if page else after
    etag = f'"{after}-{last}-{mark_of(request.META.get("QUERY_STRING", ""))}"'
    if held := held_etag(request, etag):
        return unchanged(held)
    following = next_address(request.path, request.GET, after=str(last))
    body = f'{{"results":[{",".join([body for _, body in page])}],"next":{json.dumps(following)}}}'
    return sent(body, request=request, etag=etag, headers=next_link(following))


def place_of(after: str | None) -> int:
    """Return the seq a reader has come to, -1 before the first; or raise Problem."""
    if after is None or after == "-1":
        return -1
    if not (after == "0" or row_id(after) is not None):
        raise Problem(400, "invalid_page", "`after` is the seq of the last row you have.", field="after")
    return int(after)


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
    if held := held_etag(request, etag):
        return unchanged(held, cache)
    standing = {
        "version": publication.number,
        "published_at": moment(publication.published_at),
        "revision_sha256": publication.revision_sha256,
    }
    head = canonical_json(standing)
    return sent(f"{head[:-1]},{publication.document[1:]}", request=request, etag=etag, cache=cache)


def status_answer(codes: Iterable[str]) -> HttpResponse:
    """Answer what the world is told of these claims in brief, by one query, and which are not published."""
    wanted = {code: public_ids.read(code) if code.isascii() else None for code in codes}
    told = PublicDocument.objects.briefs([public_id for public_id in set(wanted.values()) if public_id])
    found = dict.fromkeys(public_id for public_id in wanted.values() if public_id in told)
    missing = [code for code, public_id in wanted.items() if public_id not in told]
    results = ",".join([told[public_id] for public_id in found if public_id])
    return sent(f'{{"results":[{results}],"not_found":{json.dumps(missing)}}}', cache="no-store")
