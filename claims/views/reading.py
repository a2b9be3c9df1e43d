"""How every public page finds a claim: published, withdrawn, or not there for anyone outside the desk."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from claims import public_ids
from claims.formats.page import claim_card
from claims.models import Claim


@dataclass(frozen=True)
class Found:
    """A claim that was published, with what the world is told of it now."""

    claim: Claim
    document: dict[str, Any]

    @property
    def is_withdrawn(self) -> bool:
        return self.claim.citability == Claim.Citability.WITHDRAWN

    @property
    def code(self) -> str:
        return self.claim.code


def find_claim(code: str) -> Found:
    """Return the claim of this code, in any case and with or without the hyphen.

    Raises Http404 for one that is unknown, malformed or not published, all alike.
    """
    public_id = public_ids.read(code)
    readable = [*Claim.PUBLIC, Claim.Citability.WITHDRAWN]
    claim = (
        Claim.objects.select_related("public_document").filter(public_id=public_id, citability__in=readable).first()
        if public_id
        else None
    )
    if claim is None:
        raise Http404
    return Found(claim, json.loads(claim.public_document.body))


def merged_into(code: str) -> str | None:
    """Return the code of the published claim this one was merged into, through others that were; None otherwise."""
    public_id, seen = public_ids.read(code), set()
    while public_id and public_id not in seen:
        seen.add(public_id)
        rows = Claim.objects.filter(public_id=public_id, merged_into__isnull=False)
        target = rows.values_list("merged_into__public_id", "merged_into__citability").first()
        if target is None:
            return None
        public_id, citability = target
        if citability in Claim.PUBLIC or citability == Claim.Citability.WITHDRAWN:
            return public_ids.written(public_id)
    return None


def gone(request: HttpRequest, found: Found) -> HttpResponse:
    """Answer 410 with the tombstone: that it was withdrawn, when and why, and not what it said."""
    withdrawal = found.document["corrections"][0]
    context = {
        "code": found.code,
        "withdrawal": withdrawal,
        "withdrawn_at": datetime.fromisoformat(withdrawal["at"]),
        "superseded_by": found.document["superseded_by"],
    }
    return render(request, "claims/withdrawn.html", context, status=410)


def cards(claims: Any) -> list[dict[str, Any]]:
    """Return what a list says of each claim; the claims come with their documents fetched."""
    return [claim_card(json.loads(claim.public_document.body)) for claim in claims]
