"""The desk's forms: what is asked, under which label; what is allowed, the services say."""

from decimal import Decimal

from django import forms

from claims.models import BulkAction, Claim, Correction, Evidence, Figure, Rating, Topic
from claims.services.figures import FIELDS
from claims.services.mentions import colleagues
from claims.services.preferences import ACTIONS
from sources.models import Publisher, Source


class DeskForm(forms.Form):
    """A form whose ids start with its own name, since several stand on one page."""

    name = ""
    is_stale = False
    nearest = None

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", f"{self.name}-%s")
        super().__init__(*args, **kwargs)


def _area(rows, **attrs):
    return forms.Textarea(attrs={"rows": rows, **attrs})


class AddressForm(DeskForm):
    name = "address"
    url = forms.CharField(
        label="Address",
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off", "data-do": "source"}
        ),
    )


class FileForm(DeskForm):
    name = "file"
    file = forms.FileField(label="File", help_text="HTML, PDF or plain text, up to 10 MiB.", allow_empty_file=True)
    title = forms.CharField(label="Title", required=False, help_text="Left empty, the document's own.")


class PasteForm(DeskForm):
    name = "paste"
    title = forms.CharField(label="Title", required=False, help_text="Left empty, its first line.")
    text = forms.CharField(label="Text", required=False, strip=False, widget=_area(10))


class CaptureFileForm(DeskForm):
    name = "capture-file"
    file = forms.FileField(label="File", help_text="HTML, PDF or plain text, up to 10 MiB.", allow_empty_file=True)


class CaptureTextForm(DeskForm):
    name = "capture-text"
    text = forms.CharField(label="Text of the page", required=False, strip=False, widget=_area(8))


class CandidateForm(DeskForm):
    """One card of an article: the words it becomes, who said it, or the claim it belongs to."""

    text = forms.CharField(label="Claim", required=False, widget=_area(3))
    claimant = forms.CharField(label="Claimant", required=False)
    into = forms.CharField(
        label="Merge into",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Code, or words of the claim", "autocomplete": "off"}),
    )

    def __init__(self, *args, candidate, **kwargs):
        self.candidate = candidate
        initial = {"text": " ".join(candidate.quote.split()), "claimant": candidate.claimant}
        super().__init__(*args, auto_id=f"c{candidate.pk}-%s", initial=initial, **kwargs)


