"""Imports: a file or an address is looked through, shown, and brought in when a person says so."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.importing.columns import COLUMNS, JSON_ALONE
from claims.importing.formats import LABELS
from claims.importing.tables import TableWriter
from claims.models import Claim, Import
from claims.services import import_undo as undoing
from claims.services import importing
from sources.errors import Refused
from sources.wake import wake

from .forms import AddressForm, DeskForm
from .page import desk_page, put_beside, show

PER_PAGE, PROBLEMS, CLAIMS = 20, 50, 20
RUN = "claims.tasks.run_imports"
_workers_page = desk_page(may=permissions.can_work)


class ImportFileForm(DeskForm):
    name = "file"
    file = forms.FileField(
        label="File", allow_empty_file=True, help_text="CSV, JSON, JSON Lines or a saved page, up to 10 MiB."
    )


@_workers_page
def imports(request):
    """Take a file or an address, and list what came in before."""
    given = {"file": ImportFileForm(), "address": AddressForm()}
    chosen = request.POST.get("by", "file")
    status = 200
    if request.method == "POST" and chosen in given:
        form = given[chosen] = type(given[chosen])(request.POST, request.FILES)
        status = 400
        if form.is_valid():
            try:
                return redirect(_begin(chosen, form.cleaned_data, request.user))
            except Refused as refusal:
                put_beside(form, refusal)
                status = refusal.status
    rows = Import.objects.select_related("started_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request, "imports", title="Import", status=status, forms=given, chosen=chosen, page=page, labels=LABELS
    )


def _begin(by, given, user):
    now = timezone.now()
    if by == "address":
        run = importing.start_fetch(url=given["url"], by=user, now=now)
        wake(RUN)
        return run
    file = given["file"]
    content = file.read(settings.UPLOAD_LIMIT + 1)
    looked = importing.look_through_upload(content=content, by=user)
    return importing.start_upload(content=content, looked=looked, name=file.name or "", by=user, now=now)


@_workers_page
@require_GET
def import_page(request, pk):
    """Show an import: what would come in, how far it is, what came in, what was refused and why."""
    run = get_object_or_404(Import.objects.select_related("started_by", "undone_by"), pk=pk)
    problems = Paginator(run.problems.all(), PROBLEMS).get_page(request.GET.get("problems"))
    claims = Claim.objects.filter(imported__run=run).order_by("pk").prefetch_related("claimants")
    is_written = run.state in (Import.State.DONE, Import.State.FAILED, Import.State.UNDONE)
    return show(
        request,
        "import",
        title="Import",
        run=run,
        file_format=LABELS.get(run.file_format, ""),
        problems=problems,
        claims=Paginator(claims, CLAIMS).get_page(request.GET.get("page")) if is_written else None,
        words=_words(run),
        may_undo=run.state in (Import.State.DONE, Import.State.FAILED) and run.new_count > 0,
    )


@_workers_page
@require_GET
def import_state(request, pk):
    """Tell the waiting page how far it is."""
    run = get_object_or_404(Import, pk=pk)
    return JsonResponse({"state": run.state, "words": _words(run)})


def _words(run):
    if run.state == Import.State.RUNNING and run.row_count:
        return f"{run.cursor:,} of {run.row_count:,} rows"
    if run.state == Import.State.RUNNING:
        return f"{run.cursor:,} rows"
    if run.state == Import.State.UNDOING:
        return f"{run.undone_count:,} of {run.new_count:,} claims deleted"
    return ""


@_workers_page
@require_POST
def import_confirm(request, pk):
    """Let it come in."""
    return _moved(request, pk, lambda: importing.confirm_import(import_id=pk, by=request.user, now=timezone.now()))


@_workers_page
@require_POST
def import_cancel(request, pk):
    """Put it aside."""
    return _moved(request, pk, lambda: importing.cancel_import(import_id=pk, by=request.user, now=timezone.now()))


@_workers_page
def import_undo(request, pk):
    """Ask once more; then have its claims deleted."""
    run = get_object_or_404(Import, pk=pk)
    if request.method == "POST":
        return _moved(request, pk, lambda: undoing.undo_import(import_id=pk, by=request.user, now=timezone.now()))
    return show(request, "import_undo", title="Undo an import", run=run, touched=undoing.touched_claims(run).count())


def _moved(request, pk, move):
    run = get_object_or_404(Import, pk=pk)
    try:
        move()
        wake(RUN)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(run)


@_workers_page
@require_GET
def import_problems(request, pk):
    """Download what was refused, and why, as a table."""
    run = get_object_or_404(Import, pk=pk)
    columns = ("row", "place", "column", "kind", "code", "message")
    table = TableWriter(columns)

    def lines():
        yield "\ufeff" + table.header()
        for one in run.problems.order_by("pk").iterator(chunk_size=500):
            kind = "note" if one.is_note else "refused"
            yield table.row({name: kind if name == "kind" else getattr(one, name) for name in columns})

    return _download(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), f"import-{pk}-report.csv")


@_workers_page
@require_GET
def template(request):
    """Download an empty table with every column, and one row as an example."""
    table = TableWriter(name for name in COLUMNS if name not in JSON_ALONE)
    row = {
        "text": "The list lost 28 of its 48 seats.", "context": "Municipal vote of 2005", "claimants": "Ann Example",
        "topics": "Elections; Seats", "language": "en", "priority": 3, "said_on": "2005-12-16",
        "said_at": "https://news.example/results",
    }  # fmt: skip
    content = "\ufeff" + table.header() + table.row(row)
    return _download(HttpResponse(content, content_type="text/csv; charset=utf-8"), "claims.csv")


def _download(response, name):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
