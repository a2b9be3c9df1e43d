"""In whose name a command acts."""

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from claims import permissions


def desk_person(username: str | None) -> User:
    """Return the account of this name, or a desk lead; or raise CommandError that says how to name somebody."""
    if username is not None:
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active account named {username}.")
        return found
    active = User.objects.filter(is_active=True).order_by("pk")
    found = active.filter(groups__name=permissions.DESK_LEADS).first() or active.filter(is_superuser=True).first()
    if found is None:
        raise CommandError("There is no desk lead to do it; name an account with --by USERNAME.")
    return found
