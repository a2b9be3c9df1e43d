"""Creating over HTTP: within the limits, once per Idempotency-Key, and edits only of the version that was read."""

import re
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from claims.formats.canonical import canonical_json, sha256
from claims.models import ApiKey
from claims.services.idempotency import Answer, answer_once
from claims.services.limits import count_submission
from sources.api.problems import Problem

_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_VERSION = re.compile(r'"v([1-9][0-9]{0,9})"')
KEY_LIMIT = 255


def answer(status: int, data: Any, *, location: str = "", etag: str = "") -> Answer:
    """Return an answer with its body as it will be sent."""
    headers = {}
    if location:
        headers["Location"] = settings.SITE_URL + location
    if etag:
        headers["ETag"] = etag
    return Answer(status, JSONRenderer().render(data).decode("utf-8"), headers)


def create_once(request: Request, work: Callable[[], Answer]) -> HttpResponse:
    """Answer a creating request by its work, or by the answer its Idempotency-Key got before.

    It is counted first; the one too many raises RateLimited.
    """
    key = idempotency_key(request)
    submission(request)
    given = answer_once(
        owner=cast(User, request.user),
        key=key,
        route=request.path[:200],
        request_sha256=sha256(canonical_json(request.data)),
        work=work,
        now=timezone.now(),
    )
    return HttpResponse(given.body, status=given.status, headers=given.headers, content_type="application/json")


def submission(request: Request) -> None:
    """Count a creating request of this key or person, one of many rows once; or raise RateLimited."""
    caller = f"key {request.auth.pk}" if isinstance(request.auth, ApiKey) else f"user {request.user.pk}"
    count_submission(caller=caller, now=timezone.now())


def idempotency_key(request: Request) -> str | None:
    """Return the request's Idempotency-Key, quoted or not, None without one; or raise Problem."""
    header = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if header is None:
        return None
    quoted = _QUOTED.fullmatch(header.strip())
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header.strip()
    if not 0 < len(key) <= KEY_LIMIT or not (key.isascii() and key.isprintable()) or (not quoted and '"' in key):
        raise Problem(
            400, "invalid_header", f"Idempotency-Key is a string of 1 to {KEY_LIMIT} visible ASCII characters."
        )
    return key


def version_read(request: Request) -> int:
    """Return the version an edit says it read, from If-Match; or raise Problem."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None:
        raise Problem(428, "precondition_required", 'Name the version you read in If-Match, as in "v7".')
    found = _VERSION.fullmatch(header.strip())
    if found is None:
        raise Problem(400, "invalid_header", 'If-Match names one version in quotes, as in "v7".')
    return int(found[1])
