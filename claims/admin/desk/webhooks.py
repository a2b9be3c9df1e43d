"""Webhooks: who is told of public changes, and the log of what was sent to them. Desk leads only."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions, public_ids
from claims.models import Change, Claim, Delivery, Endpoint, Topic
from claims.services import webhooks
from sources.errors import Refused
from sources.wake import wake

from .forms import DeskForm
from .page import desk_page, put_beside, show

PER_PAGE = 30
SEND = "claims.tasks.send_due_deliveries"
TICKS = forms.CheckboxSelectMultiple
_leads_page = desk_page(may=permissions.can_publish)


class EndpointForm(DeskForm):
    """What an endpoint is, and what it is told of."""

    name = "endpoint"
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    url = forms.CharField(
        label="Address", required=False, max_length=2048,
        help_text="Starts with https://. It gets a POST for each change.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )  # fmt: skip
    description = forms.CharField(
        label="Description", required=False, max_length=200, help_text="Whose it is, as in: the newsroom's CMS."
    )
    events = forms.MultipleChoiceField(label="Events", required=False, choices=Change.Kind.choices, widget=TICKS)
    topics = forms.ModelMultipleChoiceField(Topic.objects.all(), label="Topics", required=False, widget=TICKS)
    claims = forms.CharField(
        label="Claims", required=False, help_text="Codes with a blank between them; left empty, every claim.",
        widget=forms.TextInput(attrs={"placeholder": "7K3M-Q9TX", "autocomplete": "off"}),
    )  # fmt: skip

    @classmethod
    def of(cls, endpoint):
        """Return the form filled with what the endpoint is now."""
        initial = {
            "version": endpoint.version,
            "url": endpoint.url,
            "description": endpoint.description,
            "events": endpoint.events,
            "topics": endpoint.topics.all(),
            "claims": " ".join(claim.code for claim in endpoint.claims.all()),
        }
        return cls(initial=initial)

    def clean_claims(self):
        codes = self.cleaned_data["claims"].replace(",", " ").split()
        found = {claim.public_id: claim for claim in Claim.objects.filter(public_id__in=map(public_ids.read, codes))}
        for code in codes:
            if public_ids.read(code) not in found:
                raise forms.ValidationError(f"There is no claim {code}.")
        return list(found.values())

    def given(self):
        """Return what the service is asked for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


@_leads_page
@require_GET
def endpoints(request):
    """List the endpoints, those that were switched off first."""
    found = Endpoint.objects.select_related("owner").prefetch_related("topics", "claims")
    rows = sorted(found, key=lambda endpoint: (endpoint.is_enabled, not endpoint.failing_since))
    return show(
        request, "webhooks", title="Webhooks", endpoints=rows, switched_off=[row for row in rows if row.is_given_up]
    )


@_leads_page
def endpoint_new(request):
    """Ask for an address and what it is told; then show its secret, this once."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                endpoint, secret = webhooks.create_endpoint(owner=request.user, now=timezone.now(), **form.given())
            except Refused as refusal:
                put_beside(form, refusal)
                status = refusal.status
            else:
                return _secret_shown(request, endpoint, secret, is_new=True)
    return show(request, "webhook_new", title="New webhook", status=status, form=form)


@_leads_page
def endpoint(request, pk):
    """Show an endpoint with its log; take edits of it."""
    found = get_object_or_404(Endpoint.objects.select_related("owner"), pk=pk)
    form, status = EndpointForm.of(found), 200
    if request.method == "POST":
        form, status = EndpointForm(request.POST), 400
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            try:
                webhooks.edit_endpoint(endpoint_id=pk, version=version, now=timezone.now(), **form.given())
            except Refused as refusal:
                put_beside(form, refusal)
                status = refusal.status
            else:
                messages.success(request, "Saved.")
                return redirect("desk-webhook", pk=pk)
    state = request.GET.get("state", "")
    rows = found.deliveries.filter(state=state) if state in Delivery.State.values else found.deliveries.all()
    return show(
        request,
        "webhook",
        title="Webhook",
        status=status,
        endpoint=found,
        form=form,
        page=Paginator(rows.select_related("change__claim"), PER_PAGE).get_page(request.GET.get("page")),
        state=state,
        states=Delivery.State.choices,
        now=timezone.now(),
    )


@_leads_page
@require_GET
def delivery(request, pk, number):
    """Show one delivery: what is sent, and what came back each time."""
    rows = Delivery.objects.select_related("endpoint", "change__claim")
    found = get_object_or_404(rows, endpoint=pk, pk=number)
    attempts = found.attempts.all()
    return show(
        request, "webhook_delivery", title="Delivery", delivery=found, attempts=attempts, endpoint=found.endpoint
    )


@_leads_page
@require_POST
def endpoint_rotate(request, pk):
    """Make a new secret and show it, this once."""
    get_object_or_404(Endpoint, pk=pk)
    found, secret = webhooks.rotate_secret(endpoint_id=pk, now=timezone.now())
    return _secret_shown(request, found, secret, is_new=False)


@_leads_page
@require_POST
def endpoint_test(request, pk):
    """Send an event that says it is a test."""
    get_object_or_404(Endpoint, pk=pk)
    return _told(
        request,
        pk,
        "A test is on its way; load the page again to see what came back.",
        lambda: webhooks.send_test(endpoint_id=pk, now=timezone.now()),
    )


@_leads_page
@require_POST
def delivery_replay(request, pk, number):
    """Send a finished delivery again."""
    get_object_or_404(Delivery, endpoint=pk, pk=number)
    return _told(
        request, pk, "It is on its way again, under the same id.", lambda: webhooks.replay_delivery(delivery_id=number)
    )


@_leads_page
@require_POST
def endpoint_switch(request, pk):
    """Switch an endpoint off or on."""
    found = get_object_or_404(Endpoint, pk=pk)
    try:
        webhooks.edit_endpoint(
            endpoint_id=pk, version=found.version, is_enabled=not found.is_enabled, now=timezone.now()
        )
        messages.success(request, "Switched off." if found.is_enabled else "Switched on, from the next change on.")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("desk-webhook", pk=pk)


@_leads_page
def endpoint_delete(request, pk):
    """Ask whether the endpoint and its log shall go; then delete them."""
    found = get_object_or_404(Endpoint, pk=pk)
    if request.method == "POST":
        webhooks.delete_endpoint(endpoint_id=pk)
        messages.success(request, f"Deleted: {found.url}")
        return redirect("desk-webhooks")
    return show(request, "webhook_delete", title="Delete a webhook", endpoint=found, log=found.deliveries.count())


def _told(request, pk, words, work):
    try:
        work()
        wake(SEND)
        messages.success(request, words)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("desk-webhook", pk=pk)


def _secret_shown(request, endpoint, secret, *, is_new):
    return show(request, "webhook_secret", title="The secret", endpoint=endpoint, secret=secret, is_new=is_new)
