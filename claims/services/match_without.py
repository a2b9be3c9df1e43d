"""Finding claims while there is no index: a bounded look into the database, ranked as ever."""

from functools import reduce
from operator import or_

from django.db.models import Q

from claims.matching import MatchIndex
from claims.matching.analysis import COMMON, clean_query, stems
from claims.models import Claim, PublicDocument

from . import match_rows

# The longest words of a text tell most; more than these make the look no better, only slower.
WORDS = 6
CLAIMS = 200
LOOKED_AT = 20_000


def index_without(*, text: str, public: bool) -> MatchIndex:
    """Return an index in memory of the newest claims that have one of the text's longest words."""
    words = {word for word in stems(clean_query(text)) if word not in COMMON and len(word) > 2}
    wanted = sorted(words, key=lambda word: (-len(word), word))[:WORDS]
    index = MatchIndex()
    if not wanted:
        return index
    if public:
        said = reduce(or_, (Q(body__icontains=word) for word in wanted))
        told = PublicDocument.objects.filter(status=200).order_by("-updated_at").values("pk")[:LOOKED_AT]
        ids = list(PublicDocument.objects.filter(said, pk__in=told).values_list("pk", flat=True)[:CLAIMS])
        index.write(match_rows.public_entries(ids))
    else:
        said = reduce(or_, (Q(text__icontains=word) for word in wanted))
        newest = Claim.objects.order_by("-pk").values("pk")[:LOOKED_AT]
        ids = list(Claim.objects.filter(said, pk__in=newest).order_by("-pk").values_list("pk", flat=True)[:CLAIMS])
        index.write(match_rows.desk_entries(ids))
    return index
