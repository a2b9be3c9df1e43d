"""The smallest valid row of each kind, and the usual stories told through the services."""

import hashlib
from datetime import UTC, datetime

import factory
from django.contrib.auth.models import Group, User

from claims import permissions
from claims.models import Claim, Claimant, Rating, Topic
from claims.services import evidence, publishing, reviews, verdicts
from sources.models import Publisher, Snapshot, Source

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSAGE = "The harbour office counted 412 arrivals in May, nine more than the year before."
PAGE = f"Harbour report\n\nWeather was mild. {PASSAGE} Repairs to the east pier went on until June.\n"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence("person{}".format)
    first_name = "Kim"
    password = factory.django.Password("correct horse battery")
    role = None

    @classmethod
    def _create(cls, model_class, *args, role=None, **kwargs):
        is_staff = kwargs.pop("is_staff", role in permissions.DESK_ROLES)
        user = super()._create(model_class, *args, is_staff=is_staff, **kwargs)
        if role:
            user.groups.add(Group.objects.get(name=role))
        return user


class ReviewerFactory(UserFactory):
    role = permissions.REVIEWERS


class EditorFactory(UserFactory):
    role = permissions.EDITORS


class DeskLeadFactory(UserFactory):
    role = permissions.DESK_LEADS


class ApiClientFactory(UserFactory):
    role = permissions.API_CLIENTS


class PublisherFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Publisher

    name = factory.Sequence("The Tidewater Post {}".format)


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    url = factory.Sequence("https://tidewater.example/reports/{}".format)
    title = "Harbour report"
    registered_at = NOW


class SnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Snapshot

    source = factory.SubFactory(SourceFactory)
    fetched_at = NOW
    http_status = 200
    page_class = Snapshot.PageClass.ARTICLE
    title = "Harbour report"
    text = PAGE
    byte_count = factory.LazyAttribute(lambda o: len(o.text.encode()))
    raw_sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(b"raw" + o.text.encode()).hexdigest())
    text_sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.text.encode()).hexdigest())


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    name = factory.Sequence("Harbours {}".format)
    slug = factory.Sequence("harbours-{}".format)


class ClaimantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Claimant

    name = factory.Sequence("Harbour master {}".format)
    slug = factory.Sequence("harbour-master-{}".format)


class ClaimFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Claim

    text = factory.Sequence("The harbour counted 412 arrivals in May ({}).".format)
    drafted_by = factory.SubFactory(ReviewerFactory)
    created_at = updated_at = NOW

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        claim = model_class(*args, **kwargs)
        claim._history_date = kwargs["created_at"]
        claim.save()
        return claim


def rating(slug: str = "correct") -> Rating:
    return Rating.objects.get(slug=slug)


def with_evidence(claim: Claim | None = None, *, snapshot: Snapshot | None = None, quote: str = PASSAGE) -> Claim:
    """Return a claim with one supporting passage attached by its drafter."""
    claim = claim or ClaimFactory()
    snapshot = snapshot or SnapshotFactory()
    evidence.attach_evidence(
        claim_id=claim.pk, snapshot_id=snapshot.pk, quote=quote, stance="supports", by=claim.drafted_by, now=NOW
    )
    claim.refresh_from_db()
    return claim


def judged(claim: Claim, *, by: User, slug: str = "correct") -> Claim:
    reviews.submit_review(
        claim_id=claim.pk, version=claim.version, reviewer=by, rating=rating(slug), rationale="The log.", now=NOW
    )
    claim.refresh_from_db()
    return claim


def decided(claim: Claim | None = None, *, slug: str = "correct") -> Claim:
    """Return a claim that two reviewers rated alike and whose verdict is written, ready to be published."""
    claim = claim or with_evidence()
    first = claim.drafted_by
    judged(claim, by=first, slug=slug)
    judged(claim, by=ReviewerFactory(), slug=slug)
    verdict = claim.verdicts.get(round=claim.review_round)
    verdicts.write_verdict(
        claim_id=claim.pk,
        version=verdict.version,
        finding="The harbour office counted 412 arrivals.",
        explanation="Its monthly report gives the figure.",
        by=first,
        now=NOW,
    )
    claim.refresh_from_db()
    return claim


def published(claim: Claim | None = None, *, by: User | None = None) -> Claim:
    """Return a claim published by a desk lead who wrote none of it."""
    claim = claim or decided()
    revision = publishing.revision_of(claim)
    publishing.publish_claim(claim_id=claim.pk, by=by or DeskLeadFactory(), revision_sha256=revision.sha256, now=NOW)
    claim.refresh_from_db()
    return claim
