"""Imports over HTTP: a file of claims, looked through and brought in as drafts, whole or not at all."""

import re
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.response import Response

from claims.models import Import
from claims.services import importing
from claims.services.import_checks import Looked
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, PAGE, describe
from sources.api.endpoint import Endpoint, page_shape
from sources.api.paging import Keyset
from sources.api.problems import Problem
from sources.api.shapes import Shape

from .creating import idempotency_key, submission
from .permissions import Desk

ADDRESS = "/api/v1/imports/{}"


class _Whole(BaseParser):
    """A body that is the file itself."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        charset = re.search(r'charset="?([^";\s]+)', media_type or "", re.IGNORECASE)
        if charset and charset[1].lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(charset[0])
        return {"content": stream.read(settings.UPLOAD_LIMIT + 1)}


class CsvParser(_Whole):
    media_type = "text/csv"


class JsonParser(_Whole):
    media_type = "application/json"


class LinesParser(_Whole):
    media_type = "application/x-ndjson"


class LinkedParser(_Whole):
    media_type = "application/ld+json"


class ImportUpload(Shape):
    file = serializers.FileField(
        allow_empty_file=True, help_text="CSV, JSON, JSON Lines, or a page or feed with ClaimReview; told by content."
    )
    dry_run = serializers.ChoiceField(
        choices=["true", "false"], required=False, help_text="true: only say what would come in."
    )


class ImportShape(serializers.Serializer):
    """An import and how far it has come."""

    id = serializers.IntegerField(source="pk", allow_null=True, help_text="Null for a dry run.")
    state = serializers.CharField(help_text="fetching, checked, refused, running, done, failed, cancelled or undone.")
    format = serializers.CharField(source="file_format", help_text="csv, json, jsonl or page.")
    rows = serializers.IntegerField(source="row_count", allow_null=True)
    new = serializers.IntegerField(source="new_count", help_text="Claims that came in.")
    known = serializers.IntegerField(source="known_count", help_text="Rows the desk has already.")
    refused = serializers.IntegerField(source="refused_count", help_text="Rows left out, of reviews of others.")
    notes = serializers.IntegerField(source="note_count", help_text="Parts of rows left out.")
    reason = serializers.CharField(help_text="Why it was refused or failed.")
    problems = serializers.SerializerMethodField()
    started_by = serializers.CharField(source="started_by.username")
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_problems(self, run: Import) -> str | None:
        """Return the address of what was refused or left out, and why."""
        return f"{ADDRESS.format(run.pk)}/problems" if run.pk else None


class ImportProblemShape(serializers.Serializer):
    row = serializers.IntegerField()
    place = serializers.CharField()
    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    is_note = serializers.BooleanField(help_text="The row came in, without this.")


class ImportList(Endpoint):
    """Files of claims that came in."""

    permission_classes = [Desk]
    parser_classes = [MultiPartParser, CsvParser, JsonParser, LinesParser, LinkedParser]

    @property
    def body_limit(self) -> int:
        return settings.UPLOAD_LIMIT

    @describe(
        "List imports, newest first.",
        name="imports_list",
        tag="imports",
        answers={200: page_shape(ImportShape)},
        parameters=PAGE,
    )
    def get(self, request):
        return self.listing(Import.objects.select_related("started_by"), Keyset("-pk"), ImportShape)

    @describe(
        "Import a file of claims as drafts.",
        name="imports_create",
        tag="imports",
        request={"multipart/form-data": ImportUpload, "text/csv": bytes, "application/x-ndjson": bytes},
        answers={201: ImportShape, 200: ImportShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="At most 10 MiB and 10,000 rows. A file comes in whole or not at all: for one with a fault the answer "
        "is 400, and `problems` names row, column and what to do. Others' reviews (ClaimReview) come in without those "
        "that are refused. Imported verdicts are data of the origin, never a verdict here. The same row comes in "
        "once, so the same file sent again changes nothing (200).",
    )
    def post(self, request):
        idempotency_key(request)
        content, name, is_dry = self._content(request)
        if len(content) > settings.UPLOAD_LIMIT:
            raise Problem(413, "too_large", f"At most {settings.UPLOAD_LIMIT // 2**20} MiB.", field="file")
        submission(request)
        looked = importing.look_through_upload(content=content, by=request.user)
        importing.refuse_faults(looked)
        if is_dry:
            return Response(ImportShape(_told(looked, request.user)).data)
        run = importing.start_upload(
            content=content, looked=looked, name=name, by=request.user, now=timezone.now(), via=Import.Via.API
        )
        importing.confirm_import(import_id=run.pk, by=request.user, now=timezone.now())
        importing.run_import(import_id=run.pk, clock=timezone.now)
        run.refresh_from_db()
        headers = {"Location": settings.SITE_URL + ADDRESS.format(run.pk)}
        return Response(ImportShape(run).data, status=201 if run.new_count else 200, headers=headers)

    def _content(self, request) -> tuple[bytes, str, bool]:
        if not request.content_type.startswith("multipart/"):
            return request.data["content"], "", request.query_params.get("dry_run") == "true"
        members = self.read_body(ImportUpload)
        file = members["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise Problem(413, "too_large", f"At most {settings.UPLOAD_LIMIT // 2**20} MiB.", field="file")
        return file.read(), file.name or "", members.get("dry_run") == "true"


def _told(looked: Looked, by: Any) -> Import:
    """Return what a file holds in the shape of an import that is not kept."""
    return Import(
        state=Import.State.CHECKED,
        file_format=looked.file_format,
        row_count=looked.row_count,
        new_count=looked.new_count,
        known_count=looked.known_count,
        refused_count=looked.refused_count,
        note_count=looked.note_count,
        started_by=by,
        started_at=timezone.now(),
    )


class ImportDetail(Endpoint):
    """One import."""

    permission_classes = [Desk]

    @describe("Read an import.", name="imports_read", tag="imports", answers={200: ImportShape})
    def get(self, request, pk):
        return Response(ImportShape(self.row(Import.objects.select_related("started_by"), pk)).data)


class ImportProblems(Endpoint):
    """What of one import was refused or left out."""

    permission_classes = [Desk]

    @describe(
        "List what was refused or left out, in the file's order.",
        name="imports_problems",
        tag="imports",
        answers={200: page_shape(ImportProblemShape)},
        parameters=PAGE,
    )
    def get(self, request, pk):
        return self.listing(self.row(Import.objects, pk).problems.all(), Keyset("pk"), ImportProblemShape)
