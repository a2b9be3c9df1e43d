"""Alerts as a list; one opens on its desk page."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from claims.models import Alert

from .base import ReadOnlyAdmin


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ["alert", "severity", "reason", "opened_at", "answer", "answered_by", "answered_at"]
    list_display_links = None
    list_filter = ["answer", "severity"]
    list_select_related = ["source", "answered_by"]
    search_fields = ["source__title", "source__url", "reason"]

    @display(description="Source")
    def alert(self, alert):
        return format_html('<a href="{}">{}</a>', reverse("desk-alert", args=[alert.pk]), str(alert.source))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("desk-alert", pk=object_id)
