"""Candidates: accepted, merged, dismissed, restored, or marked by a person."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from claims import permissions
from claims.errors import CandidateRefused, IntakeRefused
from claims.models import Article, Candidate
from claims.services import cutting, intake
from sources.errors import Refused
from sources.text import find_quote

from .articles import article_page, order_of
from .finding import NONE_FOUND, SEVERAL, claims_like
from .forms import CandidateForm, MissedForm
from .page import desk_page, put_beside


def _candidate(pk):
    return get_object_or_404(Candidate.objects.select_related("article__source", "article__snapshot", "claim"), pk=pk)


@desk_page(may=permissions.can_work)
@require_POST
def candidate(request, pk):
    """Accept, merge or dismiss one passage, by the button that was pressed."""
    candidate = _candidate(pk)
    form = CandidateForm(request.POST, candidate=candidate)
    form.is_valid()
    given = form.cleaned_data
    try:
        if "dismiss" in request.POST:
            intake.dismiss_candidate(candidate_id=pk, by=request.user, now=timezone.now())
            messages.info(request, "Dismissed. Undo brings it back.")
        elif "split" in request.POST or "join" in request.POST:
            return redirect(_beside(candidate.article, _cut(request, pk)))
        elif "merge" in request.POST or "claim" in request.POST or ("enter" in request.POST and given.get("into")):
            _merge(request, candidate, form)
        else:
            claim = intake.accept_candidate(
                candidate_id=pk,
                by=request.user,
                now=timezone.now(),
                text=given.get("text", ""),
                claimant=given.get("claimant", ""),
            )
            messages.success(request, _linked("Accepted as", claim))
    except Refused as refusal:
        return article_page(request, candidate.article, status=refusal.status, card=put_beside(form, refusal))
    return redirect(_beside(candidate.article, _next_open(request, candidate)))


def _beside(article, pk):
    """Return the address of an article with one of its passages chosen, or none."""
    return f"{article.get_absolute_url()}{f'?candidate={pk}' if pk else ''}#candidates"


def _next_open(request, candidate):
    """Return which passage comes after the one just decided, in the reviewer's order; the first after the last."""
    waiting = candidate.article.candidates.filter(decision=Candidate.Decision.OPEN)
    if order_of(request) == "text":
        after, waiting = Q(start__gt=candidate.start), waiting.order_by("start")
    else:
        same_score = Q(score=candidate.score, start__gt=candidate.start)
        after, waiting = Q(score__lt=candidate.score) | same_score, waiting.order_by("-score", "start")
    following = waiting.filter(after).first() or waiting.first()
    return following.pk if following else None


def _cut(request, pk):
    """Split a passage at a place, or join it to the sentence beside it; return which is worked on next."""
    if "join" in request.POST:
        return cutting.join_candidate(candidate_id=pk, side=request.POST["join"], by=request.user).pk
    at = request.POST["split"]
    place = int(at) if at.isdecimal() and len(at) < 12 else -1
    parts = cutting.split_candidate(candidate_id=pk, at=place, by=request.user)
    return parts[0].pk


def _merge(request, candidate, form):
    """Merge into the claim that was named, or, where several fit, let the person choose among them."""
    chosen = request.POST.get("claim", "")
    found = claims_like(chosen or form.cleaned_data.get("into", ""))
    if len(found) != 1:
        form.choices = found
        many = SEVERAL if found else NONE_FOUND
        raise CandidateRefused(many, field="into")
    claim = intake.merge_candidate(
        candidate_id=candidate.pk, claim_id=found[0].pk, by=request.user, now=timezone.now()
    )
    messages.success(request, _linked("Merged into", claim))


def _linked(what, claim):
    address = reverse("desk-claim", args=[claim.code])
    return format_html(
        '{} <a class="told" href="{}">{}</a>: {}', what, address, claim.code, Truncator(claim.text).chars(120)
    )


@desk_page(may=permissions.can_work)
@require_POST
def candidate_restore(request, pk):
    """Take a dismissal back."""
    candidate = _candidate(pk)
    try:
        intake.restore_candidate(candidate_id=pk, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{candidate.article.get_absolute_url()}?candidate={pk}#candidates")


@desk_page(may=permissions.can_work)
@require_POST
def candidate_add(request, pk):
    """List a passage that the machine missed."""
    article = get_object_or_404(Article.objects.select_related("source__publisher", "snapshot", "added_by"), pk=pk)
    form = MissedForm(request.POST)
    form.is_valid()
    try:
        start, end = _place(article, form.cleaned_data)
        added = intake.add_candidate(article_id=pk, start=start, end=end, by=request.user)
    except Refused as refusal:
        return article_page(request, article, status=refusal.status, missed=put_beside(form, refusal))
    return redirect(f"{article.get_absolute_url()}?candidate={added.pk}#candidates")


def _place(article, given):
    """Return where the selected words stand: by their offsets, or found again by the words alone."""
    text = article.snapshot.text if article.snapshot else ""
    quote, start, end = given.get("quote", "").strip(), given.get("start"), given.get("end")
    if start is not None and end is not None and 0 <= start < end <= len(text):
        stands = "".join(text[start:end].split())
        if stands == "".join(quote.split()):
            return start, end
    found = find_quote(text, quote) if quote else None
    if found is None:
        raise IntakeRefused(
            "These words are not in the saved text. Select them there, or paste them exactly.", field="quote"
        )
    return found.start, found.end
