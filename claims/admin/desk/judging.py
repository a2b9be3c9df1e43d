"""Judging on the claim page: a review given blind, the verdict's words, and publishing what was read."""

from django.contrib import messages
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims import permissions
from claims.services import publishing
from claims.services.reviews import request_changes, submit_review
from claims.services.rules import override_rule
from claims.services.verdicts import write_verdict
from sources.errors import Refused

from .claim import back_to, claim_page, go_on
from .forms import CorrectForm, OverrideForm, PublishForm, RequestForm, ReviewForm, VerdictForm
from .page import claim_of_code, desk_page, put_beside


@desk_page(may=permissions.can_review)
@require_POST
def claim_review(request, code):
    """Record this person's judgement of the version they read."""
    claim = claim_of_code(code)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return claim_page(request, claim, status=400, review=form)
    given = form.cleaned_data
    try:
        submit_review(
            claim_id=claim.pk,
            version=given["version"],
            reviewer=request.user,
            rating=given["rating"],
            rationale=given["rationale"],
            now=timezone.now(),
        )
    except Refused as refusal:
        return claim_page(request, claim_of_code(code), status=refusal.status, review=put_beside(form, refusal))
    claim.refresh_from_db()
    decided = claim.workflow == claim.Workflow.COMPLETED
    messages.success(request, _judged_words(claim, decided))
    return go_on(request, claim, "verdict" if decided else "reviews")


def _judged_words(claim, decided):
    if decided:
        return f"{claim.code} judged. Reviewers agree."
    if claim.reviews.filter(round=claim.review_round).count() == 1:
        return f"{claim.code} judged. Another reviewer cross-checks."
    third = claim.assignee.get_full_name() or claim.assignee.username if claim.assignee else ""
    return f"{claim.code} judged. Reviewers differ; {third or 'another reviewer'} decides."


@desk_page(may=permissions.can_review)
@require_POST
def claim_request(request, code):
    """Send a claim in cross-check back with a comment."""
    claim = claim_of_code(code)
    form = RequestForm(request.POST)
    form.is_valid()
    try:
        request_changes(
            claim_id=claim.pk, comment=form.cleaned_data.get("comment", ""), by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, request_form=put_beside(form, refusal))
    messages.success(request, f"Changes requested; {claim.code} went back.")
    return go_on(request, claim, "people")


@desk_page(may=permissions.can_publish)
@require_POST
def claim_override(request, code):
    """Make an exception from one rule of the policy, with its reason."""
    claim = claim_of_code(code)
    form = OverrideForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    try:
        override_rule(
            claim_id=claim.pk, rule=given.get("rule", ""), reason=given.get("reason", ""), by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, override=put_beside(form, refusal))
    messages.success(request, "The exception stands in the history, and in the seal when the verdict is sealed.")
    return back_to(claim, "publish" if claim.workflow == claim.Workflow.COMPLETED else "reviews")


@desk_page(may=permissions.can_review)
@require_POST
def claim_verdict(request, code):
    """Save the finding and the explanation at the version that was read."""
    claim = claim_of_code(code)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return claim_page(request, claim, status=400, verdict=form)
    given = form.cleaned_data
    try:
        write_verdict(
            claim_id=claim.pk,
            version=given["version"],
            finding=given["finding"],
            explanation=given["explanation"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, verdict=put_beside(form, refusal))
    messages.success(request, "Saved. A desk lead who had no part in it publishes.")
    return go_on(request, claim, "publish")


@desk_page(may=permissions.can_publish)
@require_POST
def claim_publish(request, code):
    """Publish exactly the revision this person read."""
    claim = claim_of_code(code)
    form = PublishForm(request.POST)
    form.is_valid()
    try:
        publishing.publish_claim(
            claim_id=claim.pk,
            by=request.user,
            revision_sha256=form.cleaned_data.get("revision_sha256", ""),
            now=timezone.now(),
        )
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, publish_refusal=str(refusal))
    messages.success(request, "Published as version 1.")
    return back_to(claim, "publish")


@desk_page(may=permissions.can_publish)
@require_POST
def claim_correct(request, code):
    """Publish the present revision as a typed correction with its reason."""
    claim = claim_of_code(code)
    form = CorrectForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    try:
        publication = publishing.correct_claim(
            claim_id=claim.pk,
            kind=given.get("kind", ""),
            reason=given.get("reason", ""),
            by=request.user,
            revision_sha256=given.get("revision_sha256", ""),
            now=timezone.now(),
        )
    except Refused as refusal:
        put_beside(form, refusal)
        revision = publishing.revision_of(claim)
        sent = request.POST.copy()
        sent["revision_sha256"] = revision.sha256 if revision else ""
        form.data = sent
        return claim_page(request, claim, status=refusal.status, correct=form)
    messages.success(request, f"Published as version {publication.number}.")
    return back_to(claim, "publish")
