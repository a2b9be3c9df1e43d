"""Each person's keys: which key does what, or none at all."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import redirect

from claims.services.preferences import ACTIONS, keys_of, set_keys
from sources.errors import Refused

from .forms import RemapForm
from .page import desk_page, put_beside, show


@desk_page
def keys(request):
    """Show and change the keys of whoever asks."""
    stored = keys_of(request.user)
    form, status = RemapForm(request.POST if request.method == "POST" else None, keys=stored), 200
    if "usual" in request.POST:
        set_keys(person=request.user, keys_on=True, keys={})
        messages.success(request, "The usual keys are back.")
        return redirect("desk-keys")
    if form.is_bound:
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            try:
                set_keys(person=request.user, keys_on=given["keys_on"], keys={name: given[name] for name in ACTIONS})
            except Refused as refusal:
                put_beside(form, refusal)
            else:
                messages.success(request, "Saved.")
                return redirect("desk-keys")
    parts = [
        (part, [form[name] for name, _ in named])
        for part, named in groupby(ACTIONS.items(), key=lambda item: item[1].part)
    ]
    return show(request, "keys", title="Keys", status=status, form=form, parts=parts, keys=stored)
