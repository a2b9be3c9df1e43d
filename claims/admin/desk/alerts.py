"""Alerts: a changed source, the sealed words beside the present ones, and a person's answer."""

from collections import defaultdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.models import Alert, AlertAnswer, CitationUse, QuoteCheck
from claims.services.answers import answer_alert, state_of, undo_answer
from claims.services.noise import propose_rule
from claims.services.preferences import keys_of
from claims.services.quotes import awaiting
from sources.errors import Refused

from .evidence import look_soon
from .forms import AlertForm
from .marks import side_by_side
from .page import desk_page, put_beside, show

PER_PAGE = 30
BEING_CONFIRMED = 50
SHOWN = ("open", "waiting", "answered")


@desk_page
@require_GET
def alerts(request):
    """List the alerts that call for somebody, worst first; those told to wait; or those that were answered."""
    now = timezone.now()
    shown = request.GET.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    found = {
        "open": Alert.objects.calling(now).pressing_first(),
        "waiting": Alert.objects.unanswered().filter(wait_until__gt=now).order_by("wait_until"),
        "answered": Alert.objects.filter(answered_at__isnull=False).order_by("-answered_at"),
    }
    counts = {name: found[name].count() for name in ("open", "waiting")}
    page = Paginator(_with_counts(found[shown]), PER_PAGE).get_page(request.GET.get("page"))
    found_once = awaiting()[:BEING_CONFIRMED] if shown == "open" else []
    return show(
        request, "alerts", title="Alerts", page=page, shown=shown, counts=counts, being_confirmed=found_once, now=now
    )


def _with_counts(alerts):
    still = Q(items__answer=None) | Q(answered_at__isnull=False)
    uses = CitationUse.objects.filter(publication__claim=OuterRef("items__claim"), answer=CitationUse.Answer.OPEN)
    return alerts.select_related("source", "answered_by").annotate(
        claim_count=Count("items__claim", distinct=True, filter=still),
        cited_count=Count("items__claim", distinct=True, filter=still & Q(Exists(uses))),
    )


@desk_page
@require_GET
def alert(request, pk):
    """Show one alert with what changed, side by side."""
    return alert_page(request, alert_of(pk))


def alert_of(pk):
    return get_object_or_404(Alert.objects.select_related("source__publisher", "answered_by"), pk=pk)


def alert_page(request, alert, *, status=200, form=None):
    """Render an alert; an answer that was refused comes in bound."""
    related = ("claim", "answer", "quote_check__evidence", "quote_check__appearance", "quote_check__snapshot")
    listed = list(alert.items.select_related(*related).defer("quote_check__snapshot__text"))
    items = sorted((item for item in listed if item.quote_check is not None), key=_gravest_first)
    for item in items:
        _put_side_by_side(item)
    # The page's keys for the whole text and what changed in it are those of the first passage that has them.
    for item in [item for item in items if not item.is_sealed_anew][:1]:
        item.has_keys = True
    still_open = [item for item in listed if item.answer is None]
    claims = list({item.claim_id: item.claim for item in still_open}.values())
    ticked = {int(pk) for pk in request.POST.getlist("claims") if pk.isdecimal()} if form else {c.pk for c in claims}
    used = _uses({item.claim_id for item in listed})
    answers = list(alert.answers.select_related("given_by", "undone_by").prefetch_related("items__claim", "rules"))
    for answer in answers:
        answer.may_be_undone = answer.undone_at is None and answer.answer in ("noise", "wait")
        is_rule_due = answer.answer == Alert.Answer.NOISE and answer.undone_at is None and not answer.rules.all()
        answer.proposal = propose_rule(answer=answer) if is_rule_due else None
    moved = next((a for a in answers if a.answer == Alert.Answer.MOVED and a.undone_at is None), None)
    looked_at = alert.source.last_attempted_at
    return show(
        request,
        "alert",
        title="Alert",
        status=status,
        alert=alert,
        items=items,
        is_gone=len(items) < len(listed),
        claims=[(claim, claim.pk in ticked) for claim in claims],
        used=used,
        answers=answers,
        seen=state_of(alert) if still_open else "",
        awaits_look=moved is not None and (looked_at is None or looked_at < moved.given_at),
        checks=alert.source.checks.all()[:5],
        form=form or AlertForm(),
        can_work=permissions.can_work(request.user),
        own_keys=keys_of(request.user),
        next_alert=Alert.objects.calling(timezone.now()).exclude(pk=alert.pk).pressing_first().first(),
        now=timezone.now(),
    )


def _gravest_first(item):
    check = item.quote_check
    return (item.answer is not None, -check.severity, not check.is_name_swapped, item.pk)


def _put_side_by_side(item):
    check = item.quote_check
    item.quote = check.evidence or check.appearance
    item.is_evidence = check.evidence_id is not None
    # Once sealed anew, the quote's own words are the present ones.
    item.is_sealed_anew = item.quote.snapshot_id == check.snapshot_id
    # Where nothing stands in its place, the sealed words are shown whole and not crossed out.
    item.before, item.after = side_by_side(item.quote.quote, check.passage or item.quote.quote)
    item.is_gone = not check.passage
    item.is_figure = check.result == QuoteCheck.Result.FIGURE_CHANGED


def _uses(claim_ids):
    """Return the recorded articles that cite these claims and are not dealt with, by claim."""
    found = CitationUse.objects.filter(publication__claim__in=claim_ids, answer=CitationUse.Answer.OPEN)
    by_claim = defaultdict(list)
    for use in found.select_related("publication__claim", "used_by"):
        by_claim[use.publication.claim].append(use)
    return sorted(by_claim.items(), key=lambda entry: entry[0].pk)


@desk_page(may=permissions.can_work)
@require_POST
def alert_answer(request, pk):
    """Answer an alert for the claims that are ticked; a source that moved is looked at right away."""
    alert = alert_of(pk)
    form = AlertForm(request.POST)
    is_complete = form.is_valid()
    ticked = {int(pk) for pk in request.POST.getlist("claims") if pk.isdecimal()}
    listed = set(alert.items.values_list("claim_id", flat=True))
    if not is_complete:
        return alert_page(request, alert, status=400, form=form)
    try:
        given = answer_alert(
            alert_id=pk,
            answer=form.cleaned_data["answer"],
            note=form.cleaned_data["note"],
            by=request.user,
            now=timezone.now(),
            except_claims=frozenset(listed - ticked),
            address=form.cleaned_data["address"],
            wait_until=form.cleaned_data["wait_until"],
            seen=request.POST.get("seen"),
        )
    except Refused as refusal:
        return alert_page(request, alert_of(pk), status=refusal.status, form=put_beside(form, refusal))
    if given.answer == Alert.Answer.MOVED:
        look_soon(given.alert.source, request.user)
    messages.success(request, f"Answered: {given.get_answer_display()}.")
    return redirect("desk-alert", pk=pk)


@desk_page(may=permissions.can_work)
@require_POST
def answer_undo(request, pk):
    """Take an answer back: the claims are listed and held as before."""
    answer = get_object_or_404(AlertAnswer, pk=pk)
    try:
        undo_answer(answer_id=pk, by=request.user, now=timezone.now())
        messages.success(request, "Taken back. The alert is open, as it was before.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk-alert", pk=answer.alert_id)
