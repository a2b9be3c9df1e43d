"""Problem details (RFC 9457): the one shape of every error answer, and the exception that carries one."""

from http import HTTPStatus
from typing import Any

CONTENT_TYPE = "application/problem+json"
JSON_LIMIT = 2**20  # bytes of a JSON body


class Problem(Exception):
    """An answer other than success, decided at the HTTP edge; the services raise `Refused` instead."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str = "",
        headers: dict[str, str] | None = None,
        **facts: Any,
    ):
        super().__init__(detail)
        self.status, self.code, self.field = status, code, field
        self.headers, self.facts = headers or {}, facts


def not_found() -> Problem:
    """Return the one answer for what does not exist and for what the caller may not see."""
    return Problem(404, "not_found", "There is nothing at this address.")


def problem_body(
    status: int,
    code: str,
    detail: str,
    *,
    instance: str,
    errors: dict[str, Any] | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """Return the members of a problem; `errors` names what is wrong with each field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "instance": instance,
    }
    if errors:
        body["errors"] = errors
    return {**facts, **body}


def field_error(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}
