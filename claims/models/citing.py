"""CitationUse: which article used which version of a claim. Digest: when its editor is next told of what moved."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, CheckConstraint, F, OuterRef, Q, Subquery, UniqueConstraint, Value, When

from .claims import Claim
from .ledger import Change
from .publishing import Publication

# What moves a claim under those who cited it; a hold does while it lasts.
_REVISED = (Change.Kind.CORRECTED, Change.Kind.CLARIFIED, Change.Kind.UPDATED, Change.Kind.WITHDRAWN)


def _waits(today: date) -> Q:
    unanswered = Q(answer=CitationUse.Answer.OPEN) | Q(answered_seq__lt=F("moved_seq"))
    return unanswered | Q(answer=CitationUse.Answer.LATER, later_on__lte=today)


class CitationUseQuerySet(models.QuerySet):
    def with_moves(self):
        """Annotate `moved_seq`: the newest ledger row that moved the claim since it was cited, None while none did.

        Corrected, clarified, updated, withdrawn, superseded; put on hold, for as long as it is.
        """
        moves = Q(kind__in=_REVISED)
        moves |= Q(kind=Change.Kind.HELD, claim__citability=Claim.Citability.ON_HOLD)
        moves |= Q(kind=Change.Kind.SUPERSEDED, claim__superseded_by__isnull=False)
        since = Change.objects.filter(moves, claim=OuterRef("publication__claim"), seq__gt=OuterRef("since_seq"))
        return self.annotate(moved_seq=Subquery(since.order_by("-seq").values("seq")[:1]))

    def moved(self):
        """Keep uses whose claim moved since it was cited."""
        return self.with_moves().filter(moved_seq__isnull=False)

    def open(self, today: date):
        """Keep moved uses that wait for their editor: not answered since, or put off until today or before."""
        return self.moved().filter(_waits(today))

    def open_first(self, today: date):
        """Annotate `is_open`; what waits for its editor stands first, then what moved, then the rest by its date."""
        uses = self.with_moves()
        is_open = Case(When(Q(moved_seq__isnull=False) & _waits(today), then=Value(True)), default=Value(False))
        has_moved = Case(When(moved_seq__isnull=False, then=Value(1)), default=Value(0))
        return uses.annotate(is_open=is_open).order_by(F("is_open").desc(), has_moved.desc(), "-used_at", "-pk")


class CitationUse(models.Model):
    """An article in which an editor used a published claim, and what was done when that claim moved."""

    class Answer(models.TextChoices):
        OPEN = "", "Open"
        FIXED = "fixed", "Fixed"
        NOT_AFFECTED = "not_affected", "Not affected"
        LATER = "later", "Later"

    moved_seq: int | None  # with `with_moves()`

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="uses")
    article_url = models.CharField(max_length=2048)
    article_title = models.CharField(max_length=300, blank=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="citation_uses")
    used_at = models.DateTimeField()
    since_seq = models.BigIntegerField(default=-1, help_text="The newest ledger row of the claim when it was cited.")
    answer = models.CharField(max_length=12, choices=Answer, blank=True, default=Answer.OPEN)
    answer_reason = models.CharField(max_length=500, blank=True)
    later_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_seq = models.BigIntegerField(null=True, help_text="The ledger row that was answered.")
    told_seq = models.BigIntegerField(default=-1, help_text="The ledger row its editor was last mailed about.")

    objects = CitationUseQuerySet.as_manager()

    class Meta:
        ordering = ["-used_at", "-pk"]
        indexes = [models.Index(fields=["article_url"], name="use_by_article")]
        constraints = [
            UniqueConstraint(fields=["publication", "article_url"], name="use_is_recorded_once_per_article"),
            CheckConstraint(condition=~Q(answer="later") | Q(later_on__isnull=False), name="use_later_has_a_date"),
            CheckConstraint(
                condition=~Q(answer="not_affected") | ~Q(answer_reason=""), name="use_not_affected_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.publication} in {self.article_title or self.article_url}"


class Digest(models.Model):
    """What one editor is mailed of the claims they cited: whether they want it, and when the next one is due."""

    editor = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    is_wanted = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"digest of {self.editor}"
