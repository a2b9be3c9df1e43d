"""What every desk page shares: who may open it, the admin's frame around it, a refusal beside its field."""

from functools import wraps

from django.contrib import admin
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from claims import permissions, public_ids
from claims.admin.site import may_enter, no_access
from claims.errors import StaleVersion
from claims.models import Claim
from sources.errors import Refused


def desk_page(view=None, *, may=permissions.can_view_desk):
    """Open a view to whoever may enter the admin and whom `may` lets; others get 403, visitors the sign-in page."""
    if view is None:
        return lambda decorated: desk_page(decorated, may=may)
    entered = admin.site.admin_view(view)

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated and not (may_enter(request) and may(request.user)):
            return no_access(request)
        return entered(request, *args, **kwargs)

    return guarded


def show(request, template, *, title, status=200, **context):
    """Render a desk page inside the admin's frame."""
    request.current_app = admin.site.name
    frame = admin.site.each_context(request)
    return TemplateResponse(request, f"desk/{template}.html", {**frame, "title": title, **context}, status=status)


def searched(request, name: str) -> str:
    """Return the words a search was sent, without what no database stores."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def claim_of_code(code: str) -> Claim:
    """Return the claim with this public code in any spelling, or answer 404."""
    claims = Claim.objects.select_related("assignee", "drafted_by", "public_document").defer("public_document__body")
    return get_object_or_404(claims, public_id=public_ids.read(code))


def put_beside(form, refusal: Refused):
    """Show a refusal at the field it is about, with everything that was typed kept; give the form back.

    After a stale save the form goes on from the present version, so that sending it again is a choice.
    """
    form.is_valid()
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    if "current" in refusal.facts and "version" in form.fields:
        form.data = form.data.copy()
        form.data[form.add_prefix("version")] = refusal.facts["current"]
    form.is_stale = isinstance(refusal, StaleVersion)
    form.nearest = refusal.facts.get("nearest")
    return form
