"""The desk's scale: a rating in use is retired, never removed."""

from django.contrib import admin, messages
from django.utils import timezone
from unfold.decorators import display

from claims import permissions
from claims.models import Rating
from claims.services.verdicts import bring_back_rating, retire_rating

from .base import ReferenceAdmin


@admin.register(Rating)
class RatingAdmin(ReferenceAdmin):
    list_display = ["label", "meaning", "claimreview_value", "order", "use"]
    readonly_fields = ["retired_at"]
    prepopulated_fields = {"slug": ["label"]}
    actions = ["retire", "bring_back"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug", "retired_at"] if obj else ["retired_at"]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def has_add_permission(self, request):
        return permissions.can_publish(request.user)

    def has_change_permission(self, request, obj=None):
        return permissions.can_publish(request.user)

    @display(description="Use", ordering="retired_at", label={"retired": "warning", "in use": "success"})
    def use(self, rating):
        return "retired" if rating.retired_at else "in use"

    @admin.action(description="Retire: no longer offered, kept where it was given", permissions=["change"])
    def retire(self, request, queryset):
        for rating in queryset:
            retire_rating(rating_id=rating.pk, now=timezone.now())
        self.message_user(request, "Retired. Verdicts that use it keep it.", messages.SUCCESS)

    @admin.action(description="Offer again", permissions=["change"])
    def bring_back(self, request, queryset):
        for rating in queryset:
            bring_back_rating(rating_id=rating.pk)
        self.message_user(request, "Offered again.", messages.SUCCESS)
