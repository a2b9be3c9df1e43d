"""How reviewers agree, for the desk to talk about."""

from datetime import timedelta

from django.utils import timezone

from claims.services.agreement import agreement

from .page import desk_page, show

PERIODS = [(30, "30 days"), (90, "90 days"), (365, "A year"), (0, "All")]


@desk_page
def rates(request):
    """Show agreement per rating and per reviewer, over a period."""
    asked = request.GET.get("days", "")
    days = next((value for value, _ in PERIODS if str(value) == asked), 90)
    since = timezone.now() - timedelta(days=days) if days else None
    return show(
        request, "agreement", title="How reviewers agree", agreement=agreement(since=since), periods=PERIODS, days=days
    )
