"""The public document of a claim, described for the OpenAPI document; the bytes themselves are stored."""

from rest_framework import serializers


class FigureDocument(serializers.Serializer):
    """A quantity as numbers; an open end is null."""

    text = serializers.CharField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    qualifier = serializers.CharField(help_text="about, nearly, at_least, more_than, up_to, fewer_than or empty.")
    unit = serializers.CharField()
    whole = serializers.FloatField(allow_null=True, help_text="Of which it is a part: 48 in “28 of 48 seats”.")
    period = serializers.CharField()
    place = serializers.CharField()


class ClaimantDocument(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.CharField()
    kind = serializers.CharField(help_text="person or organisation.")
    same_as = serializers.CharField()


class TopicDocument(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.CharField()


class SourceDocument(serializers.Serializer):
    """The source of a passage, as a citation needs it."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()
    publisher = serializers.CharField()
    author = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    kind = serializers.CharField()
    language = serializers.CharField()
    primary = serializers.BooleanField()
    origin = serializers.IntegerField(help_text="The source it derives from; itself when it derives from none.")


class PassageDocument(serializers.Serializer):
    """A quote with its place (W3C TextQuoteSelector and TextPositionSelector, in code points)."""

    quote = serializers.CharField()
    prefix = serializers.CharField()
    suffix = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    source = SourceDocument()
    captured_at = serializers.DateTimeField()
    text_sha256 = serializers.CharField()
    deep_link = serializers.CharField()
    page = serializers.IntegerField(allow_null=True)


class EvidenceDocument(PassageDocument):
    id = serializers.IntegerField()
    stance = serializers.CharField(
        help_text="supports, partly_supports, refutes, context or failed_verification; set by a person."
    )
    note = serializers.CharField()


class AppearanceDocument(PassageDocument):
    claimant = serializers.CharField()
    said_on = serializers.DateField(allow_null=True)


class VerdictDocument(serializers.Serializer):
    rating = serializers.CharField()
    label = serializers.CharField()
    meaning = serializers.CharField()
    value = serializers.IntegerField(allow_null=True, help_text="ClaimReview's 1 to 5, or null.")
    finding = serializers.CharField()
    explanation = serializers.CharField()
    decided_at = serializers.DateTimeField()


class WordingDocument(serializers.Serializer):
    text = serializers.CharField()
    rating = serializers.CharField()
    finding = serializers.CharField()


class CorrectionDocument(serializers.Serializer):
    kind = serializers.CharField(help_text="correction, clarification, update or withdrawal.")
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    version = serializers.IntegerField()
    old = WordingDocument()
    new = WordingDocument()


class HoldDocument(serializers.Serializer):
    since = serializers.DateTimeField()
    reason = serializers.CharField()


class FreshnessDocument(serializers.Serializer):
    word = serializers.CharField(help_text="current, due, overdue or evidence_changed.")
    reason = serializers.CharField()


class RevisionDocument(serializers.Serializer):
    """What was approved."""

    id = serializers.CharField(help_text="As in 7K3M-Q9TX; never changes.")
    text = serializers.CharField()
    context = serializers.CharField()
    language = serializers.CharField()
    claimants = ClaimantDocument(many=True)
    topics = TopicDocument(many=True)
    figures = FigureDocument(many=True)
    verdict = VerdictDocument()
    evidence = EvidenceDocument(many=True)
    appearances = AppearanceDocument(many=True)


class VersionDocument(RevisionDocument):
    """One publication, as it was approved."""

    version = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    revision_sha256 = serializers.CharField()


class ClaimDocument(VersionDocument):
    """A published claim: what was approved, and what it is today."""

    url = serializers.URLField()
    citability = serializers.CharField(help_text="citable, on_hold or corrected.")
    hold = HoldDocument(allow_null=True)
    first_published_at = serializers.DateTimeField()
    corrections = CorrectionDocument(many=True)
    superseded_by = serializers.CharField(allow_null=True)
    seal_sha256 = serializers.CharField(allow_null=True)
    freshness = FreshnessDocument()


class ClaimDocumentPage(serializers.Serializer):
    results = ClaimDocument(many=True)
    next = serializers.URLField(allow_null=True)


class ChangeDocument(serializers.Serializer):
    """One row of the ledger."""

    seq = serializers.IntegerField(help_text="From 0, without a gap.")
    kind = serializers.CharField(help_text="claim.published, claim.corrected, claim.held and so on.")
    claim = serializers.CharField()
    cause = serializers.CharField()
    actor = serializers.CharField(help_text="person or machine.")
    at = serializers.DateTimeField()
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)


class ChangePage(serializers.Serializer):
    results = ChangeDocument(many=True)
    next = serializers.URLField(help_text="Ask here for what comes after; the same address until something does.")
