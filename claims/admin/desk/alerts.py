"""Alerts: a changed source, the sealed words beside the present ones, and a person's answer."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.models import Alert
from claims.services.answers import answer_alert
from sources.errors import Refused

from .forms import AlertForm
from .marks import side_by_side
from .page import desk_page, put_beside, show

PER_PAGE = 30


@desk_page
@require_GET
def alerts(request):
    """List open alerts, worst first, or those that were answered."""
    answered = request.GET.get("show") == "answered"
    found = Alert.objects.filter(answered_at__isnull=not answered).select_related("source", "answered_by")
    found = found.annotate(claim_count=Count("items__claim", distinct=True))
    found = found.order_by("-answered_at") if answered else found.order_by("-severity", "opened_at")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return show(request, "alerts", title="Alerts", page=page, answered=answered)


@desk_page
@require_GET
def alert(request, pk):
    """Show one alert with what changed, side by side."""
    return _page(request, _alert(pk))


def _alert(pk):
    return get_object_or_404(Alert.objects.select_related("source__publisher", "answered_by"), pk=pk)


def _page(request, alert, *, status=200, form=None):
    related = ("claim", "quote_check__evidence", "quote_check__appearance", "quote_check__snapshot")
    listed = list(alert.items.select_related(*related))
    items = [item for item in listed if item.quote_check is not None]
    for item in items:
        check = item.quote_check
        item.quote = check.evidence or check.appearance
        item.is_evidence = check.evidence_id is not None
        # Where nothing stands in its place, the sealed words are shown whole and not crossed out.
        item.before, item.after = side_by_side(item.quote.quote, check.passage or item.quote.quote)
        item.is_gone = not check.passage
    claims = list({item.claim_id: item.claim for item in listed}.values())
    ticked = {int(pk) for pk in request.POST.getlist("claims") if pk.isdecimal()} if form else {c.pk for c in claims}
    return show(
        request,
        "alert",
        title="Alert",
        status=status,
        alert=alert,
        items=items,
        claims=[(claim, claim.pk in ticked) for claim in claims],
        checks=alert.source.checks.all()[:5],
        form=form or AlertForm(),
    )


@desk_page(may=permissions.can_work)
@require_POST
def alert_answer(request, pk):
    """Settle an alert for the claims that are ticked."""
    alert = _alert(pk)
    form = AlertForm(request.POST)
    form.is_valid()
    ticked = {int(pk) for pk in request.POST.getlist("claims") if pk.isdecimal()}
    listed = set(alert.items.values_list("claim_id", flat=True))
    try:
        answer_alert(
            alert_id=pk,
            answer=form.cleaned_data.get("answer", ""),
            note=form.cleaned_data.get("note", ""),
            by=request.user,
            now=timezone.now(),
            except_claims=frozenset(listed - ticked),
        )
    except Refused as refusal:
        return _page(request, _alert(pk), status=refusal.status, form=put_beside(form, refusal))
    messages.success(request, "Answered.")
    return redirect("desk-alert", pk=pk)
