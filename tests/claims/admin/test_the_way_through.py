"""The main job as three people do it: from a pasted article to a published verdict, on these pages alone."""

import pytest
from django.urls import reverse

from claims.models import Article, Claim
from sources.models import Source
from tests.factories import PAGE, PASSAGE, ReviewerFactory, rating

pytestmark = pytest.mark.django_db


def test_an_article_becomes_a_published_verdict(at_desk, as_user, lead):
    second = as_user(ReviewerFactory())
    at_desk.post(reverse("desk-article-new"), {"by": "paste", "text": PAGE, "title": "A blog"})
    candidate = Article.objects.get().candidates.first()
    at_desk.post(
        reverse("desk-candidate", args=[candidate.pk]),
        {"accept": "1", "text": "412 ships came in May.", "claimant": ""},
    )
    claim = Claim.objects.get()

    def do(client, name, **given):
        answer = client.post(reverse(name, args=[claim.code]), given, follow=True)
        assert answer.status_code == 200, answer.content.decode()
        claim.refresh_from_db()
        return answer

    do(at_desk, "desk-claim-assign", me="1")
    reader = do(
        at_desk, "desk-evidence-source", by="paste", text=f"Minutes of the council.\n{PASSAGE}", title="Minutes"
    ).context["reader"]
    assert reader.source == Source.objects.get(title="Minutes")
    do(at_desk, "desk-evidence-attach", snapshot=reader.pk, quote=PASSAGE, stance="supports", note="The office's own.")
    for client in (at_desk, second):
        do(client, "desk-claim-review", version=claim.version, rating=rating().pk, rationale="The minutes say so.")
    page = do(second, "desk-claim-note", note="Agreed at once.")
    version = page.context["verdict_form"]["version"].value()
    do(at_desk, "desk-claim-verdict", version=version, finding="412 ships came.", explanation="The minutes say so.")

    shown = as_user(lead).get(reverse("desk-claim", args=[claim.code]))
    assert shown.context["step"].words == "Publish it"
    do(as_user(lead), "desk-claim-publish", revision_sha256=shown.context["publish"]["revision_sha256"].value())

    assert claim.citability == Claim.Citability.CITABLE
    assert "Agreed at once." not in claim.public_document.body
