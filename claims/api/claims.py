"""Claims over HTTP: public ones from their stored documents, the desk's with their work."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from claims import permissions
from claims.models import Claim, Topic
from claims.services.claims import claimant_named, draft_claim, edit_claim
from sources.api.describing import (
    CREATE_ERRORS,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    PAGE,
    READ_ERRORS,
    WRITE_ERRORS,
    describe,
    query,
)
from sources.api.paging import Keyset, filters_of, invalid_filter, one_of, row_id
from sources.api.problems import Problem, not_found
from sources.api.shapes import Shape, Text
from sources.services.sources import source_id_at

from . import public
from .creating import answer, create_once, version_read
from .desk import ClaimDraft, ClaimEdit, ClaimShape, ClaimSummary, in_full, summaries
from .documents import ClaimDocument, ClaimDocumentPage, FreshnessDocument, VersionDocument
from .finding import ranked_page
from .hot import IDS_LIMIT
from .parts import claim_in_part
from .permissions import PUBLIC, Desk
from .reading import PublicEndpoint
from .sending import held_etag, unchanged

ADDRESS = "/api/v1/claims/{}"
_NEWEST_FIRST = Keyset("-updated_at", "-pk")


def seen_by(request: Request) -> QuerySet[Claim]:
    return Claim.objects.visible_to(request.user)


def claim_of(request: Request, code: str) -> Claim:
    """Return the claim this address names if the caller may see it; or raise the one 404."""
    claim = seen_by(request).filter(public_id=public.public_id_of(code)).first()
    if claim is None:
        raise not_found()
    return claim


def claim_shape(pk: int) -> dict[str, Any]:
    return ClaimShape(in_full(Claim.objects.filter(pk=pk)).get()).data


def claim_etag(claim: Claim) -> str:
    return f'"v{claim.version}"'


FIELDS = query("fields", "Members to be given, with commas between, as in text,verdict; the id comes along.")
EXPAND = query("expand", "What to add, with commas between: sources (their link state), history, versions.")


class ClaimList(PublicEndpoint):
    """Claims: the published for everyone, all for the desk."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        return public.list_answer(request)

    def get_permissions(self):
        return [Desk()] if self.request.method == "POST" else [permission() for permission in PUBLIC]

    @describe(
        "List claims, newest change first; with `q`, the best match first.",
        name="claims_list",
        tag="claims",
        answers={200: ClaimDocumentPage},
        parameters=(
            query("workflow", "The desk only: a state of the workflow."),
            query("verdict", "A rating of the scale, as `GET ratings` lists them."),
            query("citability", "citable, on_hold or corrected; for the desk also not_citable and withdrawn."),
            query("topic", "A topic's slug."),
            query("claimant", "A claimant's slug."),
            query("source", "The id of a source it quotes."),
            query("article", "The address of an article in which it was said or that it quotes."),
            query("language", "As in en or pt-BR."),
            query("updated_since", "A time with its zone, or a day."),
            FIELDS,
            query(
                "q",
                "Words of the claim, its wordings, finding, claimants or topics; at most 200 characters. Each has to "
                'be there, by its stem or, if no claim has it, nearly. "Words in quotes" stand together, -without '
                "leaves out, and claimant:, verdict:, source:, topic:, language: and figure: name a field: figure:28.",
            ),
            *PAGE,
        ),
        detail="Without a key, or as an editor: what is published, as its documents. With a desk's key or session: "
        "every claim, in the desk's summary (see `claims_read`).",
    )
    def get(self, request):
        if not permissions.can_view_desk(request.user):
            return public.list_answer(request)
        filters = filters_of(request.query_params, {*public.FILTERS, *public.PARTS, "workflow"})
        named = {name: filters.pop(name) for name in public.PARTS if name in filters}
        public.members_of(named)
        words = filters.pop("q", "")
        rows = _kept(summaries(seen_by(request)), filters)
        if words:
            page, cursor = ranked_page(rows, public.phrase_of(words), filters, request.query_params, request.user)
        else:
            page, cursor = _NEWEST_FIRST.page(rows, request.query_params)
        told = [public.only(dict(row), named, keep=()) for row in ClaimSummary(page, many=True).data]
        return self.page_of(told, cursor)

    @describe(
        "Draft a claim.",
        name="claims_create",
        tag="claims",
        request=ClaimDraft,
        answers={201: ClaimShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
    )
    def post(self, request):
        draft = _resolved(self.read_body(ClaimDraft))

        def work():
            claim = draft_claim(by=request.user, now=timezone.now(), **_with_claimants(draft))
            address = ADDRESS.format(claim.code)
            return answer(201, claim_shape(claim.pk), location=address, etag=claim_etag(claim))

        return create_once(request, work)


def _resolved(members: dict[str, Any]) -> dict[str, Any]:
    """Return the members with topics in place of their slugs; or raise Problem for an unknown one."""
    if "topics" in members:
        found = list(Topic.objects.filter(slug__in=members["topics"]))
        unknown = set(members["topics"]) - {topic.slug for topic in found}
        if unknown:
            raise Problem(400, "does_not_exist", f"There is no topic “{sorted(unknown)[0]}”.", field="topics")
        members = {**members, "topics": found}
    return members


def claim_members(draft: dict[str, Any]) -> dict[str, Any]:
    """Return a draft's members as the service takes them, in the transaction that uses them; or raise Problem."""
    return _with_claimants(_resolved(draft))


def _with_claimants(members: dict[str, Any]) -> dict[str, Any]:
    """Return the members with claimants in place of their names; called in the transaction that uses them."""
    if "claimants" in members:
        return {**members, "claimants": [claimant_named(name) for name in members["claimants"]]}
    return members


def _kept(claims: QuerySet[Claim], filters: dict[str, str]) -> QuerySet[Claim]:
    """Keep the claims a desk's filters name; or raise Problem."""
    for name, value in filters.items():
        match name:
            case "workflow" | "citability":
                choices = Claim.Workflow.values if name == "workflow" else Claim.Citability.values
                claims = claims.filter(**{name: one_of(name, value, choices)})
            case "verdict":
                claims = claims.filter(verdicts__rating__slug=value, verdicts__round=F("review_round"))
            case "topic":
                claims = claims.filter(topics__slug=value)
            case "claimant":
                claims = claims.filter(claimants__slug=value)
            case "source" | "article":
                source_id = row_id(value) if name == "source" else source_id_at(value)
                claims = claims.filter(public.quoting(source_id, "pk")) if source_id else claims.none()
            case "language":
                claims = claims.filter(language=value)
            case "updated_since":
                claims = claims.filter(updated_at__gte=public.moment_of(name, value))
            case _:
                raise invalid_filter(name, "This filter is not known here.")
    return claims


class ClaimDetail(PublicEndpoint):
    """One claim."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        if request.GET:
            return claim_in_part(request, kwargs["code"])
        return public.claim_answer(request, kwargs["code"])

    def get_permissions(self):
        return [Desk()] if self.request.method == "PATCH" else [permission() for permission in PUBLIC]

    @describe(
        "Read a claim.",
        name="claims_read",
        tag="claims",
        answers={200: ClaimDocument, 304: None, 308: None},
        errors=(*READ_ERRORS, 410),
        parameters=(IF_NONE_MATCH, FIELDS, EXPAND),
        detail="What is published, by its stored document; 410 with the tombstone once withdrawn. A desk's key or "
        "session gets the desk's view instead, with ETag `\"v7\"` and the members of `claims_create`'s answer; a "
        "merged claim sends it on to the other one (308).",
    )
    def get(self, request, code):
        if not permissions.can_view_desk(request.user):
            return self.public_answer(request, code=code)
        claim = claim_of(request, code)
        if claim.merged_into is not None:
            return Response(status=308, headers={"Location": ADDRESS.format(claim.merged_into.code)})
        if held_etag(request, claim_etag(claim)):
            return unchanged(claim_etag(claim), "private, no-cache")
        return Response(claim_shape(claim.pk), headers={"ETag": claim_etag(claim)})

    @describe(
        "Edit a claim.",
        name="claims_edit",
        tag="claims",
        request=ClaimEdit,
        answers={200: ClaimShape},
        errors=(*WRITE_ERRORS, 412, 428),
        parameters=(IF_MATCH,),
        detail="The wording can change only while nobody has judged it in this round.",
    )
    def patch(self, request, code):
        claim = claim_of(request, code)
        version = version_read(request)
        members = _resolved(self.read_body(ClaimEdit))
        names = members.pop("claimants", None)
        claim = edit_claim(
            claim_id=claim.pk,
            version=version,
            by=request.user,
            now=timezone.now(),
            claimants=None if names is None else (claimant_named(name) for name in names),
            **members,
        )
        return Response(claim_shape(claim.pk), headers={"ETag": claim_etag(claim)})


class StatusQuestion(Shape):
    ids = serializers.ListField(child=Text(max_length=20), max_length=IDS_LIMIT, allow_empty=False)


class StatusLine(serializers.Serializer):
    """What the world is told of a claim, in brief."""

    id = serializers.CharField()
    url = serializers.URLField()
    citability = serializers.CharField()
    rating = serializers.CharField(allow_null=True, help_text="Null once withdrawn.")
    version = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    hold = serializers.DictField(allow_null=True)
    superseded_by = serializers.CharField(allow_null=True)
    freshness = FreshnessDocument(allow_null=True, help_text="Null once withdrawn.")


class StatusAnswer(serializers.Serializer):
    results = StatusLine(many=True)
    not_found = serializers.ListField(
        child=serializers.CharField(), help_text="Ids that are unknown, not published, or not ids."
    )


class ClaimStatus(PublicEndpoint):
    """The public status of many claims at once."""

    permission_classes = [AllowAny]  # a read, sent as POST because of its length
    open_methods = "POST, OPTIONS"

    @describe(
        f"Read the status of up to {IDS_LIMIT} claims.",
        name="claims_status",
        tag="claims",
        request=StatusQuestion,
        answers={200: StatusAnswer},
        errors=(400, 401, 406, 413, 415, 429, 503),
        detail="A read, sent as POST because of its length: a key needs only the read scope.",
    )
    def post(self, request):
        return public.status_answer(self.read_body(StatusQuestion)["ids"])


class ClaimVersion(PublicEndpoint):
    """One publication of a claim, which never changes."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        return public.version_answer(request, kwargs["code"], kwargs["number"])

    def get_permissions(self):
        return [permission() for permission in PUBLIC] if self.request.method in SAFE_METHODS else [Desk()]

    @describe(
        "Read one publication.",
        name="claims_version",
        tag="claims",
        answers={200: VersionDocument, 304: None},
        errors=(*READ_ERRORS, 410),
        parameters=(IF_NONE_MATCH,),
    )
    def get(self, request, code, number):
        return public.version_answer(request, code, number)

    @property
    def allowed_methods(self):
        """Tell of those that do something: the others say why they never will."""
        return ["GET", "HEAD", "OPTIONS"]

    def _refuse(self, request, code, number):
        if not claim_of(request, code).publications.filter(number=row_id(number) or 0).exists():
            raise not_found()
        raise Problem(409, "immutable", "What was published stays; publish a correction instead.")

    patch = put = delete = extend_schema(exclude=True)(_refuse)
