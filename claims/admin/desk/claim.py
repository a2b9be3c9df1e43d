"""The claim page: one claim, one screen; edited, assigned and talked about here."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions, public_ids
from claims.models import Claim, Evidence
from claims.services import claims
from claims.services.matching import similar_claims
from claims.services.mentions import colleagues
from claims.services.policies import current_policy
from claims.services.preferences import keys_of
from claims.services.presence import BEAT
from claims.services.seals import seal_seen_by
from sources.errors import Refused
from sources.models import Snapshot, Source

from . import workspace
from .finding import sources_like
from .forms import (
    AddressForm,
    AssignForm,
    AttachForm,
    CorrectForm,
    EditForm,
    ExplainForm,
    FileForm,
    NoteForm,
    PasteForm,
    PublishForm,
    RequestForm,
    ReviewForm,
    StanceForm,
    VerdictForm,
    figure_forms,
)
from .marks import Mark, pieces
from .page import claim_of_code, desk_page, put_beside, searched, show
from .passages import passages
from .queue import next_after

W = Claim.Workflow


@desk_page
@require_GET
def claim(request, code):
    """Show a claim with everything that bears on it."""
    claim = claim_of_code(code)
    if code != claim.code:
        return redirect("desk-claim", code=claim.code)
    if claim.merged_into and "stay" not in request.GET:
        messages.info(request, f"{claim.code} was merged into this claim.")
        return redirect("desk-claim", code=claim.merged_into.code)
    return claim_page(request, claim)


def claim_page(request, claim, *, status=200, **bound):
    """Render the workspace of a claim; forms that were refused come in bound, by their names."""
    user, policy = request.user, current_policy()
    evidence, appearances = passages(claim)
    for item in evidence:
        refused = bound.get("stance")
        item.form = refused if refused and refused.evidence.pk == item.pk else StanceForm(evidence=item)
    judged = workspace.judging(claim, user, policy)
    told = workspace.publishing(claim, user)
    alerts = workspace.alerts_on(claim)
    contradictions = workspace.contradictions(claim)
    for row in contradictions:
        refused = bound.get("explain")
        row.form = refused if refused and refused.contradiction.pk == row.pk else ExplainForm(contradiction=row)
    sha256 = told.revision.sha256 if told.revision else ""
    verdict = claim.verdicts.select_related("rating", "written_by").filter(round=claim.review_round).first()
    context = {
        "claim": claim,
        "claimants": claim.claimants.all(),
        "figures": claim.figures.all(),
        "topics": claim.topics.all(),
        "evidence": evidence,
        "appearances": appearances,
        "judged": judged,
        "told": told,
        "verdict": verdict,
        "step": workspace.next_step(claim, evidence, judged, told, alerts, contradictions),
        "contradictions": contradictions,
        "unexplained": sum(row.is_open for row in contradictions),
        "may_explain": permissions.can_review(user),
        "seal": seal_seen_by(user, claim),
        "moves": workspace.moves(claim),
        "alerts": alerts,
        "notes": claim.notes.select_related("author"),
        "history": workspace.history(claim),
        "evidence_history": workspace.evidence_history(claim),
        "figure_history": workspace.figure_history(claim),
        "overrides": workspace.overrides(claim),
        "override": bound.get("override"),
        "request_form": bound.get("request_form") or RequestForm(),
        "figure_forms": bound.get("figure_forms") or figure_forms(claim),
        "figures_stale": bound.get("figures_stale", False),
        "figures_refused": bound.get("figures_refused", ""),
        "takes_figures": permissions.can_work(user) and claim.workflow in (W.UNSTARTED, W.IN_PROGRESS, W.REOPENED),
        "similar": similar_to(claim, user),
        "keys": keys_of(user),
        "stances": Evidence.Stance.choices,
        "beat": BEAT,
        "colleagues": [person.username for person in colleagues() if person.pk != user.pk][:20],
        "can_work": permissions.can_work(user),
        "takes_evidence": permissions.can_work(user) and workspace.takes_evidence(claim),
        "needs_reviews": policy.reviews_required,
        "edit": bound.get("edit") or EditForm.of(claim),
        "assign": bound.get("assign") or AssignForm(initial={"assignee": claim.assignee_id}),
        "note": bound.get("note") or NoteForm(),
        "review": bound.get("review") or ReviewForm(initial={"version": claim.version}),
        "verdict_form": bound.get("verdict") or _verdict_form(verdict),
        "schedule": claim.schedules.select_related("approved_by").first(),
        "publish": PublishForm(initial={"revision_sha256": sha256}),
        "publish_refusal": bound.get("publish_refusal"),
        "correct": bound.get("correct") or CorrectForm(initial={"revision_sha256": sha256}),
        **_adding(request, claim, evidence, appearances, bound),
    }
    return show(request, "claim", title=claim.code, status=status, **context)


def similar_to(claim, user):
    """Return the claims nearest to this one, each with its verdict as the desk may know it."""
    found = similar_claims(text=claim.text, visible_to=user, now=timezone.now(), limit=5, exclude=claim.pk)
    return [near for near in found if near.is_worth_a_look]


def _verdict_form(verdict):
    if verdict is None:
        return None
    return VerdictForm(
        initial={"version": verdict.version, "finding": verdict.finding, "explanation": verdict.explanation}
    )


def _adding(request, claim, evidence, appearances, bound):
    """Return what the “add evidence” part shows: a search for the source, or the reader of the one chosen."""
    attach, source = bound.get("attach"), None
    if attach is not None:
        snapshot = Snapshot.objects.select_related("source").filter(pk=_number(attach["snapshot"].value())).first()
        source = snapshot.source if snapshot else None
    elif _number(request.GET.get("source")):
        source = Source.objects.select_related("publisher").filter(pk=_number(request.GET.get("source"))).first()
    find = searched(request, "find")
    adding = {"adding": source, "find": find, "attach": attach}
    adding["new_source"] = bound.get("new_source") or {
        "address": AddressForm(auto_id="source-address-%s"),
        "file": FileForm(auto_id="source-file-%s"),
        "paste": PasteForm(auto_id="source-paste-%s"),
    }
    if source is None:
        adding["found"] = sources_like(find)
        return adding
    snapshot = workspace.reader_snapshot(source)
    adding["used_by"] = workspace.claims_using(source, besides=claim)
    adding["reader"] = snapshot
    adding["newest_check"] = source.checks.first()
    if snapshot:
        here = [Mark(p.start, p.end, p) for p in (*evidence, *appearances) if p.snapshot_id == snapshot.pk]
        adding["reader_pieces"] = pieces(snapshot.text, here)
        adding["attach"] = attach or AttachForm(initial={"snapshot": snapshot.pk})
    return adding


def _number(text):
    text = str(text or "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def go_on(request, claim, anchor=""):
    """Return a redirect to the claim's page or, where “and next” was pressed, to the claim that is next.

    That is the one after this in the queue this person came from, which their page names, or else the first of
    what waits for them.
    """
    if "next" not in request.POST:
        return back_to(claim, anchor)
    named = public_ids.read(request.POST["next"])
    following = Claim.objects.filter(public_id=named).exclude(pk=claim.pk).first() if named else None
    following = following or next_after(claim, request.user)
    return back_to(following) if following else redirect("desk")


def back_to(claim, anchor=""):
    """Return a redirect to a claim's page, at one of its parts."""
    address = reverse("desk-claim", args=[claim.code])
    return redirect(f"{address}#{anchor}" if anchor else address)


