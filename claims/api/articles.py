"""Articles and their candidates over HTTP: taken in, taken apart, decided one by one."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.settings import api_settings

from claims.models import Article, Candidate
from claims.services import intake
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, PAGE, WRITE_ERRORS, describe, query
from sources.api.endpoint import Endpoint, page_shape
from sources.api.paging import Keyset, filters_of, one_of
from sources.api.problems import Problem
from sources.api.shapes import Nothing, Shape, Text
from sources.wake import wake

from .claims import ADDRESS, claim_etag, claim_of, claim_shape
from .creating import answer, create_once, idempotency_key, submission
from .desk import ClaimShape
from .permissions import Desk

ARTICLE = "/api/v1/articles/{}"


class ArticleClaim(serializers.Serializer):
    """A claim that stands in an article."""

    id = serializers.CharField(source="code")
    text = serializers.CharField()
    workflow = serializers.CharField()
    citability = serializers.CharField()


class ArticleShape(serializers.Serializer):
    """An article and how far its reading has come."""

    id = serializers.IntegerField()
    source = serializers.IntegerField(source="source_id")
    title = serializers.CharField(source="source")
    url = serializers.CharField(source="source.url", help_text="Empty for an upload.")
    progress = serializers.CharField(help_text="waiting, read or failed.")
    progress_reason = serializers.CharField(help_text="Why it could not be read, and what to do.")
    snapshot = serializers.IntegerField(source="snapshot_id", allow_null=True)
    candidates = serializers.SerializerMethodField()
    claims = serializers.SerializerMethodField()
    added_by = serializers.CharField(source="added_by.username")
    added_at = serializers.DateTimeField()

    def get_candidates(self, article: Article) -> str:
        """Return the address of its candidates."""
        return f"{ARTICLE.format(article.pk)}/candidates"

    @extend_schema_field(ArticleClaim(many=True))
    def get_claims(self, article: Article) -> Any:
        """Return the claims that its candidates became, or were added to."""
        found = {candidate.claim_id: candidate.claim for candidate in article.candidates.all() if candidate.claim}
        return ArticleClaim(found.values(), many=True).data


class ArticleDraft(Shape):
    """An article by its address, or its text."""

    url = Text(required=False, max_length=2048)
    text = Text(required=False, max_length=1_000_000)
    title = Text(required=False, allow_blank=True, max_length=500)


class ArticleUpload(Shape):
    file = serializers.FileField(max_length=200, help_text="HTML, PDF or plain text, at most 10 MiB.")
    title = Text(required=False, allow_blank=True, max_length=500)


class CandidateShape(serializers.Serializer):
    """A passage that may hold a claim; offsets are code points into the snapshot's text."""

    id = serializers.IntegerField()
    article = serializers.IntegerField(source="article_id")
    quote = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    score = serializers.FloatField(help_text="How likely a person would check it, 0 to 1.")
    reasons = serializers.ListField(child=serializers.CharField())
    claimant = serializers.CharField()
    figures = serializers.JSONField()
    decision = serializers.CharField(help_text="open, accepted, merged or dismissed.")
    claim = serializers.CharField(source="claim.code", default=None, allow_null=True)


class Acceptance(Shape):
    text = Text(required=False, max_length=5000, help_text="The claim in the desk's words; its own by default.")
    claimant = Text(required=False, allow_blank=True, max_length=200, help_text="Empty for none.")


class Merging(Shape):
    claim = Text(max_length=20, help_text="The claim's id.")


