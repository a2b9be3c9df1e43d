"""The desk's policy: how many must agree, on how many sources, and when a claim is looked at again."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from claims import permissions
from claims.models import Policy, RuleOverride
from claims.services.policies import VALUES, change_policy, current_policy
from sources.errors import Refused

from .forms import DeskForm
from .page import desk_page, put_beside, show

SHOWN = 20


def _number(name):
    _, least, most = VALUES[name]
    field: Any = Policy._meta.get_field(name)
    return forms.IntegerField(
        label=field.verbose_name.capitalize(),
        required=False,
        help_text=f"{field.help_text} Left empty, the installation’s own: {{}}.",
        widget=forms.NumberInput(attrs={"min": least, "max": most}),
    )


class PolicyForm(DeskForm):
    """The four values; an empty one is the installation's own."""

    name = "policy"
    version = forms.IntegerField(widget=forms.HiddenInput)
    reviews_required = _number("reviews_required")
    origins_required = _number("origins_required")
    review_by_days = _number("review_by_days")
    review_by_days_pressing = _number("review_by_days_pressing")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (setting, _, _) in VALUES.items():
            self.fields[name].help_text = self.fields[name].help_text.format(getattr(settings, setting))


@desk_page
def policy(request):
    """Show what holds now, since when and by whom; a desk lead changes it."""
    may_change = permissions.can_publish(request.user)
    stored = Policy.objects.filter(pk=1).first()
    values = {name: getattr(stored, name, None) for name in VALUES}
    form, status = PolicyForm(initial={**values, "version": stored.version if stored else 0}), 200
    if request.method == "POST":
        form, status = PolicyForm(request.POST), 400
        if not may_change:
            status = 403
        elif form.is_valid():
            try:
                change_policy(**form.cleaned_data, by=request.user, now=timezone.now())
            except Refused as refusal:
                put_beside(form, refusal)
                status = refusal.status
            else:
                messages.success(request, "Saved. It holds from the next judgement or publication on.")
                return redirect("desk-policy")
    return show(
        request,
        "policy",
        title="Policy",
        status=status,
        form=form,
        may_change=may_change,
        now_holds=current_policy(),
        changes=Policy.history.select_related("history_user").order_by("-history_date", "-history_id")[:SHOWN],
        overrides=RuleOverride.objects.select_related("claim", "given_by").order_by("-pk")[:SHOWN],
    )