@desk_page(may=permissions.can_work)
@require_POST
def claim_edit(request, code):
    """Save the claim's wording and details at the version that was read."""
    claim = claim_of_code(code)
    form = EditForm(request.POST)
    if not form.is_valid():
        return claim_page(request, claim, status=400, edit=form)
    given = form.cleaned_data
    names = [line for line in given["claimants"].splitlines() if line.strip()]
    try:
        with transaction.atomic():
            claims.edit_claim(
                claim_id=claim.pk,
                version=given["version"],
                by=request.user,
                now=timezone.now(),
                text=given["text"],
                context=given["context"],
                claimants=[claims.claimant_named(name) for name in names],
                topics=given["topics"],
                language=given["language"],
                priority=given["priority"],
                review_by=given["review_by"],
            )
    except Refused as refusal:
        return claim_page(request, claim_of_code(code), status=refusal.status, edit=put_beside(form, refusal))
    messages.success(request, "Saved.")
    return back_to(claim)


@desk_page(may=permissions.can_work)
@require_POST
def claim_assign(request, code):
    """Hand the claim to somebody, to oneself, or to nobody."""
    claim = claim_of_code(code)
    form = AssignForm(request.POST)
    if "me" not in request.POST and not form.is_valid():
        return claim_page(request, claim, status=400, assign=form)
    to = request.user if "me" in request.POST else form.cleaned_data["assignee"]
    try:
        claims.assign_claim(claim_id=claim.pk, to=to, by=request.user, now=timezone.now())
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, assign=put_beside(form, refusal))
    messages.success(request, f"Assigned to {to.get_full_name() or to.username}." if to else "Assigned to nobody.")
    return back_to(claim)


@desk_page(may=permissions.can_work)
@require_POST
def claim_note(request, code):
    """Add to the desk's own thread beside the claim."""
    claim = claim_of_code(code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return claim_page(request, claim, status=400, note=form)
    try:
        claims.add_note(claim_id=claim.pk, author=request.user, text=form.cleaned_data["note"], now=timezone.now())
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, note=put_beside(form, refusal))
    return back_to(claim, "notes")
