"""The page of a claim as it would be published now: for the desk, on the same template with the same data."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import permissions, public_ids
from claims.models import Claim
from claims.services.publishing import preview_document

from .claims import page_response


@require_safe
@login_required
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show what readers would see; 404 for whoever may not see unpublished work, and where no verdict is written."""
    public_id = public_ids.read(code)
    if not permissions.can_view_desk(request.user) or public_id is None:
        raise Http404
    claim = Claim.objects.filter(public_id=public_id).first()
    document = preview_document(claim, now=timezone.now()) if claim else None
    if claim is None or document is None:
        raise Http404
    response = page_response(request, claim, document, is_preview=True)
    response["Cache-Control"] = "private, no-store"
    return response
