"""Our snapshots over Memento (RFC 7089), for whoever sees the desk: the gate, the list, and what was read then.

What a source said is served as plain text only: foreign markup is never shown from here.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import permissions
from claims.services.access import usable_key
from sources.archives import read_moment
from sources.mementos import Addresses, asked_address, memento_date, read_stamp, timemap
from sources.models import Snapshot, Source
from sources.services.sources import source_id_at

View = Callable[..., HttpResponseBase]


def desk_only(view: View) -> View:
    """Open a view to whoever sees the desk, in person or with a key to read; nobody else learns what is kept."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = _reader(request)
        if not reader.is_authenticated:
            if "text/html" in request.META.get("HTTP_ACCEPT", ""):
                return redirect_to_login(request.get_full_path())
            return _plain("This takes a desk's API key.", 401, **{"WWW-Authenticate": 'Bearer realm="snapshots"'})
        if not permissions.can_view_desk(reader):
            raise PermissionDenied
        return _private(view(request, *args, **kwargs))

    return guarded


@require_safe
@desk_only
def timegate(request: HttpRequest, url: str) -> HttpResponseBase:
    """Lead to the snapshot made nearest to Accept-Datetime, without one to the newest."""
    source = _source(request, url)
    addresses = _addresses(source)
    wanted = request.META.get("HTTP_ACCEPT_DATETIME")
    moment = read_moment(wanted) if wanted is not None else timezone.now()
    if moment is None:
        answer = _plain("Accept-Datetime is a date in RFC 1123 form, as in Sat, 19 Sep 2026 12:00:00 GMT.", 400)
    else:
        answer = HttpResponse(status=302)
        answer["Location"] = addresses.memento(_nearest(source.snapshots.all(), moment).fetched_at)
    answer["Link"] = ", ".join(link for link in addresses.links() if 'rel="timegate"' not in link)
    answer["Vary"] = "accept-datetime"
    return answer


@require_safe
@desk_only
def timemap_of(request: HttpRequest, url: str) -> HttpResponseBase:
    """List every snapshot of an address, oldest first."""
    source = _source(request, url)
    moments = source.snapshots.order_by("fetched_at").values_list("fetched_at", flat=True)
    return StreamingHttpResponse(
        timemap(_addresses(source), moments.iterator()), content_type="application/link-format"
    )


@require_safe
@desk_only
def memento(request: HttpRequest, moment: str, url: str) -> HttpResponseBase:
    """Show the text that was read in that second."""
    source, second = _source(request, url), read_stamp(moment)
    if second is None:
        raise Http404
    until = second + timedelta(seconds=1)
    found = source.snapshots.filter(fetched_at__gte=second, fetched_at__lt=until).first()
    if found is None:
        raise Http404
    answer = _plain(found.text, 200)
    answer["Memento-Datetime"] = memento_date(found.fetched_at)
    desk = f"{settings.SITE_URL}{reverse('desk-snapshot', args=[source.pk, found.pk])}"
    answer["Link"] = ", ".join([*_addresses(source).links(), f'<{desk}>; rel="alternate"; type="text/html"'])
    answer["Content-Language"] = found.language or source.language or "und"
    return answer


def _reader(request: HttpRequest) -> User | AnonymousUser:
    """Return who asks: the owner of a key that may read, or whoever is signed in."""
    scheme, _, key = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    if not scheme:
        return request.user
    is_written = scheme.lower() == "bearer" and key.isascii()
    record = usable_key(key=key.strip(), now=timezone.now()) if is_written else None
    return record.owner if record is not None and "read" in record.scopes else AnonymousUser()


def _source(request: HttpRequest, url: str) -> Source:
    """Return the source registered at an address that was captured at least once; or answer 404."""
    address = asked_address(url, request.META.get("QUERY_STRING", ""))
    source_id = source_id_at(address) if "\x00" not in address else None
    source = Source.objects.filter(pk=source_id, snapshots__isnull=False).first() if source_id else None
    if source is None:
        raise Http404
    return source


def _nearest(snapshots: QuerySet[Snapshot], moment: Any) -> Snapshot:
    """Return the snapshot made nearest to a moment, the earlier of two as near; there is one at least."""
    light = snapshots.only("fetched_at")
    before = light.filter(fetched_at__lte=moment).order_by("-fetched_at").first()
    after = light.filter(fetched_at__gt=moment).order_by("fetched_at").first()
    return min(filter(None, (before, after)), key=lambda snapshot: abs(snapshot.fetched_at - moment))


def _addresses(source: Source) -> Addresses:
    return Addresses(site_url=settings.SITE_URL, original=source.url)


def _plain(text: str, status: int, **headers: str) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _private(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Cache-Control"] = "private, no-cache"
    return answer
