"""Taking an import back: its claims are deleted again while nobody has worked on any of them."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.deletion import Collector

from claims.errors import ImportMoveRefused
from claims.models import Appearance, Candidate, Claim, Evidence, Import, Review, ReviewerNote, Verdict
from sources.services.history import sign_history

from .import_leases import lease_import, until
from .versions import require_work

BATCH = 200


def touched_claims(run: Import) -> QuerySet[Claim]:
    """Return the claims of an import that somebody has worked on since: edited, assigned, judged, quoted, noted."""
    of_claim = {"claim": OuterRef("pk")}
    work = [Exists(model.objects.filter(**of_claim)) for model in (Evidence, Review, ReviewerNote, Candidate, Verdict)]
    points = Claim.objects.filter(Q(merged_into=OuterRef("pk")) | Q(superseded_by=OuterRef("pk")))
    later = Appearance.objects.filter(**of_claim).exclude(added_at=OuterRef("created_at"))
    touched = Q(version__gt=1) | ~Q(workflow=Claim.Workflow.UNSTARTED) | Exists(points) | Exists(later)
    for one in work:
        touched |= Q(one)
    return Claim.objects.filter(touched, imported__run=run)


def undo_import(*, import_id: int, by: User, now: datetime) -> Import:
    """Have an import's claims deleted; raise ImportMoveRefused once one of them was worked on."""
    require_work(by)
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=import_id)
        if run.state not in (Import.State.DONE, Import.State.FAILED) or not run.new_count:
            raise ImportMoveRefused(f"This import is {run.get_state_display().lower()}; there is nothing to undo.")
        count = touched_claims(run).count()
        if count:
            raise ImportMoveRefused(
                f"{count:,} of its claims {'was' if count == 1 else 'were'} worked on since; the import stays. "
                "Drop or merge single claims instead."
            )
        run.state, run.tries, run.undone_by = Import.State.UNDOING, 0, by
        run.save(update_fields=["state", "tries", "undone_by"])
    return run


def undo_batches(*, import_id: int, clock: Callable[[], datetime]) -> bool:
    """Delete an import's claims batch by batch, each with an entry in its history; those worked on meanwhile stay."""
    run = lease_import(import_id, Import.State.UNDOING)
    if run is None:
        return False
    while True:
        with transaction.atomic():
            held = Import.objects.select_for_update().filter(pk=run.pk, attempt=run.attempt)
            if not held.exists():
                return False
            free = Claim.objects.filter(imported__run=run).exclude(pk__in=touched_claims(run))
            batch = list(free.order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not batch:
                held.update(state=Import.State.UNDONE, finished_at=clock(), lease_expires_at=None)
                return True
            doomed = list(Claim.objects.select_for_update().filter(pk__in=batch))
            for claim in doomed:
                sign_history(claim, by=run.undone_by, now=clock(), change="import undone")
            collector = Collector(using=DEFAULT_DB_ALIAS)  # what hangs on them, in a few statements for all
            collector.collect(doomed)
            collector.delete()
            held.update(undone_count=F("undone_count") + len(batch), tries=0, lease_expires_at=until())
