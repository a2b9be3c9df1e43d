"""Answers that hold for every page and endpoint."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from factcheck import api

log = logging.getLogger(__name__)


class Outage:
    """Answer 503 with Retry-After while the database cannot be reached, instead of an error page.

    Nothing has been half-written then: every service runs in one transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.error("database unavailable: %s", type(exception).__name__)
        response = api.unavailable(request) if api.is_below(request) else render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response


class AdminPolicy:
    """Give the admin theme's own scripts and colours what they need, under /admin/ alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: Any = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = settings.ADMIN_CSP
        return response
