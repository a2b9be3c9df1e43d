"""Claims, claimants and topics as lists; a claim opens on its desk page."""

from django.contrib import admin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from claims import public_ids
from claims.models import Claim, Claimant, Topic

from .base import ReadOnlyAdmin, ReferenceAdmin

WORKFLOW_LABELS = {
    Claim.Workflow.UNSTARTED: "default",
    Claim.Workflow.MERGED: "default",
    Claim.Workflow.DROPPED: "default",
    Claim.Workflow.IN_PROGRESS: "info",
    Claim.Workflow.CROSS_CHECKING: "info",
    Claim.Workflow.COMPLETED: "success",
    Claim.Workflow.REOPENED: "warning",
}
CITABILITY_LABELS = {
    Claim.Citability.NOT_CITABLE: "default",
    Claim.Citability.CITABLE: "success",
    Claim.Citability.ON_HOLD: "warning",
    Claim.Citability.CORRECTED: "info",
    Claim.Citability.WITHDRAWN: "danger",
}


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ["link", "claim", "state", "standing", "priority", "assignee", "updated_at"]
    list_display_links = None
    list_filter = ["workflow", "citability", "priority", "assignee", "topics", "language"]
    list_select_related = ["assignee"]
    search_fields = ["public_id", "text", "claimants__name"]
    search_help_text = "A code such as 7K3M-Q9TX, words of the claim, or a claimant's name."

    @display(description="Code", ordering="public_id")
    def link(self, claim):
        return format_html('<a class="code" href="{}">{}</a>', reverse("desk-claim", args=[claim.code]), claim.code)

    @display(description="Claim", ordering="text")
    def claim(self, claim):
        address = reverse("desk-claim", args=[claim.code])
        return format_html('<a class="listed-claim" href="{}">{}</a>', address, claim.text[:200])

    @display(description="Workflow", ordering="workflow", label=WORKFLOW_LABELS)
    def state(self, claim):
        return claim.workflow, claim.get_workflow_display()

    @display(description="Citability", ordering="citability", label=CITABILITY_LABELS)
    def standing(self, claim):
        return claim.citability, claim.get_citability_display()

    def get_search_results(self, request, queryset, search_term):
        public_id = public_ids.read(search_term.strip())
        if public_id:
            return queryset.filter(public_id=public_id), False
        return super().get_search_results(request, queryset, search_term)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        claim = get_object_or_404(Claim, pk=object_id)
        return redirect("desk-claim", code=claim.code)


@admin.register(Claimant)
class ClaimantAdmin(ReferenceAdmin):
    list_display = ["name", "kind", "same_as"]
    list_filter = ["kind"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(ReferenceAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