class ArticleList(Endpoint):
    """The articles the desk takes apart."""

    permission_classes = [Desk]
    parser_classes = [*api_settings.DEFAULT_PARSER_CLASSES, MultiPartParser]  # type: ignore[list-item]

    @describe(
        "List articles, newest first.",
        name="articles_list",
        tag="articles",
        answers={200: page_shape(ArticleShape)},
        parameters=(query("progress", "waiting, read or failed."), *PAGE),
    )
    def get(self, request):
        filters = filters_of(request.query_params, {"progress"})
        rows = _articles()
        if "progress" in filters:
            rows = rows.filter(progress=one_of("progress", filters["progress"], Article.Progress.values))
        return self.listing(rows, Keyset("-added_at", "-pk"), ArticleShape)

    @describe(
        "Add an article by its address, as text or as a file.",
        name="articles_create",
        tag="articles",
        request={"application/json": ArticleDraft, "multipart/form-data": ArticleUpload},
        answers={201: ArticleShape, 200: ArticleShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="201 with the article, 200 when the desk has it already. One by address is read in the background: "
        "`progress` says how far it has come. A file is the same article each time, with or without a key.",
    )
    def post(self, request):
        if request.content_type.startswith("multipart/"):
            return self._upload(request)
        members = self.read_body(ArticleDraft)
        if ("url" in members) == ("text" in members):
            raise Problem(400, "required", "Give either the article's address or its text.", field="url")
        title = members.get("title", "")
        if "url" in members and title:
            raise Problem(400, "unknown_field", "A title goes with a text; a page has its own.", field="title")

        def work():
            now = timezone.now()
            if "text" in members:
                article, is_new = intake.add_article_text(text=members["text"], title=title, by=request.user, now=now)
            else:
                article, is_new = intake.add_article_at(url=members["url"], by=request.user, now=now)
                if article.progress == Article.Progress.WAITING:
                    wake("claims.tasks.read_article", article_id=article.pk)
            return _taken_in(article, is_new)

        return create_once(request, work)

    def _upload(self, request) -> HttpResponse:
        """Take a file in. Reading one takes seconds, so no transaction is open around it; its bytes are its key."""
        idempotency_key(request)
        members = self.read_body(ArticleUpload)
        file = members["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise Problem(413, "too_large", f"At most {settings.UPLOAD_LIMIT // 2**20} MiB.", field="file")
        submission(request)
        article, is_new = intake.add_article_file(
            content=file.read(),
            name=file.name,
            content_type=file.content_type or "",
            title=members.get("title", ""),
            by=request.user,
            now=timezone.now(),
        )
        given = _taken_in(article, is_new)
        return HttpResponse(given.body, status=given.status, headers=given.headers, content_type="application/json")


def _articles() -> QuerySet[Article]:
    """Return articles with all their shape says, in a fixed number of queries."""
    decided = Candidate.objects.filter(claim__isnull=False).select_related("claim").order_by("start")
    return Article.objects.select_related("source", "added_by").prefetch_related(Prefetch("candidates", decided))


def _taken_in(article: Article, is_new: bool):
    data = ArticleShape(_articles().get(pk=article.pk)).data
    return answer(201 if is_new else 200, data, location=ARTICLE.format(article.pk))


class ArticleDetail(Endpoint):
    """One article."""

    permission_classes = [Desk]

    @describe("Read an article.", name="articles_read", tag="articles", answers={200: ArticleShape})
    def get(self, request, pk):
        return Response(ArticleShape(self.row(_articles(), pk)).data)


class ArticleCandidates(Endpoint):
    """The candidates of one article."""

    permission_classes = [Desk]

    @describe(
        "List an article's candidates, best first.",
        name="candidates_list",
        tag="articles",
        answers={200: page_shape(CandidateShape)},
        parameters=(query("decision", "open, accepted, merged or dismissed."), *PAGE),
    )
    def get(self, request, pk):
        filters = filters_of(request.query_params, {"decision"})
        rows = self.row(Article.objects, pk).candidates.select_related("claim")
        if "decision" in filters:
            rows = rows.filter(decision=one_of("decision", filters["decision"], Candidate.Decision.values))
        return self.listing(rows, Keyset("-score", "start", "pk"), CandidateShape)


class CandidateAccept(Endpoint):
    permission_classes = [Desk]

    @describe(
        "Make a candidate a claim.",
        name="candidates_accept",
        tag="articles",
        request=Acceptance,
        answers={201: ClaimShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
    )
    def post(self, request, pk):
        candidate, members = self.row(Candidate.objects, pk), self.read_body(Acceptance)

        def work():
            claim = intake.accept_candidate(candidate_id=candidate.pk, by=request.user, now=timezone.now(), **members)
            address = ADDRESS.format(claim.code)
            return answer(201, claim_shape(claim.pk), location=address, etag=claim_etag(claim))

        return create_once(request, work)


class CandidateMerge(Endpoint):
    permission_classes = [Desk]

    @describe(
        "Add a candidate to an existing claim, as one more appearance of it.",
        name="candidates_merge",
        tag="articles",
        request=Merging,
        answers={200: ClaimShape},
        errors=WRITE_ERRORS,
    )
    def post(self, request, pk):
        candidate = self.row(Candidate.objects, pk)
        into = claim_of(request, self.read_body(Merging)["claim"])
        claim = intake.merge_candidate(
            candidate_id=candidate.pk, claim_id=into.pk, by=request.user, now=timezone.now()
        )
        return Response(claim_shape(claim.pk), headers={"ETag": claim_etag(claim)})


class CandidateDismiss(Endpoint):
    permission_classes = [Desk]

    @describe(
        "Put a candidate aside.",
        name="candidates_dismiss",
        tag="articles",
        request=Nothing,
        answers={200: CandidateShape},
        errors=WRITE_ERRORS,
    )
    def post(self, request, pk):
        candidate = self.row(Candidate.objects, pk)
        self.read_body(Nothing)
        dismissed = intake.dismiss_candidate(candidate_id=candidate.pk, by=request.user, now=timezone.now())
        return Response(CandidateShape(dismissed).data)
