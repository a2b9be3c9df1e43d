"""What the world was told, to look through and never to change."""

import json

from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display

from claims.models import Change, Correction, Publication, Seal

from .base import ReadOnlyAdmin


def readable(document: str) -> str:
    """Return canonical JSON laid out for reading, escaped."""
    laid_out = json.dumps(json.loads(document), indent=2, ensure_ascii=False)
    return format_html('<pre class="document">{}</pre>', laid_out)


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "is_withdrawal", "drafted_by", "written_by", "approved_by", "published_at"]
    list_filter = ["is_withdrawal", "is_by_desk_of_one"]
    ordering = ["-published_at", "-pk"]
    list_select_related = ["claim", "drafted_by", "written_by", "approved_by"]
    search_fields = ["claim__public_id", "claim__text"]
    exclude = ["document"]
    readonly_fields = ["approved"]

    @display(description="Document")
    def approved(self, publication):
        return readable(publication.document)


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "verdict", "sealed_at"]
    list_select_related = ["verdict__claim", "verdict__rating"]
    exclude = ["document"]
    readonly_fields = ["sealed"]

    @display(description="Document")
    def sealed(self, seal):
        return readable(seal.document)


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ["publication", "kind", "reason", "corrected_at"]
    list_filter = ["kind"]
    list_select_related = ["publication__claim", "replaced__claim"]


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["seq", "kind", "claim", "cause", "actor", "at"]
    list_filter = ["kind", "cause", "actor"]
    list_select_related = ["claim"]
    search_fields = ["claim__public_id"]
    exclude = ["body"]
    readonly_fields = ["row"]
    ordering = ["-seq"]

    @display(description="Row")
    def row(self, change):
        return readable(change.body)
