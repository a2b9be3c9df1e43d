"""What every endpoint does before anything else, and how it answers."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Manager, Model, QuerySet
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .paging import Keyset, next_address, next_link, row_id
from .problems import JSON_LIMIT, Problem, not_found
from .shapes import Whole

_FORM_OVERHEAD = 64 * 1024
VARY = "Accept, Accept-Encoding, Authorization, Cookie"


class Endpoint(APIView):
    """An endpoint that refuses what it could only half read, before reading it.

    The address space says who may use it; until it does, administrators only.
    """

    permission_classes = [IsAdminUser]

    @property
    def body_limit(self) -> int:
        """How many bytes a body that is no form may have."""
        return JSON_LIMIT

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        encoding = request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
        if encoding not in ("", "identity"):
            raise Problem(415, "unsupported_media_type", "Send the body as it is, without a Content-Encoding.")
        is_form = request.META.get("CONTENT_TYPE", "").lower().startswith("multipart/")
        limit = settings.UPLOAD_LIMIT + _FORM_OVERHEAD if is_form else self.body_limit
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > limit:
            raise Problem(413, "too_large", f"At most {limit // 2**20} MiB.")
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Vary"] = VARY
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache"
        if response.status_code != 304:
            for name, value in getattr(request._request, "limit_headers", {}).items():
                response.setdefault(name, value)
        return response

    def read_body(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        """Return the body's members by this shape; or raise ValidationError."""
        read = shape(data=self.request.data)
        read.is_valid(raise_exception=True)
        return read.validated_data

    def row(self, rows: QuerySet | Manager, text: str) -> Any:
        """Return the row with this id; or raise the one 404."""
        pk = row_id(text)
        found = rows.filter(pk=pk).first() if pk else None
        if found is None:
            raise not_found()
        return found

    def listing(self, rows: QuerySet, keyset: Keyset, shape: type[serializers.Serializer], **context: Any) -> Response:
        """Answer one page of rows in this shape, with the address of the next."""
        page, cursor = keyset.page(rows, self.request.query_params)
        return self.page_of(shape(page, many=True, context=context).data, cursor)

    def page_of(self, results: Iterable[Any], cursor: str | None) -> Response:
        following = next_address(self.request.path, self.request.query_params, cursor=cursor) if cursor else None
        return Response({"results": results, "next": following}, headers=next_link(following))


def page_shape(of: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """Return the shape of a page of such rows, for the OpenAPI document."""
    members: dict[str, Any] = {
        "results": of(many=True),
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
    }
    return type(f"{of.__name__}Page", (serializers.Serializer,), members)


class Known(Whole):
    """The id of a row that exists; its value is the row."""

    default_error_messages = {"does_not_exist": "There is no such row."}

    def __init__(self, rows: Callable[[], QuerySet], **kwargs: Any):
        super().__init__(**kwargs)
        self.rows = rows

    def run_validators(self, value: Any) -> None:
        """Leave the bounds to the look-up, as the value is a row by then."""

    def to_internal_value(self, data: Any) -> Model:  # type: ignore[override]
        number = super().to_internal_value(data)
        found = self.rows().filter(pk=number).first() if 0 < number < 2**63 else None
        if found is None:
            self.fail("does_not_exist")
        return found
