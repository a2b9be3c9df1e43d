"""What every template may say about the installation and about who is reading."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from claims import permissions


def site(request):
    """Name the site, and say lazily what the reader may do: a page that does not ask touches no database."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_contact": settings.SITE_CONTACT,
        "demo": settings.DEMO,
        "desk_of_one": settings.DESK_OF_ONE,
        "can_enter_desk": SimpleLazyObject(lambda: bool(user and user.is_staff and permissions.can_view_desk(user))),
        "can_cite_claims": SimpleLazyObject(lambda: bool(user and permissions.can_cite(user))),
    }
