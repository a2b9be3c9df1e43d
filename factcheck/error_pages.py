"""What is answered when there is no page: in the site's look, and alike whatever was asked for.

Below /api/ the same is said as a problem (RFC 9457), by the functions the API itself uses.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader

from factcheck import api


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return api.bad_request(request) if api.is_below(request) else render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return api.forbidden(request) if api.is_below(request) else render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 without a word of what was asked for, so that a draft and nothing at all look the same."""
    return api.page_not_found(request) if api.is_below(request) else render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a template that needs no context, database or settings."""
    return api.server_error(request) if api.is_below(request) else _plain("500.html")


def _plain(template: str) -> HttpResponse:
    return HttpResponseServerError(loader.render_to_string(template))
