"""What every method here shares: who asks, how often, the verb that was meant, and errors in Google's shape."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from claims.errors import RateLimited
from claims.services.access import is_issued, usable_key
from claims.services.limits import address_of, count_read, count_request

log = logging.getLogger(__name__)

Answer = Callable[..., Any]
_INT32 = 2**31 - 1


class GoogleError(Exception):
    """An answer other than success, as google.rpc.Status names it."""

    def __init__(self, code: int, status: str, message: str, **headers: str):
        super().__init__(message)
        self.code, self.status, self.headers = code, status, headers


def invalid(message: str) -> GoogleError:
    return GoogleError(400, "INVALID_ARGUMENT", message)


def not_found(message: str = "Requested entity was not found.") -> GoogleError:
    return GoogleError(404, "NOT_FOUND", message)


def unimplemented(message: str) -> GoogleError:
    return GoogleError(501, "UNIMPLEMENTED", message)


def method(**by_verb: Answer) -> Callable[..., HttpResponse]:
    """Make a view of the functions that answer each verb; each takes the parameters and what the address names."""

    @csrf_exempt  # no cookie is looked at here, so there is nothing another site could borrow
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            verb, parameters = _asked(request)
            answer = by_verb.get(verb.lower())
            if answer is None:
                raise not_found("There is no such method.")
            _count(request, parameters)
            return _sent(answer(parameters, **named))
        except GoogleError as error:
            return _refused(error)
        except RateLimited as refusal:
            wait = str(refusal.facts["retry_after"])
            return _refused(GoogleError(429, "RESOURCE_EXHAUSTED", str(refusal), **{"Retry-After": wait}))
        except RequestDataTooBig:
            return _refused(invalid("The body is too large."))
        except (OperationalError, InterfaceError) as error:
            log.error("database unavailable: %s", type(error).__name__)
            return _refused(GoogleError(503, "UNAVAILABLE", "The service is unavailable.", **{"Retry-After": "5"}))
        except Exception:
            log.exception("unhandled: %s %s", request.method, request.path)
            return _refused(GoogleError(500, "INTERNAL", "Internal error encountered."))

    return view


def text(parameters: Mapping[str, str], name: str) -> str:
    """Return a parameter's text, empty when it was not given; or raise GoogleError."""
    value = parameters.get(name, "")
    if "\x00" in value:
        raise invalid(f"Invalid value at '{name}': it holds a character that no text has.")
    return value.strip()


def number(parameters: Mapping[str, str], name: str) -> int:
    """Return a parameter's number, 0 when it was not given; or raise GoogleError for one that is no count."""
    written = parameters.get(name, "").strip()
    if not written:
        return 0
    if not (written.isascii() and written.isdigit()) or len(written) > 10 or int(written) > _INT32:
        raise invalid(f"Invalid value at '{name}' (TYPE_INT32): not a whole number from 0.")
    return int(written)


def _asked(request: HttpRequest) -> tuple[str, Mapping[str, str]]:
    """Return the verb that was meant and the parameters, by the names of the discovery document.

    A long address is sent as a POST whose form holds the query; the client names the verb it means in a header.
    """
    verb = str(request.method)
    given = request.GET.dict()
    meant = request.META.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
    if verb == "POST" and meant:
        verb = meant
        given |= request.POST.dict()
    return "GET" if verb == "HEAD" else verb, {_camel(name): str(value) for name, value in given.items()}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _count(request: HttpRequest, parameters: Mapping[str, str]) -> None:
    """Count the read, of a key of ours by its own limit; or raise.

    Only what is public is read here: a client that still sends Google's own key is served as one without.
    """
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    key = parameters.get("key") or request.META.get("HTTP_X_GOOG_API_KEY", "") or bearer
    now = timezone.now()
    record = usable_key(key=key, now=now) if key.isascii() else None
    if record is not None:
        count_request(key_id=record.pk, now=now)
        return
    if key and is_issued(key=key):
        raise GoogleError(403, "PERMISSION_DENIED", "The API key has expired or was revoked.")
    count_read(address=address_of(request.META), now=now)


def _sent(body: Any, *, status: int = 200) -> HttpResponse:
    written = json.dumps(body, ensure_ascii=False, allow_nan=False)
    response = HttpResponse(written, status=status, content_type="application/json; charset=UTF-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={settings.TOLD_WITHIN}" if status == 200 else "no-store"
    # A key changes no answer, only how often one may ask.
    response["Vary"] = "Authorization, X-Goog-Api-Key"
    return response


def _refused(error: GoogleError) -> HttpResponse:
    body = {"error": {"code": error.code, "message": str(error), "status": error.status, "details": []}}
    response = _sent(body, status=error.code)
    for name, value in error.headers.items():
        response[name] = value
    return response
