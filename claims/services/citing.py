"""Citing: which article used which version of a claim."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims import permissions
from claims.errors import ClaimRefused, NotPermitted
from claims.models import CitationUse, Claim
from sources.services.sources import clean_address


@transaction.atomic
def record_use(*, claim_id: int, article_url: str, article_title: str, by: User, now: datetime) -> CitationUse:
    """Record that an article cites the version of a claim that stands now; the same twice is one record."""
    if not permissions.can_cite(by):
        raise NotPermitted("Recording a citation takes an editor's account.")
    claim = Claim.objects.published().filter(pk=claim_id).first()
    if claim is None:
        raise ClaimRefused("Only a published claim can be cited.")
    use, _ = CitationUse.objects.get_or_create(
        publication=claim.publications.latest(),
        article_url=clean_address(article_url),
        defaults={"article_title": article_title.strip()[:300], "used_by": by, "used_at": now},
    )
    return use
