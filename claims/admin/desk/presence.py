"""Who has a claim open: each open page says so again and again, and hears who else does and of a newer version."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims.services.mentions import read_mentions
from claims.services.presence import be_present, leave, present_at

from .page import claim_of_code, desk_page


@desk_page
@require_POST
def here(request, code):
    """Note that this person has the claim open, or has closed it; answer with who else is there.

    The thread stands on the page, so a note in it that names them counts as read.
    """
    claim, now = claim_of_code(code), timezone.now()
    if "gone" in request.POST:
        leave(claim=claim, person=request.user)
    else:
        be_present(claim=claim, person=request.user, now=now)
        read_mentions(person=request.user, now=now, claim=claim)
    others = present_at([claim.pk], besides=request.user, now=now).get(claim.pk, [])
    return JsonResponse(
        {"others": [person.get_full_name() or person.username for person in others], "version": claim.version}
    )
