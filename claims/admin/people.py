"""People and roles in the admin's own lists, to look at; what changes them are the desk's pages and services."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.shortcuts import get_object_or_404, redirect

from claims import permissions

from .base import ReadOnlyAdmin

admin.site.unregister([User, Group])


class PeopleAdmin(ReadOnlyAdmin):
    """Accounts are changed by `claims.services.accounts` alone, for superusers too: sessions end, and it is noted."""

    def has_module_permission(self, request):
        return permissions.can_administer(request.user)

    def has_view_permission(self, request, obj=None):
        return permissions.can_administer(request.user)


@admin.register(User)
class UserAdmin(PeopleAdmin):
    list_display = ["username", "first_name", "last_name", "is_active", "is_staff", "last_login"]
    list_filter = ["groups", "is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "first_name", "last_name", "email"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("desk-person", pk=get_object_or_404(User, pk=object_id).pk)


@admin.register(Group)
class GroupAdmin(PeopleAdmin):
    list_display = ["name"]
    fields = ["name", "permissions"]
