"""The shapes of the whole API: what a body must be, and how every error is answered."""

import json
import logging
import re
import secrets
from collections.abc import Iterator
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from sources.api.problems import CONTENT_TYPE, JSON_LIMIT, Problem, field_error, not_found, problem_body
from sources.errors import Refused

log = logging.getLogger(__name__)

DEEPEST = 32
_SURROGATE_OR_NUL = re.compile("[\x00\ud800-\udfff]")

# DRF's codes in the words of our own.
_CODES = {
    "permission_denied": "forbidden",
    "authentication_failed": "not_authenticated",
    "parse_error": "malformed_json",
    "null": "required",
    "max_length": "too_long",
    "max_value": "out_of_range",
    "min_value": "out_of_range",
    "not_a_list": "invalid_type",
    "not_a_dict": "invalid_type",
    "null_characters_not_allowed": "invalid_characters",
    "surrogate_characters_not_allowed": "invalid_characters",
    "error": "internal_error",
}
_NOT_AUTHENTICATED = "This takes a valid API key or a signed-in person."


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer any exception of an endpoint as a problem; only a lost database is left to the middleware."""
    request = context["request"]
    if isinstance(exc, OperationalError | InterfaceError):
        return None
    status, code, detail, errors, facts, headers = _read(exc)
    if status == 403:
        log.warning("forbidden: user %s, %s %s", request.user.pk, request.method, request.path)
    if status == 500:
        log.exception("unhandled, id %s: %s %s", facts["id"], request.method, request.path, exc_info=exc)
    body = problem_body(status, code, detail, instance=request.path, errors=errors, **facts)
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def _read(exc: Exception) -> tuple[int, str, str, dict[str, Any], dict[str, Any], dict[str, str]]:
    """Return status, code, detail, errors, facts and headers of an exception's answer."""
    if isinstance(exc, Http404):
        exc = not_found()
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, RequestDataTooBig):
        exc = Problem(413, "too_large", "The body is too large.")
    if isinstance(exc, Problem | Refused):
        facts = dict(exc.facts)
        if "current" in facts:
            facts["current_etag"] = f'"v{facts["current"]}"'
        headers = dict(getattr(exc, "headers", {}))
        if "retry_after" in facts:
            headers |= _rate_headers(**facts)
        errors = {exc.field: [field_error(exc.code, str(exc))]} if exc.field else {}
        return exc.status, exc.code, str(exc), errors, facts, headers
    if isinstance(exc, exceptions.ValidationError):
        errors = dict(_errors(exc.detail))
        codes = {error["code"] for found in errors.values() for error in found}
        detail = " ".join(f"{name}: {found[0]['message']}" for name, found in errors.items())
        return 400, codes.pop() if len(codes) == 1 else "invalid", detail, errors, {}, {}
    if isinstance(exc, exceptions.APIException):
        headers = {}
        asked, wait = getattr(exc, "auth_header", None), getattr(exc, "wait", None)
        if asked:
            headers["WWW-Authenticate"] = asked
        if wait:
            headers["Retry-After"] = str(ceil(wait))
        given = str(exc.default_code)
        code = _CODES.get(given, given)
        detail = _NOT_AUTHENTICATED if code == "not_authenticated" else str(exc.detail)
        return exc.status_code, code, detail, {}, {}, headers
    detail = "Something went wrong here and was logged. Quote the id when you report it."
    return 500, "internal_error", detail, {}, {"id": secrets.token_hex(8)}, {}


def _rate_headers(*, retry_after: int, limit: int, window: int) -> dict[str, str]:
    """Return Retry-After and the limit as draft-ietf-httpapi-ratelimit-headers writes it."""
    return {
        "Retry-After": str(retry_after),
        "RateLimit-Policy": f'"default";q={limit};w={window}',
        "RateLimit": f'"default";r=0;t={retry_after}',
    }


def _errors(detail: Any, name: str = "") -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield each field's path and what is wrong with it."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _errors(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(detail, list):
        here = [field_error(_CODES.get(error.code, error.code), str(error)) for error in detail if _is_leaf(error)]
        if here:
            yield name, here
        for index, inner in enumerate(detail):
            if not _is_leaf(inner):
                yield from _errors(inner, f"{name}.{index}")


def _is_leaf(error: Any) -> bool:
    return isinstance(error, str)


class StrictJSONParser(BaseParser):
    """A JSON object in UTF-8 of at most 1 MiB, without duplicate names, NaN, half characters or deep nesting."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        charset = re.search(r'charset="?([^";\s]+)', media_type or "", re.IGNORECASE)
        if charset and charset[1].lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise exceptions.UnsupportedMediaType(charset[0])
        body = stream.read(JSON_LIMIT + 1)
        if len(body) > JSON_LIMIT:
            raise Problem(413, "too_large", "At most 1 MiB of JSON.")
        value = _decoded(body)
        if not isinstance(value, dict):
            raise Problem(400, "invalid_type", "The body is a JSON object.")
        for name, member in value.items():
            if _SURROGATE_OR_NUL.search(name):
                raise Problem(400, "invalid_characters", "A name holds NUL or half a surrogate pair.")
            _examine(member, name, 1)
        return value


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant, parse_float=_number
        )
    except UnicodeDecodeError as error:
        raise _malformed("The body is not UTF-8", position=error.start) from None
    except json.JSONDecodeError as error:
        where = {"position": error.pos, "line": error.lineno, "column": error.colno}
        raise _malformed(error.msg, **where) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise _malformed(str(error)) from None


def _malformed(message: str, **where: Any) -> Problem:
    place = f" at line {where['line']}, column {where['column']}" if "line" in where else ""
    return Problem(400, "malformed_json", f"{message}{place}.", **where)


def _too_deep() -> Problem:
    return Problem(400, "malformed_json", f"Nested more than {DEEPEST} deep.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("The same name stands twice in one object")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _number(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("A number is too large")
    return number


def _examine(value: Any, field: str, depth: int) -> None:
    """Refuse what cannot be stored (NUL, half a surrogate pair) or is nested too deep."""
    if depth >= DEEPEST:
        raise _too_deep()
    if isinstance(value, str) and _SURROGATE_OR_NUL.search(value):
        message = "The text holds a character that cannot be stored: NUL or half a surrogate pair."
        raise Problem(400, "invalid_characters", message, field=field)
    if isinstance(value, dict | list):
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            _examine(inner, field, depth + 1)


def _page(request: HttpRequest, status: int, code: str, detail: str, **facts: Any) -> HttpResponse:
    body = problem_body(status, code, detail, instance=request.path, **facts)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def is_below(request: HttpRequest) -> bool:
    """Whether the request is for the API, so that its errors are problems and not pages."""
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest) -> HttpResponse:
    return _page(request, 400, "bad_request", "The request is not understood.")


def forbidden(request: HttpRequest) -> HttpResponse:
    return _page(request, 403, "forbidden", "This is not for you to do.")


def page_not_found(request: HttpRequest) -> HttpResponse:
    return _page(request, 404, "not_found", str(not_found()))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with an id that is in the log, and nothing of what went wrong."""
    detail = "Something went wrong here and was logged. Quote the id when you report it."
    error_id = secrets.token_hex(8)
    log.error("unhandled, id %s: %s %s", error_id, request.method, request.path)
    return _page(request, 500, "internal_error", detail, id=error_id)


def unavailable(request: HttpRequest) -> HttpResponse:
    return _page(request, 503, "unavailable", "The database cannot be reached. Try again in a few seconds.")
