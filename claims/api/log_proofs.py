"""Proofs from the signed log over HTTP: that a row is in it, and that an older log begins a newer one."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from claims import merkle
from claims.services import checkpoints
from sources.api.describing import describe, query
from sources.api.paging import filters_of
from sources.api.problems import Problem

from .log import in_base64, newest, number, sent
from .reading import PublicEndpoint


class InclusionProof(serializers.Serializer):
    """The path from a leaf to a root (RFC 9162 section 2.1.3)."""

    seq = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    root = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField(), help_text="In base64, the leaf's neighbour first.")


class ConsistencyProof(serializers.Serializer):
    """That one log is the beginning of another (RFC 9162 section 2.1.4)."""

    older = serializers.IntegerField()
    older_root = serializers.CharField()
    size = serializers.IntegerField()
    root = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField(), help_text="In base64.")


class Inclusion(PublicEndpoint):
    """That a row is part of the log."""

    @describe(
        "Prove that a row is part of the log.",
        name="log_inclusion",
        tag="log",
        answers={200: InclusionProof},
        parameters=(
            query("seq", "Of the row.", OpenApiTypes.INT, required=True),
            query("size", "Rows of the log it is proved for; the newest checkpoint's without it.", OpenApiTypes.INT),
        ),
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, {"seq", "size"})
        size = _covered_size(request.GET)
        seq = number(request.GET, "seq")
        if seq >= size:
            raise _out_of_range("seq", f"Name a seq below {size}.")
        node = checkpoints.nodes(size)
        path = merkle.inclusion_path(seq, size, node)
        proof = {
            "seq": seq,
            "size": size,
            "leaf_hash": in_base64(node(seq, seq + 1)),
            "root": in_base64(node(0, size)),
        }
        return sent({**proof, "path": [in_base64(hash_) for hash_ in path]})


class Consistency(PublicEndpoint):
    """That an older log is the beginning of a newer one."""

    @describe(
        "Prove that an older log is the beginning of a newer one.",
        name="log_consistency",
        tag="log",
        answers={200: ConsistencyProof},
        parameters=(
            query("older", "Rows of the older log, as its checkpoint says.", OpenApiTypes.INT, required=True),
            query("size", "Rows of the newer log; the newest checkpoint's without it.", OpenApiTypes.INT),
        ),
    )
    def get(self, request):
        return self.public_answer(request)

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        filters_of(request.GET, {"older", "size"})
        size = _covered_size(request.GET)
        older = number(request.GET, "older")
        if older > size:
            raise _out_of_range("older", f"Name a size up to {size}.")
        node = checkpoints.nodes(size)
        path = merkle.consistency_path(older, size, node)
        roots = {"older_root": in_base64(node(0, older)), "root": in_base64(node(0, size))}
        return sent({"older": older, "size": size, **roots, "path": [in_base64(hash_) for hash_ in path]})


def _covered_size(asked: Any) -> int:
    """Return the size a proof is asked for, one that checkpoints cover; or raise Problem."""
    covered = newest().size
    size = number(asked, "size", covered)
    if size > covered:
        raise _out_of_range("size", f"The newest checkpoint covers {covered} rows.")
    return size


def _out_of_range(name: str, message: str) -> Problem:
    return Problem(400, "out_of_range", message, field=name)
