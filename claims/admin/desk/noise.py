"""Noise: the rules that keep rewordings from raising alerts, made after an alert was dismissed, and ended."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.models import AlertAnswer, NoiseRule, QuoteCheck
from claims.services.noise import end_rule, make_rule
from sources.errors import Refused

from .page import desk_page, show

PER_PAGE = 40


@desk_page
@require_GET
def rules(request):
    """List the rules, newest first, with what each hides now."""
    found = NoiseRule.objects.select_related("source", "created_by", "ended_by", "answer").order_by(
        "-created_at", "-pk"
    )
    page = Paginator(found.annotate(hides=Count("hidden_checks")), PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "noise_rules",
        title="Noise rules",
        page=page,
        only_punctuation=QuoteCheck.objects.filter(is_only_punctuation=True).count(),
        now=timezone.now(),
        can_work=permissions.can_work(request.user),
    )


@desk_page(may=permissions.can_work)
@require_POST
def rule_make(request, pk):
    """Make the rule that an answer “noise” proposes."""
    answer = get_object_or_404(AlertAnswer, pk=pk)
    try:
        rule = make_rule(answer_id=pk, kind=request.POST.get("kind", ""), by=request.user, now=timezone.now())
        messages.success(
            request, f"Such changes raise no alert here until {rule.expires_at.day} {rule.expires_at:%B %Y}."
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk-alert", pk=answer.alert_id)


@desk_page(may=permissions.can_work)
@require_POST
def rule_end(request, pk):
    """End a rule; what it hides now is looked at again."""
    get_object_or_404(NoiseRule, pk=pk)
    try:
        end_rule(rule_id=pk, by=request.user, now=timezone.now())
        messages.success(request, "Ended. What it hid raises an alert if it still reads so.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk-noise-rules")
