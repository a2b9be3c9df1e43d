"""The desk's scale in the admin's own lists, which lead to the desk's page: that one changes it."""

from django.contrib import admin
from django.shortcuts import redirect

from claims.models import Rating

from .base import ReadOnlyAdmin


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    list_display = ["label", "meaning", "claimreview_value", "order", "retired_at"]

    def changelist_view(self, request, extra_context=None):
        return redirect("desk-scale")
