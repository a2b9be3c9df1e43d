"""The public page of the signed log: what was signed last, whether the last look held, and how to check it oneself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.models import LogCheck, LogKey
from claims.services.checkpoints import newest_checkpoint
from claims.services.signing import why_unavailable


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show the log; a look that failed stands at its top until one holds again."""
    keys = list(LogKey.objects.order_by("pk"))
    signing = [key for key in keys if key.retired_at is None]
    context = {
        "checkpoint": newest_checkpoint(),
        "check": LogCheck.objects.last(),
        "keys": keys,
        "signing_key": signing[0] if signing else None,
        "signing_problem": why_unavailable(),
        "api": f"{settings.SITE_URL}/api/v1/log",
    }
    return render(request, "claims/log.html", context)
