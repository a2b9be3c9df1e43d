"""Evidence on the claim page: a source found or registered, a passage selected, a stance set or changed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims import permissions
from claims.models import Evidence
from claims.services import evidence as evidence_service
from sources.errors import Refused
from sources.models import Snapshot
from sources.services import snapshots
from sources.services.sources import make_due, register_source
from sources.text import quote_context
from sources.wake import wake

from .claim import back_to, claim_page
from .forms import AddressForm, AttachForm, FileForm, PasteForm, StanceForm
from .page import claim_of_code, desk_page, put_beside


@desk_page(may=permissions.can_work)
@require_POST
def evidence_attach(request, code):
    """Attach the selected passage with the stance a person chose."""
    claim = claim_of_code(code)
    form = AttachForm(_taken(request.POST))
    if not form.is_valid():
        return claim_page(request, claim, status=400, attach=form)
    given = form.cleaned_data
    snapshot = get_object_or_404(Snapshot, pk=given["snapshot"])
    prefix, suffix = _surroundings(snapshot, given)
    try:
        evidence_service.attach_evidence(
            claim_id=claim.pk,
            snapshot_id=snapshot.pk,
            quote=given["quote"],
            prefix=prefix,
            suffix=suffix,
            stance=given["stance"],
            note=given["note"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, attach=put_beside(form, refusal))
    messages.success(request, "Attached.")
    return back_to(claim, "evidence")


def _taken(given):
    """Return what was sent with the nearest passage in the quote's place, where its button was pressed."""
    if "take" in given:
        given = given.copy()
        given["quote"], given["start"], given["end"] = given["take"], "", ""
    return given


def _surroundings(snapshot, given):
    """Return what stands around the selected place, so that a sentence that stands twice is the one meant."""
    start, end = given["start"], given["end"]
    if start is None or end is None or not 0 <= start < end <= len(snapshot.text):
        return "", ""
    if "".join(snapshot.text[start:end].split()) != "".join(given["quote"].split()):
        return "", ""
    return quote_context(snapshot.text, start, end)


@desk_page(may=permissions.can_work)
@require_POST
def evidence_stance(request, pk):
    """Change what a passage does to its claim, and why."""
    evidence = get_object_or_404(Evidence.objects.select_related("claim"), pk=pk)
    claim = claim_of_code(evidence.claim.code)
    form = StanceForm(request.POST, evidence=evidence)
    if not form.is_valid():
        return claim_page(request, claim, status=400, stance=form)
    given = form.cleaned_data
    try:
        evidence_service.change_stance(
            evidence_id=pk,
            version=given["version"],
            stance=given["stance"],
            note=given["note"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return claim_page(request, claim, status=refusal.status, stance=put_beside(form, refusal))
    messages.success(request, "Saved.")
    return back_to(claim, f"evidence-{pk}")


@desk_page(may=permissions.can_work)
@require_POST
def evidence_remove(request, pk):
    """Take a passage off its claim; the history keeps it."""
    evidence = get_object_or_404(Evidence.objects.select_related("claim"), pk=pk)
    try:
        evidence_service.remove_evidence(evidence_id=pk, by=request.user, now=timezone.now())
        messages.success(request, "Removed. The history keeps it.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back_to(evidence.claim, "evidence")


@desk_page(may=permissions.can_work)
@require_POST
def evidence_source(request, code):
    """Register the source to quote from, by address, file or pasted text, and open it in the reader."""
    claim = claim_of_code(code)
    forms = {
        "address": AddressForm(auto_id="source-address-%s"),
        "file": FileForm(auto_id="source-file-%s"),
        "paste": PasteForm(auto_id="source-paste-%s"),
    }
    chosen = request.POST.get("by", "address")
    chosen = chosen if chosen in forms else "address"
    form = forms[chosen] = type(forms[chosen])(request.POST, request.FILES, auto_id=f"source-{chosen}-%s")
    if form.is_valid():
        try:
            source = _register(chosen, form.cleaned_data, request.user)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return redirect(f"{reverse('desk-claim', args=[claim.code])}?source={source.pk}#add-evidence")
    return claim_page(request, claim, status=400, new_source=forms)


def _register(by, given, user):
    now = timezone.now()
    if by == "address":
        source, is_new = register_source(url=given["url"], by=user, now=now)
        if is_new:
            look_soon(source, user)
        return source
    if by == "paste":
        return snapshots.add_document_text(text=given["text"], title=given["title"], by=user, now=now).source
    file = given["file"]
    added = snapshots.add_document_file(
        content=file.read(),
        name=file.name,
        content_type=file.content_type or "",
        title=given["title"],
        by=user,
        now=now,
    )
    return added.source


def look_soon(source, user):
    """Ask a worker to look at a source because somebody waits for it."""
    make_due(source_id=source.pk, now=timezone.now(), reason=f"asked for by {user}")
    wake("sources.tasks.check_now", source_id=source.pk, requested_by=user.pk)
