"""The ledger over HTTP: every public change in order, of one claim or of all; asked for, waited for or streamed."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import JSONRenderer

from claims.models import Change, PublicDocument
from claims.services import feed
from claims.services.dumps import newest_dump
from sources.api.describing import IF_NONE_MATCH, READ_ERRORS, describe, query
from sources.api.paging import filters_of, invalid_filter, one_of, page_size
from sources.api.problems import Problem, not_found

from . import public
from .claims import claim_of
from .documents import ChangePage
from .reading import AnyType, PublicEndpoint
from .sending import held_etag, unchanged

DUMP = "/api/v1/dump"
BUSY_FOR = 10  # seconds until whoever finds every place taken comes back
FILTERS = ("kind", "claim", "topic")
NAMES_LIMIT = 100
_PAGE = (
    query("after", "The seq of the last row you have; -1 or nothing for the first.", OpenApiTypes.INT),
    query("page_size", "Rows a page, 50 by default and at most 200.", OpenApiTypes.INT),
)
_WANTED = (
    query("kind", "Kinds of change, with commas between, as in claim.held,claim.hold_lifted."),
    query("claim", "Claims' ids, with commas between."),
    query("topic", "Topics' slugs, with commas between."),
)


class EventStream(JSONRenderer):
    """Server-Sent Events; a problem is answered as JSON all the same."""

    media_type = "text/event-stream"


class ChangeList(PublicEndpoint):
    """Every public change."""

    renderer_classes = [JSONRenderer, EventStream]

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        return _answer(request)

    @describe(
        "Read the public changes after a sequence number.",
        name="changes_list",
        tag="changes",
        answers={200: ChangePage, (200, "text/event-stream"): OpenApiTypes.STR, 304: None},
        errors=(400, 401, 403, 406, 410, 429, 503),
        parameters=(
            *_PAGE,
            *_WANTED,
            query(
                "wait",
                f"Seconds to wait for a row where there is none yet, at most {feed.LONGEST_WAIT}. While half of the "
                "server's threads wait already, the answer comes at once.",
                OpenApiTypes.INT,
            ),
            IF_NONE_MATCH,
        ),
        detail="Ordered, without a gap and replayable: keep the last `seq` and ask for what comes `after` it, or "
        "follow `next`, which is right also after a page that the filters left empty. With `Accept: "
        "text/event-stream` the rows come as Server-Sent Events, each with its seq as `id`, from after `Last-Event-ID`"
        " or `after`; 503 with Retry-After while every place is taken. Where the desk replays only the newest rows, "
        "an older cursor is answered 410 `cursor_too_old`, which names the dump to load.",
    )
    def get(self, request):
        if request.accepted_renderer.media_type == EventStream.media_type:
            return _stream(request)
        return _answer(request)


class ClaimHistory(PublicEndpoint):
    """The public changes of one claim."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        public_id = public.public_id_of(kwargs["code"])
        if not PublicDocument.objects.filter(public_id=public_id).exists():
            raise not_found()
        return public.ledger_answer(request, Change.objects.filter(claim__public_id=public_id))

    @describe(
        "Read the public changes of one claim.",
        name="claims_history",
        tag="claims",
        answers={200: ChangePage, 304: None},
        parameters=(*_PAGE, IF_NONE_MATCH),
        detail="Moves inside the desk are not in it. A withdrawn claim keeps its history.",
    )
    def get(self, request, code):
        public_id = public.public_id_of(code)
        if not PublicDocument.objects.filter(public_id=public_id).exists():
            claim_of(request, code)
        return public.ledger_answer(request, Change.objects.filter(claim__public_id=public_id))


