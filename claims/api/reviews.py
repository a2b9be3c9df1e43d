"""Reviews and notes over HTTP: judgements take a person, and stay blind until one's own is in."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from claims.models import Rating, ReviewerNote
from claims.services.claims import add_note
from claims.services.reviews import submit_review, visible_reviews
from claims.services.verdicts import write_verdict
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, IF_MATCH, PAGE, WRITE_ERRORS, describe
from sources.api.endpoint import Endpoint, page_shape
from sources.api.paging import Keyset, filters_of
from sources.api.problems import Problem, not_found
from sources.api.shapes import Shape, Text

from .claims import ADDRESS, claim_of
from .creating import answer, create_once, version_read
from .desk import DecidedShape
from .permissions import Desk, DeskPerson


class ReviewShape(serializers.Serializer):
    id = serializers.IntegerField()
    reviewer = serializers.CharField(source="reviewer.username")
    rating = serializers.CharField(source="rating.slug")
    rationale = serializers.CharField()
    round = serializers.IntegerField()
    claim_version = serializers.IntegerField()
    reviewed_at = serializers.DateTimeField()


class ReviewDraft(Shape):
    rating = Text(max_length=40, help_text="A rating's slug, as `GET ratings` lists them.")
    rationale = Text(max_length=5000, help_text="What decided it for you, in a sentence or two.")


class NoteShape(serializers.Serializer):
    """A note in the thread beside a claim; internal, and never in any public output."""

    id = serializers.IntegerField()
    author = serializers.CharField(source="author.username")
    text = serializers.CharField()
    written_at = serializers.DateTimeField()


class NoteDraft(Shape):
    text = Text(max_length=5000)


class VerdictDraft(Shape):
    finding = Text(max_length=300, help_text="One public sentence.")
    explanation = Text(max_length=20000, help_text="Public: how the desk knows.")


class ClaimReviews(Endpoint):
    """The reviews of one claim that the caller may see."""

    permission_classes = [DeskPerson]

    @describe(
        "List the reviews you may see.",
        name="reviews_list",
        tag="reviews",
        answers={200: page_shape(ReviewShape)},
        parameters=PAGE,
        detail="A cross-check is blind: in an undecided round nobody sees another's review before giving theirs.",
    )
    def get(self, request, code):
        filters_of(request.query_params, ())
        reviews = visible_reviews(claim_of(request, code), request.user)
        return self.listing(reviews, Keyset("reviewed_at", "pk"), ReviewShape)

    @describe(
        "Judge a claim, as a person.",
        name="reviews_create",
        tag="reviews",
        request=ReviewDraft,
        answers={201: ReviewShape},
        errors=(*CREATE_ERRORS, 412, 428),
        parameters=(IF_MATCH, IDEMPOTENCY_KEY),
        detail="Takes a reviewer's own session, never a key. If-Match names the version of the claim that was judged.",
    )
    def post(self, request, code):
        claim = claim_of(request, code)
        members = self.read_body(ReviewDraft)
        rating = Rating.objects.filter(slug=members["rating"]).first()
        if rating is None:
            raise Problem(400, "invalid_choice", "There is no such rating on the scale.", field="rating")
        version = version_read(request)

        def work():
            review = submit_review(
                claim_id=claim.pk,
                version=version,
                reviewer=request.user,
                rating=rating,
                rationale=members["rationale"],
                now=timezone.now(),
            )
            return answer(201, ReviewShape(review).data, location=ADDRESS.format(claim.code) + "/reviews")

        return create_once(request, work)


class ClaimNotes(Endpoint):
    """The reviewers' thread beside one claim."""

    permission_classes = [Desk]

    @describe(
        "List the notes beside a claim.",
        name="notes_list",
        tag="notes",
        answers={200: page_shape(NoteShape)},
        parameters=PAGE,
    )
    def get(self, request, code):
        filters_of(request.query_params, ())
        notes = ReviewerNote.objects.filter(claim=claim_of(request, code)).select_related("author")
        return self.listing(notes, Keyset("written_at", "pk"), NoteShape)

    @describe(
        "Add a note beside a claim.",
        name="notes_create",
        tag="notes",
        request=NoteDraft,
        answers={201: NoteShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
    )
    def post(self, request, code):
        claim = claim_of(request, code)
        text = self.read_body(NoteDraft)["text"]

        def work():
            note = add_note(claim_id=claim.pk, author=request.user, text=text, now=timezone.now())
            return answer(201, NoteShape(note).data, location=ADDRESS.format(claim.code) + "/notes")

        return create_once(request, work)


class ClaimVerdict(Endpoint):
    """The verdict of this round."""

    permission_classes = [DeskPerson]

    @describe("Read this round's verdict.", name="verdict_read", tag="reviews", answers={200: DecidedShape})
    def get(self, request, code):
        verdict = self._verdict(request, code)
        return Response(DecidedShape(verdict).data, headers={"ETag": f'"v{verdict.version}"'})

    @describe(
        "Write the verdict's public words, as a person.",
        name="verdict_write",
        tag="reviews",
        request=VerdictDraft,
        answers={200: DecidedShape},
        errors=(*WRITE_ERRORS, 412, 428),
        parameters=(IF_MATCH,),
        detail="If-Match names the verdict's own version. Whoever writes becomes its author and cannot publish it.",
    )
    def patch(self, request, code):
        verdict = self._verdict(request, code)
        version = version_read(request)
        verdict = write_verdict(
            claim_id=verdict.claim_id, version=version, by=request.user, now=timezone.now(),
            **self.read_body(VerdictDraft),
        )  # fmt: skip
        return Response(DecidedShape(verdict).data, headers={"ETag": f'"v{verdict.version}"'})

    def _verdict(self, request, code):
        claim = claim_of(request, code)
        verdict = claim.verdicts.select_related("rating").filter(round=claim.review_round).first()
        if verdict is None:
            raise not_found()
        return verdict
