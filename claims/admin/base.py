"""The admin classes all others build on; every question of rights goes to `claims.permissions`."""

from unfold.admin import ModelAdmin

from claims import permissions


class ReadOnlyAdmin(ModelAdmin):
    """A table the desk may look through; its rows change only through services."""

    list_per_page = 50
    list_fullwidth = True
    actions: list[str] | None = None

    def has_module_permission(self, request):
        return permissions.can_view_desk(request.user)

    def has_view_permission(self, request, obj=None):
        return permissions.can_view_desk(request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReferenceAdmin(ReadOnlyAdmin):
    """Plain reference data: whoever works at the desk may add and change it, nobody deletes what is referred to."""

    def has_add_permission(self, request):
        return permissions.can_work(request.user)

    def has_change_permission(self, request, obj=None):
        return permissions.can_work(request.user)
