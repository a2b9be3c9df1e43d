"""The scale: the ratings a desk judges by; one that was given is renamed or retired, and never vanishes."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from claims import permissions
from claims.errors import NotPermitted, ScaleRefused
from claims.models import Rating, Review, Verdict


def is_used(rating: Rating) -> bool:
    """Whether anybody judged by it, or a verdict stands on it."""
    return Review.objects.filter(rating=rating).exists() or Verdict.objects.filter(rating=rating).exists()


@transaction.atomic
def add_rating(*, label: str, meaning: str, claimreview_value: int | None, by: User) -> Rating:
    """Add a rating at the end of the scale; its slug, by which the API knows it, comes of the label and stays."""
    _require_lead(by)
    label, meaning = _checked(label, meaning, claimreview_value)
    slug = slugify(label)[:40].strip("-").replace("-", "_")
    if not slug:
        raise ScaleRefused("Name it in letters, so that it gets an address.", field="label")
    if Rating.objects.filter(slug=slug).exists():
        raise ScaleRefused("A rating has this name, or had it first.", field="label")
    last = Rating.objects.select_for_update().order_by("order").last()
    return Rating.objects.create(
        slug=slug,
        label=label,
        meaning=meaning,
        claimreview_value=claimreview_value,
        order=last.order + 1 if last else 1,
    )


@transaction.atomic
def change_rating(*, rating_id: int, label: str, meaning: str, claimreview_value: int | None, by: User) -> Rating:
    """Rename a rating or say better when it is used; what was published keeps the words it was published with."""
    _require_lead(by)
    rating = Rating.objects.select_for_update().get(pk=rating_id)
    rating.label, rating.meaning = _checked(label, meaning, claimreview_value, rating)
    rating.claimreview_value = claimreview_value
    rating.save()
    return rating


@transaction.atomic
def move_rating(*, rating_id: int, up: bool, by: User) -> None:
    """Move a rating one place up or down; at the end of the scale it stays."""
    _require_lead(by)
    scale = list(Rating.objects.select_for_update())
    at = next(place for place, rating in enumerate(scale) if rating.pk == rating_id)
    to = at - 1 if up else at + 1
    if 0 <= to < len(scale):
        scale[at], scale[to] = scale[to], scale[at]
    for order, rating in enumerate(scale, 1):
        rating.order = order
    Rating.objects.bulk_update(scale, ["order"])


@transaction.atomic
def retire_rating(*, rating_id: int, by: User, now: datetime) -> None:
    """Offer a rating no longer; verdicts that use it keep it. The last two in use stay, or nobody could differ."""
    _require_lead(by)
    offered = [rating.pk for rating in Rating.objects.select_for_update().filter(retired_at=None)]
    if rating_id in offered and len(offered) <= 2:
        raise ScaleRefused("A scale has at least two ratings; add another first.")
    Rating.objects.filter(pk=rating_id, retired_at=None).update(retired_at=now)


@transaction.atomic
def bring_back_rating(*, rating_id: int, by: User) -> None:
    """Offer a retired rating again."""
    _require_lead(by)
    Rating.objects.filter(pk=rating_id).update(retired_at=None)


@transaction.atomic
def remove_rating(*, rating_id: int, by: User) -> None:
    """Remove a rating nobody ever gave; one that was given is refused, since what was said by it stands."""
    _require_lead(by)
    rating = Rating.objects.select_for_update().get(pk=rating_id)
    if is_used(rating):
        raise ScaleRefused(f"“{rating.label}” was given before; retire it instead.")
    if rating.retired_at is None and Rating.objects.filter(retired_at=None).count() <= 2:
        raise ScaleRefused("A scale has at least two ratings; add another first.")
    rating.delete()


def _checked(label: str, meaning: str, value: int | None, rating: Rating | None = None) -> tuple[str, str]:
    label, meaning = " ".join(label.split()), " ".join(meaning.split())
    if not label or len(label) > 60:
        raise ScaleRefused("A name of at most 60 characters.", field="label")
    if not meaning or len(meaning) > 300:
        raise ScaleRefused("Say in one sentence when the desk uses it.", field="meaning")
    if value is not None and not 1 <= value <= 5:
        raise ScaleRefused("From 1 (false) to 5 (true), or none.", field="claimreview_value")
    others = Rating.objects.filter(label__iexact=label)
    if rating is not None:
        others = others.exclude(pk=rating.pk)
    if others.exists():
        raise ScaleRefused("Another rating has this name.", field="label")
    return label, meaning


def _require_lead(by: User) -> None:
    if not permissions.can_publish(by):
        raise NotPermitted("The scale is a desk lead's to change.")
