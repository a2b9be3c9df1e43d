"""Sources and publishers as lists; registered here because `sources` knows nothing of the desk's roles."""

from django.contrib import admin
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from unfold.decorators import display

from sources.models import Publisher, Source

from .base import ReadOnlyAdmin, ReferenceAdmin

LINK_LABELS = {
    Source.LinkState.UNKNOWN: "default",
    Source.LinkState.LIVE: "success",
    Source.LinkState.MOVED: "info",
    Source.LinkState.BLOCKED: "warning",
    Source.LinkState.FAILING: "warning",
    Source.LinkState.DEAD: "danger",
    Source.LinkState.DEVIATED: "danger",
}


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    list_display = ["source", "kind", "publisher", "link", "published_on", "last_confirmed_at", "next_check_at"]
    list_display_links = None
    list_filter = ["link_state", "kind", "is_primary", "publisher"]
    list_select_related = ["publisher"]
    search_fields = ["title", "url", "author", "publisher__name"]

    @display(description="Source", ordering="title")
    def source(self, source):
        return format_html('<a href="{}">{}</a>', source.get_absolute_url(), str(source)[:160])

    @display(description="Link", ordering="link_state", label=LINK_LABELS)
    def link(self, source):
        return source.link_state, source.get_link_state_display()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect(get_object_or_404(Source, pk=object_id))


@admin.register(Publisher)
class PublisherAdmin(ReferenceAdmin):
    list_display = ["name", "host"]
    search_fields = ["name", "host"]
