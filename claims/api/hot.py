"""The reads that are made most, answered before anything is set up for the request: no session, no router, no shell.

Only requests that are sure to be answered alike by the endpoint they name are answered here: without a cookie
of a session, by nobody or by a key that sees what is published. Everything else, every refusal among it, goes on
to that endpoint, which counts the request no second time.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from claims.errors import RateLimited
from claims.models import Change
from claims.services.access import reader_by
from sources.api.paging import page_size
from sources.api.problems import JSON_LIMIT, Problem

from . import limits, public

API = "/api/v1/"
_CLAIM = re.compile(r"claims/([^/:]+)")
_ID = re.compile(r"[0-9A-Za-z-]{1,20}")
IDS_LIMIT = 500
_HOSTS_KEPT = 100


class HotReads:
    """Answer the hot reads; the first of the middlewares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.hosts: set[str] = set()  # those found to be ours, as they were written
        self.policies = _policies()
        self.kept_policies = {name.lower(): (name, value) for name, value in self.policies.items()}
        self.session_cookie, self.is_tls_demanded = settings.SESSION_COOKIE_NAME, settings.SECURE_SSL_REDIRECT

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API):
            response = self._answer(request)
            if response is not None:
                return response
        return self.get_response(request)

    def _answer(self, request: HttpRequest) -> HttpResponse | None:
        """Return the whole answer, or None to let the endpoint answer."""
        if self.session_cookie in request.META.get("HTTP_COOKIE", ""):
            return None
        answer = _answer_for(request)
        if answer is None or not self._is_for_us(request):
            return None
        connection: Any = connections[DEFAULT_DB_ALIAS]
        # A connection that broke is noticed by the read itself, which is then made again by the endpoint.
        connection.health_check_done = True
        response = None
        try:
            response = _read(request, answer)
        except (Problem, RateLimited, UnicodeError):
            pass
        except Error:
            connection.close()
        if response is None:
            connection.health_check_done = False
        elif response.status_code != 304:
            # As ResponseHeaders keeps them; one by one they would be examined anew for every answer.
            response.headers._store.update(self.kept_policies)  # type: ignore[attr-defined]
            for name, value in request.limit_headers.items():  # type: ignore[attr-defined]
                response.headers[name] = value
        return response

    def _is_for_us(self, request: HttpRequest) -> bool:
        """Whether the request came to a host of ours, and over TLS where that is demanded."""
        host = request.META.get("HTTP_HOST", "")
        if host not in self.hosts or self.is_tls_demanded:
            if self.is_tls_demanded and not request.is_secure():
                return False
            request.get_host()  # raises as it does everywhere for one that is not ours
            if len(self.hosts) < _HOSTS_KEPT:
                self.hosts.add(host)
        return True


def _read(request: HttpRequest, answer: Callable[[HttpRequest], HttpResponse | None]) -> HttpResponse | None:
    """Count and answer a request of nobody's, or of a key that reads what is published; of any other, return None."""
    key_id, header = None, request.META.get("HTTP_AUTHORIZATION")
    if header is not None:
        scheme, _, key = header.partition(" ")
        reader = reader_by(key=key.strip(), now=timezone.now()) if scheme.lower() == "bearer" else None
        if reader is None or reader.is_of_desk or "read" not in reader.scopes:
            return None
        key_id = reader.key_id
    limits.read(request, key_id)
    response = answer(request)
    if response is not None and key_id is not None:
        # For whoever sent a key it is kept by them alone, and no page of another origin reads it.
        response.headers["Cache-Control"] = "private, no-cache"
        for name in ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers"):
            response.headers.pop(name, None)
    return response


def _policies() -> dict[str, str]:
    """Return the headers of security that the other middlewares give every answer."""
    policies = {
        "Content-Security-Policy": build_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    }
    if settings.SECURE_HSTS_SECONDS and settings.SECURE_SSL_REDIRECT:
        policies["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return policies


def _answer_for(request: HttpRequest) -> Callable[[HttpRequest], HttpResponse | None] | None:
    """Return what answers this request, or None if that takes knowing more of it."""
    meta, path = request.META, request.path_info[len(API) :]
    if "HTTP_CONTENT_ENCODING" in meta:
        return None
    accept = meta.get("HTTP_ACCEPT", "*/*")
    if "*/*" not in accept and "application/json" not in accept:
        return None
    if request.method == "POST":
        return _status if path == "claims:status" and _is_json(meta) else None
    if request.method not in ("GET", "HEAD"):
        return None
    if path == "claims":
        return public.list_answer
    if path == "changes":
        return _changes
    found = _CLAIM.fullmatch(path)
    if found and not meta.get("QUERY_STRING"):
        code = found[1]
        return lambda asked: public.claim_answer(asked, code)
    return None


def _changes(request: HttpRequest) -> HttpResponse | None:
    if settings.CHANGES_REPLAYED or not request.GET.keys() <= {"after", "page_size"}:
        return None
    after = public.place_of(request.GET.get("after"))
    rows = Change.objects.following(after, page_size(request.GET, public.ROWS_LIMIT))
    return public.ledger_page(request, rows, after)


def _is_json(meta: dict[str, Any]) -> bool:
    length = meta.get("CONTENT_LENGTH") or "0"
    is_short = length.isdigit() and 0 < int(length) <= JSON_LIMIT
    return is_short and meta.get("CONTENT_TYPE", "").lower() in ("application/json", "application/json; charset=utf-8")


def _status(request: HttpRequest) -> HttpResponse | None:
    try:
        members = json.loads(request.body, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(members, list) and len(members) == 1 and request.body.lstrip()[:1] == b"{"):
        return None
    name, ids = members[0]
    if name != "ids" or not isinstance(ids, list) or not 0 < len(ids) <= IDS_LIMIT:
        return None
    if not all(isinstance(code, str) and _ID.fullmatch(code) for code in ids):
        return None
    return public.status_answer(ids)
