"""Reliance: telling the sources that a published claim rests on them, so that looking at them never stops."""

from datetime import datetime

from claims.models import Claim, Evidence
from sources.services.sources import release, rely_on


def keep_reliance(*, claim: Claim, now: datetime) -> None:
    """Say of every source this claim's evidence quotes whether a published claim rests on it now."""
    quoted = set(Evidence.objects.filter(claim=claim).values_list("snapshot__source_id", flat=True))
    resting = Evidence.objects.accepted().filter(snapshot__source__in=quoted, claim__citability__in=Claim.PUBLIC)
    relied_on = set(resting.values_list("snapshot__source_id", flat=True))
    if relied_on:
        rely_on(source_ids=relied_on, now=now)
    if quoted - relied_on:
        release(source_ids=quoted - relied_on)
