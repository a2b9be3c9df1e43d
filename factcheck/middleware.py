"""Answers that hold for every page and endpoint."""

import logging

from django.db import InterfaceError, OperationalError
from django.shortcuts import render

log = logging.getLogger(__name__)


def outage(get_response):
    """Answer 503 with Retry-After while the database cannot be reached, instead of an error page.

    Nothing has been half-written then: every service runs in one transaction.
    """

    def answer(request):
        return get_response(request)

    def process_exception(request, exception):
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.error("database unavailable: %s", type(exception).__name__)
        response = api.unavailable(request) if api.is_below(request) else render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response

    answer.process_exception = process_exception
    return answer
