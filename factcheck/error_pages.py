"""What is answered when there is no page: in the site's look, and alike whatever was asked for."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader

_TITLES = {400: "Bad request", 403: "Forbidden", 404: "Not found", 500: "Server error"}
_CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 500: "server_error"}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 without a word of what was asked for, so that a draft and nothing at all look the same."""
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a template that needs no context, database or settings."""
    if request.path.startswith("/api/"):
        return _problem(500)
    return HttpResponseServerError(loader.render_to_string("500.html"))


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _problem(status)
    return render(request, f"{status}.html", status=status)


def _problem(status: int) -> JsonResponse:
    """Answer as the whole API does (RFC 9457)."""
    body = {"type": "about:blank", "title": _TITLES[status], "status": status, "code": _CODES[status]}
    return JsonResponse(body, status=status, content_type="application/problem+json")
