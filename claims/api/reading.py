"""Endpoints whose public reads are answered before anybody asks who is calling."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from sources.api.endpoint import Endpoint

from . import limits, public
from .permissions import KeyScope
from .sending import OPEN, preflight


class AnyType(JSONRenderer):
    """Whatever the caller accepts: the answer is not JSON, its problems are."""

    media_type = "*/*"


class PublicEndpoint(Endpoint):
    """An endpoint whose public reads are answered before anybody asks who is calling, and to every origin."""

    permission_classes = [AllowAny, KeyScope]
    public_answer: Callable[..., HttpResponse]
    open_methods = "GET, HEAD, OPTIONS"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META and request.method == "OPTIONS":
            return preflight(self.open_methods)
        if not public.is_public_read(request):
            return super().dispatch(request, *args, **kwargs)
        try:
            limits.read(request)
            response = self.public_answer(request, **kwargs)
        except Exception:
            # Asked once more the slow way, which answers every refusal as a problem.
            return super().dispatch(request, *args, **kwargs)
        if response.status_code != 304:
            for name, value in request.limit_headers.items():
                response[name] = value
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if public.is_anonymous(request) and request.method in (*SAFE_METHODS, *self.open_methods.split(", ")):
            for name, value in OPEN.items():
                response.setdefault(name, value)
        return response
