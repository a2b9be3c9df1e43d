"""The signed log over HTTP: checkpoints, entries, proofs and keys, all that an outsider needs, for everyone."""

import base64
import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from claims import ledger_verifier, merkle
from claims.formats.document import moment
from claims.formats.notes import read_checkpoint, read_verifier
from claims.models import Change, Checkpoint, LogKey
from claims.services import checkpoints
from claims.services.log_exports import export_lines
from sources.api.describing import IF_NONE_MATCH, describe, query
from sources.api.paging import Keyset, filters_of, next_address, next_link
from sources.api.problems import Problem, not_found

from . import sending
from .reading import AnyType, PublicEndpoint

_TEXT = "text/plain; charset=utf-8"
_LIST_ERRORS = (400, 401, 403, 406, 429, 503)


class CheckpointEntry(serializers.Serializer):
    """One checkpoint of the log."""

    size = serializers.IntegerField(help_text="Rows it covers.")
    root = serializers.CharField(help_text="In base64.")
    signed_at = serializers.DateTimeField()
    note = serializers.CharField(help_text="The signed note, as `checkpoints/{size}` gives it.")


class CheckpointPage(serializers.Serializer):
    results = CheckpointEntry(many=True)
    next = serializers.URLField(allow_null=True)


class LogEntry(serializers.Serializer):
    """One row of the ledger as the log has it."""

    seq = serializers.IntegerField()
    entry = serializers.CharField(help_text="The row as it was hashed: UTF-8, to the letter.")
    leaf_hash = serializers.CharField(help_text="SHA-256 over a zero byte and the entry, in base64.")


class LogEntryPage(serializers.Serializer):
    results = LogEntry(many=True)
    next = serializers.URLField(allow_null=True)


class PublicKeyEntry(serializers.Serializer):
    """A public key of the log."""

    name = serializers.CharField()
    key_id = serializers.CharField(help_text="The first four bytes of its hash, as in its signatures' lines.")
    key = serializers.CharField(help_text="name+hash+data, as signed notes write it.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="When it stopped signing; null while it signs.")


class PublicKeys(serializers.Serializer):
    results = PublicKeyEntry(many=True)


class NewestCheckpoint(PublicEndpoint):
    """What the log is now."""

    renderer_classes = [AnyType]

    @describe(
        "Read the newest checkpoint.",
        name="log_checkpoint",
        tag="log",
        answers={(200, "text/plain"): OpenApiTypes.STR, 304: None},
        parameters=(IF_NONE_MATCH,),
        detail="A C2SP tlog-checkpoint, signed with Ed25519. It is made at most a minute after a new row, and daily. "
        "Keep it: whoever has an older one can prove that nothing before it was changed.",
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, ())
        return _noted(request, newest(), "public, no-cache")


class CheckpointOfSize(PublicEndpoint):
    """A checkpoint that covers so many rows."""

    renderer_classes = [AnyType]

    @describe(
        "Read the checkpoint of so many rows.",
        name="log_checkpoint_of_size",
        tag="log",
        answers={(200, "text/plain"): OpenApiTypes.STR, 304: None},
        parameters=(IF_NONE_MATCH,),
        detail="The last one signed at that size; 404 where none was.",
    )
    def get(self, request, size):
        return self.public_answer(request, size=size)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, ())
        return _noted(request, _of_size(kwargs["size"]), "public, max-age=3600")


class CheckpointList(PublicEndpoint):
    """Every checkpoint."""

    @describe(
        "List the checkpoints, the newest first.",
        name="log_checkpoints",
        tag="log",
        answers={200: CheckpointPage},
        errors=_LIST_ERRORS,
        parameters=(
            query("cursor", "Where the page before ended: taken from `next`, never made up."),
            query("page_size", "Rows a page, 50 by default and at most 100.", OpenApiTypes.INT),
        ),
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, ())
        page, cursor = Keyset("-pk").page(Checkpoint.objects.all(), request.GET)
        following = next_address(request.path, request.GET, cursor=cursor) if cursor else None
        results = [
            {
                "size": point.size,
                "root": in_base64(bytes(point.root)),
                "signed_at": moment(point.signed_at),
                "note": point.note,
            }
            for point in page
        ]
        return sent({"results": results, "next": following}, headers=next_link(following))


