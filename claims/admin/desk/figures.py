"""The figures of a claim, edited as data on its page."""

from django.contrib import messages
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims import permissions
from claims.errors import StaleVersion
from claims.services.figures import FigureValues, edit_figures
from sources.errors import Refused

from .claim import back_to, claim_page
from .forms import FigureSet
from .page import claim_of_code, desk_page


@desk_page(may=permissions.can_work)
@require_POST
def claim_figures(request, code):
    """Save the figures at the version that was read; a row whose words were taken out is removed."""
    claim = claim_of_code(code)
    forms = FigureSet(request.POST, prefix="figures")
    if not forms.is_valid():
        return claim_page(request, claim, status=400, figure_forms=forms)
    version = request.POST.get("version", "")
    given = [row.cleaned_data for row in forms if row.cleaned_data.get("text")]
    try:
        edit_figures(
            claim_id=claim.pk,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            figures=[FigureValues(**row) for row in given],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return claim_page(
            request, claim_of_code(code), status=refusal.status, figure_forms=forms,
            figures_stale=isinstance(refusal, StaleVersion), figures_refused=str(refusal),
        )  # fmt: skip
    messages.success(request, "Figures saved.")
    return back_to(claim, "figures")
