"""How often anyone may ask: an anonymous request is counted by its address, one by a key by the key, each once."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

from claims.errors import RateLimited
from claims.models import ApiKey
from claims.services.limits import address_of, count_read, count_request


def read(request: HttpRequest, key_id: int | None = None) -> None:
    """Count a request, the same one only once; or raise RateLimited, each time it is asked.

    What is left of the limit then stands in `request.limit_headers`.
    """
    held: Any = request
    if not hasattr(held, "read_refusal"):
        held.read_refusal, held.limit_headers = None, {}
        now = timezone.now()
        try:
            if key_id is None:
                tally = count_read(address=address_of(request.META), now=now)
            else:
                tally = count_request(key_id=key_id, now=now)
            if tally:
                held.limit_headers = tally.headers(now)
        except RateLimited as refusal:
            held.read_refusal = refusal
    if held.read_refusal:
        raise held.read_refusal


class Requests(BaseThrottle):
    """The limit for whoever has a key, or is not signed in; it raises, so that the answer says all of it."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if isinstance(request.auth, ApiKey):
            read(request._request, request.auth.pk)
        elif not request.user.is_authenticated:
            read(request._request)
        return True
