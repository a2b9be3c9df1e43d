"""What a search of the published claims found, counted by what the index does not count: sources and time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from claims.matching.queries import read_query
from claims.matching.searching import Search
from claims.models import Claim, Evidence, PublicDocument

from .matching import usable_index
from .searching import Filters

SOURCES_SHOWN = 30
# The days a reader may ask for; the address has the name.
PERIODS = {"week": 7, "month": 31, "year": 366}


@dataclass(frozen=True)
class Beside:
    """How many of the claims found rest on each source, changed lately, and can be cited as they stand."""

    sources: list[tuple[int, str, int]]
    periods: dict[str, int]
    citable: int


def since(period: str, now: datetime) -> datetime:
    """Return where a period begins; KeyError for one that has no name."""
    return now - timedelta(days=PERIODS[period])


def counted_beside(text: str, filters: Filters, *, now: datetime) -> Beside:
    """Count the claims a search finds, the best thousand of them, in three short queries."""
    index, _ = usable_index(text=text, visible_to=AnonymousUser(), now=now)
    hits = Search(index, read_query(text), filters.kept()).run(counted=()).hits
    ids = [hit.number for hit in hits]
    documents = PublicDocument.objects.filter(claim__in=ids, status=200)
    held = Q(claim__citability=Claim.Citability.ON_HOLD) | Q(claim__superseded_by__isnull=False)
    counts = documents.aggregate(
        citable=Count("pk", filter=~held),
        **{name: Count("pk", filter=Q(updated_at__gte=since(name, now))) for name in PERIODS},
    )
    citable = counts.pop("citable")
    return Beside(_sources(ids), counts, citable)


def _sources(ids: list[int]) -> list[tuple[int, str, int]]:
    """Count the sources of these claims, those alone that a claim's public document names."""
    source = F("snapshot__source")
    named = Concat(Value('"id":'), Cast(source, CharField()), Value(',"kind":'))
    told: QuerySet[Evidence] = Evidence.objects.accepted().filter(claim__in=ids, claim__public_document__status=200)
    told = told.alias(named=named).filter(claim__public_document__body__contains=F("named"))
    rows = told.order_by().values("snapshot__source", "snapshot__source__title", "snapshot__source__url")
    counted = rows.annotate(number=Count("claim", distinct=True)).order_by("-number", "snapshot__source")
    return [
        (row["snapshot__source"], row["snapshot__source__title"] or row["snapshot__source__url"], row["number"])
        for row in counted[:SOURCES_SHOWN]
    ]
