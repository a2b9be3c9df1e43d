"""How an operation is described in the OpenAPI document: its answers, and each of its errors."""

from collections.abc import Iterable, Mapping
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from .problems import CONTENT_TYPE
from .shapes import ProblemShape

_ERRORS = {
    400: "The request is not understood, or a field is wrong: `errors` names each.",
    401: "It takes a valid API key or a signed-in person.",
    403: "Not allowed with this key or role.",
    404: "Nothing there, or nothing the caller may see.",
    406: "Answers are JSON only.",
    409: "The present state does not allow it.",
    410: "Withdrawn; `tombstone` says when and why.",
    412: "Changed since it was read; `current` is the version to read again.",
    413: "The body is too large.",
    415: "The body's type or encoding is not supported.",
    422: "This Idempotency-Key was used with another body.",
    428: "Name the version you read in If-Match.",
    429: "Too many requests; Retry-After says in how many seconds to come back.",
    503: "The database cannot be reached; nothing was stored.",
}
READ_ERRORS = (400, 401, 403, 404, 406, 429, 503)
WRITE_ERRORS = (400, 401, 403, 404, 406, 409, 413, 415, 503)
CREATE_ERRORS = (*WRITE_ERRORS, 422, 429)

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='The version you read, as in `"v7"`.'
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description='At most 255 characters, quoted as in `"8e03978e"`; sent again within 24 hours with the same body, '
    "the first answer is given again.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag you hold; unchanged answers 304."
)


def describe(
    summary: str,
    *,
    name: str,
    tag: str,
    answers: Mapping[Any, Any],
    errors: Iterable[int] = READ_ERRORS,
    request: Any = None,
    parameters: Iterable[OpenApiParameter] = (),
    detail: str = "",
):
    """Describe one operation; every error it can answer is listed as a problem.

    `answers` are by status, or by status and media type where it is not JSON.
    """
    responses: dict[Any, Any] = {
        status: OpenApiResponse(shape, description="As described." if shape else "No body.")
        for status, shape in answers.items()
    }
    for status in sorted(set(errors)):
        responses[(status, CONTENT_TYPE)] = OpenApiResponse(ProblemShape, description=_ERRORS[status])
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=detail or summary,
        tags=[tag],
        request=request,
        responses=responses,
        parameters=list(parameters),
    )


def query(name: str, description: str, kind: Any = OpenApiTypes.STR, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


PAGE = (
    query("cursor", "Where the page before ended: taken from `next`, never made up."),
    query("page_size", "Rows a page, 50 by default and at most 100.", OpenApiTypes.INT),
)

_SHOWS = r"^[^\x00]*[^\x00\s\u200b\u200c\u200d\u2060\ufeff\u00ad][^\x00]*$"
_LABEL = "[a-z0-9]+"
_REST = r"(/[A-Za-z0-9._~/-]*(\?[A-Za-z0-9._~=&-]*)?)?$"


class TextSchema(OpenApiSerializerFieldExtension):
    """A text: no NUL, and something to be seen where blank is refused."""

    target_class = "sources.api.shapes.Text"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "pattern": r"^[^\x00]*$"}
        if not self.target.allow_blank:
            schema |= {"minLength": 1, "pattern": _SHOWS}
        if self.target.max_length is not None:
            schema["maxLength"] = self.target.max_length
        if self.target.field_name == "url":
            scheme = "https" if "Webhook" in type(self.target.parent).__name__ else "https?"
            schema |= {"format": "uri", "pattern": rf"^{scheme}://({_LABEL}\.)+[a-z]{{2,}}{_REST}"}
        return schema


class LanguageSchema(OpenApiSerializerFieldExtension):
    """A language tag."""

    target_class = "sources.api.shapes.Language"
    priority = 1

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "maxLength": 12, "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}
