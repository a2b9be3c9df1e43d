"""The page of a claim, for readers who are not signed in, answered before anything is set up for the request."""

import re
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, HttpResponse

from claims.api.hot import HotReads
from claims.views.stored import is_anybodys, kept_page_answer

_PAGE = re.compile(r"/claims/([0-9A-Z]{4}-[0-9A-Z]{4})")


class HotPages(HotReads):
    """Answer with a kept page while the version of its public document stands; what is not kept the view makes.

    Kept with the same care as the API's hot reads: no session, our own host, and the headers every answer has.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _PAGE.fullmatch(request.path_info)
        if found and self.session_cookie not in request.META.get("HTTP_COOKIE", "") and is_anybodys(request):
            response = self._page(request, found[1])
            if response is not None:
                return response
        return self.get_response(request)

    def _page(self, request: HttpRequest, code: str) -> HttpResponse | None:
        if not self._is_for_us(request):
            return None
        connection: Any = connections[DEFAULT_DB_ALIAS]
        # A connection that broke is noticed by the read itself, which is then made again by the view.
        connection.health_check_done = True
        response = None
        try:
            response = kept_page_answer(request, code)
        except Error:
            connection.close()
        if response is None:
            connection.health_check_done = False
        else:
            for name, value in self.policies.items():
                response.headers[name] = value
        return response
