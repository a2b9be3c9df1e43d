"""How often anyone may read what is made for machines: the same limits as the API's, answered as plain text."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from claims.errors import RateLimited
from claims.services.limits import address_of, count_read

View = Callable[..., HttpResponseBase]


def limited(counting: Callable[..., object] = count_read) -> Callable[[View], View]:
    """Count each request by the address it comes from; one too many is answered 429 with the exact wait."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                counting(address=address_of(request.META), now=timezone.now())
            except RateLimited as refusal:
                headers = {"Retry-After": str(refusal.facts["retry_after"]), "Cache-Control": "no-store"}
                return HttpResponse(
                    f"{refusal}\n", status=429, content_type="text/plain; charset=utf-8", headers=headers
                )
            return view(request, *args, **kwargs)

        return counted

    return decorate
