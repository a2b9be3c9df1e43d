"""The verdict scale: add, rename, reorder, retire; a rating that was given cannot vanish."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims import permissions
from claims.models import Rating, Review, Verdict
from claims.services import scale as services
from sources.errors import Refused

from .forms import DeskForm
from .page import desk_page, put_beside, show

VALUES = [("", "none: it orders no truth"), *((value, str(value)) for value in range(1, 6))]
_leads_page = desk_page(may=permissions.can_publish)


class RatingForm(DeskForm):
    """One rating; its slug comes of the first label and stays."""

    name = "rating"
    label = forms.CharField(label="Name", required=False, max_length=80)
    meaning = forms.CharField(
        label="When the desk uses it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One sentence for readers.",
    )
    claimreview_value = forms.TypedChoiceField(
        label="ClaimReview number",
        choices=VALUES,
        required=False,
        coerce=int,
        empty_value=None,
        help_text="1 (false) to 5 (true), for search engines.",
    )

    def __init__(self, *args, rating=None, **kwargs):
        self.rating = rating
        if rating is not None:
            kwargs["auto_id"] = f"r{rating.pk}-%s"
            kwargs.setdefault(
                "initial",
                {"label": rating.label, "meaning": rating.meaning, "claimreview_value": rating.claimreview_value},
            )
        super().__init__(*args, **kwargs)


@desk_page
def scale(request):
    """List the ratings in their order with how often each was given; a desk lead adds one."""
    if request.method != "POST":
        return scale_page(request)
    if not permissions.can_publish(request.user):
        return scale_page(request, status=403)
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            rating = services.add_rating(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, f"Added: {rating.label}. It is offered from now on.")
            return redirect("desk-scale")
    return scale_page(request, status=400, adding=form)


def scale_page(request, *, status=200, adding=None, changing=None):
    """Render the scale; a form that was refused comes in bound."""
    ratings: list[Any] = list(Rating.objects.annotate(verdicts=_count(Verdict), reviews=_count(Review)))
    for rating in ratings:
        is_changed = changing is not None and changing.rating.pk == rating.pk
        rating.form = changing if is_changed else RatingForm(rating=rating)
        rating.is_given = bool(rating.verdicts or rating.reviews)
    return show(
        request,
        "scale",
        title="Verdict scale",
        status=status,
        ratings=ratings,
        adding=adding or RatingForm(),
        may_change=permissions.can_publish(request.user),
    )


def _count(model):
    rows = model.objects.filter(rating=OuterRef("pk")).order_by().values("rating").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


@_leads_page
@require_POST
def rating_change(request, pk):
    """Rename a rating, or say better when it is used."""
    rating = get_object_or_404(Rating, pk=pk)
    form = RatingForm(request.POST, rating=rating)
    if form.is_valid():
        try:
            services.change_rating(rating_id=pk, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, "Saved. What was published keeps the words it was published with.")
            return redirect("desk-scale")
    return scale_page(request, status=400, changing=form)


@_leads_page
@require_POST
def rating_act(request, pk, act):
    """Move a rating up or down, retire it, offer it again, or remove one nobody gave."""
    rating = get_object_or_404(Rating, pk=pk)
    told = {"rating_id": pk, "by": request.user}
    acts = {
        "up": (lambda: services.move_rating(**told, up=True), "Moved."),
        "down": (lambda: services.move_rating(**told, up=False), "Moved."),
        "retire": (
            lambda: services.retire_rating(**told, now=timezone.now()),
            f"Retired: {rating.label}. Verdicts that use it keep it.",
        ),
        "offer": (lambda: services.bring_back_rating(**told), f"Offered again: {rating.label}."),
        "remove": (lambda: services.remove_rating(**told), f"Removed: {rating.label}."),
    }
    if act in acts:
        do, done = acts[act]
        try:
            do()
            messages.success(request, done)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("desk-scale")