class NewestDump(PublicEndpoint):
    """All that was published, as one file."""

    renderer_classes = [AnyType]

    @describe(
        "Download the newest dump: every public document, for the first load of a copy.",
        name="dump_read",
        tag="changes",
        answers={(200, "application/gzip"): OpenApiTypes.BINARY, 304: None},
        errors=READ_ERRORS,
        parameters=(IF_NONE_MATCH,),
        detail="Made nightly. Lines of JSON, packed by gzip: the first says the `seq` of the last row it holds, the "
        "others are documents, those of withdrawn claims as tombstones. The Link header's `next` is where `changes` "
        "goes on. 404 until the first is made: then read `changes` from the first row.",
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> Any:
        filters_of(request.GET, ())
        dump = newest_dump()
        if dump is None:
            raise not_found()
        etag = f'"{dump.sha256[:20]}"'
        if held := held_etag(request, etag):
            return unchanged(held)
        response = FileResponse(default_storage.open(dump.file), content_type="application/gzip", as_attachment=True)
        response["ETag"], response["Cache-Control"] = etag, "public, no-cache"
        response["Link"] = f'<{settings.SITE_URL}/api/v1/changes?after={dump.seq}>; rel="next"'
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    filters_of(request.GET, {"after", "wait", *FILTERS})
    after, wanted = _place(request.GET.get("after")), _wanted(request)
    seconds, limit = _seconds(request.GET.get("wait")), page_size(request.GET, public.ROWS_LIMIT)
    if seconds and request.method == "GET":
        rows = feed.wait_for_rows(after, wanted=wanted, limit=limit, seconds=seconds)
    else:
        rows = feed.rows_after(after, wanted=wanted, limit=limit)
    return public.ledger_page(request, rows.found, after, rows.reached)


def _place(after: str | None) -> int:
    """Return the seq a reader has come to; raise Problem for one from before the first row that is replayed."""
    place = public.place_of(after)
    if settings.CHANGES_REPLAYED:
        first = feed.first_replayed(feed.next_seq())
        if place + 1 < first:
            dump = settings.SITE_URL + DUMP
            raise Problem(
                410,
                "cursor_too_old",
                f"Rows before {first} are not replayed any more. Load the dump at {dump} and go on after its seq.",
                dump=dump,
                first=first,
            )
    return place


def _wanted(request: HttpRequest) -> feed.Wanted:
    named = {name: tuple(filter(None, request.GET.get(name, "").split(","))) for name in FILTERS}
    for name, given in named.items():
        if len(given) > NAMES_LIMIT:
            raise invalid_filter(name, f"At most {NAMES_LIMIT} at once.")
        if name in request.GET and not given:
            raise invalid_filter(name, "Name at least one, or leave the filter out.")
    kinds = tuple(one_of("kind", kind, Change.Kind.values) for kind in named["kind"])
    claims = tuple(public.public_id_of(code) for code in named["claim"])
    return feed.Wanted(kinds=kinds, claims=claims, topics=named["topic"])


def _seconds(wait: str | None) -> int:
    if wait is None:
        return 0
    if not (wait.isascii() and wait.isdigit()):
        raise Problem(400, "invalid_type", "`wait` is a whole number of seconds.", field="wait")
    return min(int(wait[:6]), feed.LONGEST_WAIT)


def _stream(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    filters_of(request.GET, {"after", *FILTERS})
    after = _place(request.META.get("HTTP_LAST_EVENT_ID") or request.GET.get("after"))
    wanted = _wanted(request)
    if request.method == "HEAD":
        return HttpResponse(content_type=EventStream.media_type)
    place = feed.waiting.take()
    if place is None:
        raise Problem(
            503,
            "stream_busy",
            "Every place for readers who wait is taken. Come back later, or ask `changes` again and again.",
            headers={"Retry-After": str(BUSY_FOR)},
        )
    response = StreamingHttpResponse(_Events(after, wanted, place), content_type=EventStream.media_type)
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-store", "no"
    return response


class _Events:
    """The stream's bytes; closed, it gives its place back, also when nothing was read of it."""

    def __init__(self, after: int, wanted: feed.Wanted, place: feed.Place):
        self._place, self._bytes = place, _events(after, wanted)

    def __iter__(self) -> Iterator[bytes]:
        return self._bytes

    def close(self) -> None:
        self._bytes.close()
        self._place.give_back()


def _events(after: int, wanted: feed.Wanted) -> Any:
    yield b"retry: 3000\n\n"
    try:
        for rows in feed.follow(after, wanted=wanted, limit=100, seconds=settings.STREAM_SECONDS):
            for seq, body in rows.found:
                yield f"id: {seq}\nevent: change\ndata: {body}\n\n".encode()
            if not rows.found:
                yield b": nothing new\n\n"
    except Error:  # the database went away: the reader comes back by itself, and goes on after the last it has
        connection.close()
