"""Export: the claims a filter keeps, as a file that a spreadsheet or another desk reads."""

from django import forms
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from claims.models import Claim, Claimant, Import, Topic
from claims.services.exporting import CSV, LINES, Wanted, exported, wanted_claims

from .forms import DeskForm
from .page import desk_page, show

_KINDS = {CSV: "text/csv; charset=utf-8", LINES: "application/x-ndjson; charset=utf-8"}


class ExportForm(DeskForm):
    """Which claims, and in which form; nothing chosen is all of them."""

    name = "export"
    workflow = forms.ChoiceField(label="Workflow", required=False, choices=[("", "Any"), *Claim.Workflow.choices])
    citability = forms.ChoiceField(
        label="Citability", required=False, choices=[("", "Any"), *Claim.Citability.choices]
    )
    topic = forms.ModelChoiceField(Topic.objects.all(), label="Topic", required=False, empty_label="Any")
    claimant = forms.CharField(
        label="Claimant", required=False, max_length=200, help_text="The whole name, as it stands at the desk.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    language = forms.CharField(label="Language", required=False, max_length=12, help_text="As in en or pt-BR.")
    changed_since = forms.DateField(
        label="Changed since", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    run = forms.ModelChoiceField(
        Import.objects.filter(new_count__gt=0), required=False, widget=forms.HiddenInput, label="Import"
    )
    file_format = forms.ChoiceField(
        label="Format", required=False, widget=forms.RadioSelect, initial=CSV,
        choices=[(CSV, "CSV, for spreadsheets"), (LINES, "JSON Lines, with quotes and figures")],
    )  # fmt: skip
    with_state = forms.BooleanField(
        label="With the desk’s state",
        required=False,
        help_text="Workflow, citability, version and times. Such a file is for reading; an import refuses it.",
    )

    def clean_claimant(self):
        name = " ".join(self.cleaned_data["claimant"].split())
        if not name:
            return None
        found = Claimant.objects.filter(name=name).first()
        if found is None:
            raise forms.ValidationError("The desk has no claimant of this name.")
        return found

    def wanted(self):
        """Return what the form asks for."""
        given = self.cleaned_data
        return Wanted(
            workflow=given["workflow"],
            citability=given["citability"],
            topic=given["topic"].pk if given["topic"] else None,
            claimant=given["claimant"].pk if given["claimant"] else None,
            language=given["language"].strip(),
            changed_since=given["changed_since"],
            run=given["run"].pk if given["run"] else None,
        )


@desk_page
@require_GET
def exports(request):
    """Ask which claims, and say how many they are."""
    asked = bool(request.GET)
    form = ExportForm(request.GET if asked else None, initial={"file_format": CSV})
    count = wanted_claims(form.wanted(), by=request.user).count() if asked and form.is_valid() else None
    status = 400 if asked and not form.is_valid() else 200
    return show(
        request,
        "exports",
        title="Export",
        form=form,
        count=count,
        total=None if asked else Claim.objects.visible_to(request.user).count(),
        address=request.GET.urlencode(),
        status=status,
    )


@desk_page
@require_GET
def export_file(request):
    """Send the file as it is read."""
    form = ExportForm(request.GET)
    if not form.is_valid():
        return show(request, "exports", title="Export", form=form, status=400)
    chosen = form.cleaned_data["file_format"] or CSV
    claims = wanted_claims(form.wanted(), by=request.user)
    response = StreamingHttpResponse(
        exported(claims, chosen, with_state=form.cleaned_data["with_state"]), content_type=_KINDS[chosen]
    )
    response["Content-Disposition"] = f'attachment; filename="claims-{timezone.localdate():%Y-%m-%d}.{chosen}"'
    response["Cache-Control"] = "no-store"
    return response