class EntryList(PublicEndpoint):
    """The rows of the ledger as they were hashed."""

    @describe(
        "Read the log's entries.",
        name="log_entries",
        tag="log",
        answers={200: LogEntryPage},
        errors=_LIST_ERRORS,
        parameters=(
            query("start", "The seq of the first; 0 without it.", OpenApiTypes.INT),
            query("page_size", "Rows a page, 50 by default and at most 100.", OpenApiTypes.INT),
        ),
        detail="Rows that no checkpoint covers yet are not in it.",
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, {"start"})
        last = checkpoints.newest_checkpoint()
        covered = last.size if last else 0
        start = number(request.GET, "start", 0)
        rows = Change.objects.filter(seq__gte=start, seq__lt=covered)
        page, _ = Keyset("seq").page(rows.values("seq", "body"), request.GET)
        reached = page[-1]["seq"] + 1 if page else covered
        following = next_address(request.path, request.GET, start=str(reached)) if reached < covered else None
        results = [
            {"seq": row["seq"], "entry": row["body"], "leaf_hash": in_base64(merkle.leaf_hash(row["body"].encode()))}
            for row in page
        ]
        return sent({"results": results, "next": following}, headers=next_link(following))


class KeyList(PublicEndpoint):
    """The keys that sign the log, and those that did."""

    @describe(
        "List the log's public keys, the oldest first.",
        name="log_keys",
        tag="log",
        answers={200: PublicKeys},
        errors=_LIST_ERRORS,
        detail="Take a key once and keep it: a log that is signed with a key you do not know is not this one, "
        "unless you were told of the exchange.",
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, ())
        results = []
        for row in LogKey.objects.order_by("pk"):
            key = read_verifier(row.verifier_key)
            until = moment(row.retired_at) if row.retired_at else None
            since = moment(row.registered_at)
            results.append({"name": key.name, "key_id": key.key_id, "key": str(key), "since": since, "until": until})
        return sent({"results": results})


class Export(PublicEndpoint):
    """The whole log as one file."""

    renderer_classes = [AnyType]

    @describe(
        "Download the log up to a checkpoint, for the verifier.",
        name="log_export",
        tag="log",
        answers={(200, "application/jsonl"): OpenApiTypes.STR},
        detail="Lines of JSON: a header, the rows' hashes, then the rows, each the very bytes that were hashed. "
        "`log/verifier` checks it against `log/checkpoints/{size}`.",
    )
    def get(self, request, size):
        return self.public_answer(request, size=size)

    def public_answer(self, request: Any, **kwargs: str) -> Any:
        filters_of(request.GET, ())
        point = _of_size(kwargs["size"])
        lines = export_lines(origin=read_checkpoint(point.note).origin, size=point.size)
        name = f'attachment; filename="ledger-{point.size}.jsonl"'
        response = StreamingHttpResponse(lines, content_type="application/jsonl")
        response["Content-Disposition"], response["Cache-Control"] = name, "public, no-cache"
        return response


class Verifier(PublicEndpoint):
    """The outsider's program."""

    renderer_classes = [AnyType]

    @describe(
        "Download the verifier: one file that needs nothing but Python.",
        name="log_verifier",
        tag="log",
        answers={(200, "text/x-python"): OpenApiTypes.STR},
        errors=_LIST_ERRORS,
        detail='`python ledger_verifier.py export.jsonl --checkpoint checkpoint.txt --key "…"` answers 0 when every '
        "row is what was signed, and 1 with the first that is not. `--older` names checkpoints you kept.",
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, ())
        response = HttpResponse(Path(ledger_verifier.__file__).read_bytes(), content_type="text/x-python")
        response["Content-Disposition"] = 'attachment; filename="ledger_verifier.py"'
        response["Cache-Control"] = "public, no-cache"
        return response


def newest() -> Checkpoint:
    """Return the newest checkpoint; or raise the one 404."""
    found = checkpoints.newest_checkpoint()
    if found is None:
        raise not_found()
    return found


def _of_size(text: str) -> Checkpoint:
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    found = Checkpoint.objects.filter(size=size).last() if size is not None else None
    if found is None:
        raise not_found()
    return found


def _noted(request: HttpRequest, point: Checkpoint, cache: str) -> HttpResponse:
    etag = f'"checkpoint-{point.pk}"'
    if held := sending.held_etag(request, etag):
        return sending.unchanged(held, cache)
    return sending.sent(point.note, request=request, etag=etag, cache=cache, kind=_TEXT)


def number(asked: Any, name: str, otherwise: int | None = None) -> int:
    """Return a number of the query string, or what holds without it; or raise Problem."""
    text = asked.get(name)
    if text is None and otherwise is not None:
        return otherwise
    if text is None:
        raise Problem(400, "required", f"Give `{name}`.", field=name)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Problem(400, "invalid_type", f"`{name}` is a whole number from 0.", field=name)
    return int(text)


def sent(value: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    return sending.sent(json.dumps(value, ensure_ascii=False), headers=headers)


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
