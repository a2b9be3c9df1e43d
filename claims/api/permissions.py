"""What a key or a person may ask of an endpoint; whose claim and in which state, the services say."""

from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission

from claims import permissions
from claims.models import ApiKey


def _key_allows(request) -> bool:
    """Whether the key's scopes cover the method; a session has no scopes."""
    if not isinstance(request.auth, ApiKey):
        return True
    return ("read" if request.method in SAFE_METHODS else "write") in request.auth.scopes


class KeyScope(BasePermission):
    """Anyone; a key only within its scopes."""

    message = "This key does not have the scope for it."

    def has_permission(self, request, view):
        return _key_allows(request)


class Desk(BasePermission):
    """Whoever sees the desk, and for changes whoever works there; a key within its scopes."""

    message = "This takes an account of the desk, and a key with the scope for it."

    def has_permission(self, request, view):
        may = permissions.can_view_desk if request.method in SAFE_METHODS else permissions.can_work
        return may(request.user) and _key_allows(request)


class DeskPerson(Desk):
    """As the desk, but changes take a person's own session: a key never judges or publishes."""

    message = "This takes a person's own session: a key cannot judge or publish."

    def has_permission(self, request, view):
        is_key = isinstance(request.auth, ApiKey)
        return super().has_permission(request, view) and (request.method in SAFE_METHODS or not is_key)


PUBLIC = [AllowAny, KeyScope]