class MissedForm(DeskForm):
    name = "missed"
    quote = forms.CharField(label="Passage", required=False, strip=False, widget=_area(2))
    start = forms.IntegerField(required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditForm(DeskForm):
    name = "edit"
    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label="Claim", required=False, widget=_area(3))
    context = forms.CharField(label="Context", required=False, widget=_area(2), help_text="When and where it holds.")
    claimants = forms.CharField(label="Claimants", required=False, widget=_area(2), help_text="One on each line.")
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label="Topics", required=False, widget=forms.CheckboxSelectMultiple
    )
    priority = forms.TypedChoiceField(label="Priority", choices=Claim.Priority, coerce=int)
    review_by = forms.DateField(
        label="Review by", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.CharField(label="Language", max_length=12, help_text="BCP 47, as in en or pt-BR.")

    @classmethod
    def of(cls, claim):
        """Return the form filled with what the claim says now."""
        return cls(
            initial={
                "version": claim.version,
                "text": claim.text,
                "context": claim.context,
                "claimants": "\n".join(c.name for c in claim.claimants.all()),
                "topics": [topic.pk for topic in claim.topics.all()],
                "priority": claim.priority,
                "review_by": claim.review_by,
                "language": claim.language,
            }
        )


class DraftForm(DeskForm):
    """A new claim; its widgets are those it is edited with later."""

    name = "draft"
    text = forms.CharField(
        label="Claim", required=False, widget=_area(3, autofocus=True),
        help_text="One sentence that can be true or false, as it was said.",
    )  # fmt: skip
    claimants = forms.CharField(
        label="Claimants", required=False, widget=_area(2), help_text="Who said it; one on each line."
    )
    context = forms.CharField(
        label="Context", required=False, widget=_area(2), help_text="When and where it was said, and holds."
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label="Topics", required=False, widget=forms.CheckboxSelectMultiple
    )
    priority = forms.TypedChoiceField(
        label="Priority", choices=Claim.Priority, coerce=int, initial=Claim.Priority.NORMAL
    )


class PersonField(forms.ModelChoiceField):
    """A colleague, by the name the others use."""

    def label_from_instance(self, obj):
        return obj.get_full_name() or obj.username


class AssignForm(DeskForm):
    name = "assign"
    assignee = PersonField(
        colleagues(),
        label="Assigned to",
        required=False,
        empty_label="Nobody",
    )


class BulkForm(DeskForm):
    """What the ticked claims of the queue are to have; only the value of the chosen kind counts."""

    name = "bulk"
    kind = forms.ChoiceField(
        label="Change", required=False,
        choices=[("me", "Assign to me"), *BulkAction.Kind.choices],
    )  # fmt: skip
    assign = PersonField(colleagues(), label="To", required=False, empty_label="Nobody")
    priority = forms.ChoiceField(label="To", choices=Claim.Priority, required=False, initial=Claim.Priority.NORMAL)
    review_by = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def chosen(self, me):
        """Return the kind of change and its value, as the service takes them."""
        kind, given = self.cleaned_data.get("kind", ""), self.cleaned_data
        if kind == "me":
            return BulkAction.Kind.ASSIGN, str(me.pk)
        value = given.get(kind) if kind in BulkAction.Kind.values else None
        return kind, "" if value is None else str(value.pk) if kind == BulkAction.Kind.ASSIGN else str(value)


class RemapForm(DeskForm):
    """A key for each action, and whether there are keys at all."""

    name = "keys"
    keys_on = forms.BooleanField(label="Keys are on", required=False)

    def __init__(self, *args, keys, **kwargs):
        super().__init__(*args, initial={"keys_on": keys.are_on, **keys.of}, **kwargs)
        for name, action in ACTIONS.items():
            box = forms.TextInput(attrs={"maxlength": 1, "size": 2, "autocomplete": "off", "class": "mono"})
            self.fields[name] = forms.CharField(label=action.words, required=False, widget=box)


class AttachForm(DeskForm):
    name = "attach"
    snapshot = forms.IntegerField(widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, widget=forms.HiddenInput)
    quote = forms.CharField(
        label="Quote", required=False, strip=False, widget=_area(4),
        help_text="Select the passage in the text, or paste its exact words.",
    )  # fmt: skip
    stance = forms.ChoiceField(
        label="What it does to the claim", choices=Evidence.Stance, required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Note", required=False, widget=_area(2), help_text="Public: why this passage bears on the claim."
    )


class StanceForm(DeskForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    stance = forms.ChoiceField(label="Stance", choices=Evidence.Stance, required=False, widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False, widget=_area(2), help_text="Public.")

    def __init__(self, *args, evidence, **kwargs):
        self.evidence = evidence
        initial = {"version": evidence.version, "stance": evidence.stance, "note": evidence.note}
        super().__init__(*args, auto_id=f"e{evidence.pk}-%s", initial=initial, **kwargs)


class ExplainForm(DeskForm):
    """Why two figures can both stand; one form beside each contradiction."""

    reason = forms.CharField(label="Why both can stand", required=False, widget=_area(2))

    def __init__(self, *args, contradiction, **kwargs):
        self.contradiction = contradiction
        super().__init__(*args, auto_id=f"x{contradiction.pk}-%s", **kwargs)


class ReviewForm(DeskForm):
    name = "review"
    version = forms.IntegerField(widget=forms.HiddenInput)
    rating = forms.ModelChoiceField(
        Rating.objects.filter(retired_at=None), label="Rating", required=True, widget=forms.RadioSelect,
        empty_label=None, error_messages={"required": "Choose a rating.", "invalid_choice": "Choose a rating."},
    )  # fmt: skip
    rationale = forms.CharField(
        label="Rationale", required=False, widget=_area(4),
        help_text="What decided it for you. Internal; the others read it once theirs is in.",
    )  # fmt: skip


class VerdictForm(DeskForm):
    name = "verdict"
    version = forms.IntegerField(widget=forms.HiddenInput)
    finding = forms.CharField(
        label="Finding", required=False, widget=_area(2),
        help_text="Public: one sentence a reader can quote, at most 300 characters.",
    )  # fmt: skip
    explanation = forms.CharField(
        label="Explanation", required=False, widget=_area(7), help_text="Public: how the desk knows."
    )


class MomentField(forms.DateTimeField):
    """A day and a time, in the desk's time zone."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(required=False, input_formats=["%Y-%m-%dT%H:%M"], widget=widget, **kwargs)


class PublishForm(DeskForm):
    name = "publish"
    revision_sha256 = forms.CharField(required=False, widget=forms.HiddenInput)
    publish_at = MomentField(label="Or at a time")


class CorrectForm(DeskForm):
    name = "correct"
    revision_sha256 = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What kind of change", required=False, widget=forms.RadioSelect,
        choices=[c for c in Correction.Kind.choices if c[0] != Correction.Kind.WITHDRAWAL],
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", required=False, widget=_area(3), help_text="Public: what was wrong, or is new."
    )
    publish_at = MomentField(label="Or at a time")


class FigureForm(DeskForm):
    """One figure of a claim as data; a row without words is left out."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="As worded", required=False, max_length=200)
    qualifier = forms.ChoiceField(label="Qualifier", choices=Figure.Qualifier, required=False)
    low = forms.DecimalField(label="Low", required=False, max_digits=24, decimal_places=6)
    high = forms.DecimalField(label="High", required=False, max_digits=24, decimal_places=6)
    whole = forms.DecimalField(label="Of", required=False, max_digits=24, decimal_places=6)
    unit = forms.CharField(label="Unit or thing", required=False, max_length=80)
    period = forms.CharField(label="Period", required=False, max_length=80)
    place = forms.CharField(label="Place", required=False, max_length=80)


FigureSet = forms.formset_factory(FigureForm, extra=1, max_num=40)


def figure_forms(claim):
    """Return the forms filled with the claim's figures, and one empty row."""
    figures = claim.figures.all()
    rows = [{"pk": figure.pk, **{name: _plain(getattr(figure, name)) for name in FIELDS}} for figure in figures]
    return FigureSet(initial=rows, prefix="figures")


def _plain(value):
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


class OverrideForm(DeskForm):
    name = "override"
    rule = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why the rule does not apply here", required=False, widget=_area(2),
        help_text="Stands in the history and in the seal, which readers can download.",
    )  # fmt: skip


class RequestForm(DeskForm):
    name = "request"
    comment = forms.CharField(
        label="What has to change", required=False, widget=_area(2),
        help_text="The claim goes back to whoever judged it first, with this as its reason.",
    )  # fmt: skip


class ReasonForm(DeskForm):
    name = "reason"
    reason = forms.CharField(label="Reason", required=False, widget=_area(3))


class IntoForm(DeskForm):
    name = "into"
    into = forms.CharField(
        label="The other claim",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Code, or words of it", "autocomplete": "off"}),
    )


class NoteForm(DeskForm):
    name = "note"
    note = forms.CharField(label="New note", required=False, widget=_area(2, **{"data-do": "note"}))


class SourceForm(DeskForm):
    name = "source"
    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Title", required=False, max_length=500)
    kind = forms.ChoiceField(label="Kind", choices=Source.Kind)
    publisher = forms.ModelChoiceField(
        Publisher.objects.all(), label="Publisher", required=False, empty_label="Not known"
    )
    author = forms.CharField(label="Author", required=False, max_length=200)
    published_on = forms.DateField(
        label="Published on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.CharField(label="Language", required=False, max_length=12)
    is_primary = forms.BooleanField(label="Primary source", required=False)
    origin = forms.IntegerField(
        label="Derives from source no.", required=False,
        help_text="As a paper from a wire story; the number stands on the other source's page.",
    )  # fmt: skip

    DETAILS = ("title", "kind", "publisher", "author", "published_on", "language", "is_primary")

    @classmethod
    def of(cls, source):
        """Return the form filled with what the source's record says now."""
        details = {name: getattr(source, name) for name in cls.DETAILS}
        return cls(initial={**details, "origin": source.origin_id, "version": source.version})


class AlertForm(DeskForm):
    name = "alert"
    answer = forms.ChoiceField(
        label="Answer", required=False, widget=forms.RadioSelect,
        choices=[
            ("noise", "Noise: what the claims rest on is unharmed; lift the holds"),
            ("moved", "Moved: the document is at another address now"),
            ("same_meaning", "Same meaning: seal the verdicts anew on the present words; lift the holds"),
            ("failed_verification", "Failed verification: reopen the claims; they stay on hold until corrected"),
            ("wait", "Wait: come back on a day, or earlier if it gets worse; the holds stay"),
        ],
    )  # fmt: skip
    address = forms.CharField(
        label="New address", required=False, max_length=2048, help_text="It is looked at there at once.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )  # fmt: skip
    wait_until = forms.DateField(
        label="Come back on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label="What you saw",
        required=False,
        widget=_area(3),
        help_text="One sentence for the desk’s record; it is not published.",
    )
