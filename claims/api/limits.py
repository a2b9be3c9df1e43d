"""How often anyone may read: an anonymous request is counted once, by the address it comes from."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

from claims.errors import RateLimited
from claims.services.limits import address_of, count_read


def read(request: HttpRequest) -> None:
    """Count an anonymous request, the same one only once; or raise RateLimited, each time it is asked."""
    held: Any = request
    if not hasattr(held, "read_refusal"):
        held.read_refusal = None
        try:
            count_read(address=address_of(request.META), now=timezone.now())
        except RateLimited as refusal:
            held.read_refusal = refusal
    if held.read_refusal:
        raise held.read_refusal


class AnonymousReads(BaseThrottle):
    """The limit for whoever is neither signed in nor has a key; it raises, so that the answer says all of it."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if not request.user.is_authenticated:
            read(request._request)
        return True
