"""Freshness: the gravest of what is known, in one word."""

from datetime import date

import pytest
from django.urls import reverse

from claims.freshness import freshness
from claims.services.freshness import tell_what_fell_due
from tests.claims.stories import signed_in
from tests.factories import NOW, ClaimFactory, ReviewerFactory, published

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("hold_reason", "evidence_reason", "review_by", "word"),
    [
        ("", "", None, "current"),
        ("", "", date(2026, 3, 17), "current"),
        ("", "", date(2026, 3, 16), "due"),
        ("", "", date(2026, 3, 2), "due"),
        ("", "", date(2026, 3, 1), "overdue"),
        ("", "It is gone.", date(2026, 3, 1), "evidence_changed"),
        ("It now says 409.", "", None, "evidence_changed"),
    ],
)
def test_the_gravest_is_said(hold_reason, evidence_reason, review_by, word):
    said = freshness(hold_reason=hold_reason, evidence_reason=evidence_reason, review_by=review_by, today=TODAY)

    assert said.word == word
    assert said.reason


def test_a_hold_gives_its_own_reason():
    said = freshness(hold_reason="It now says 409.", evidence_reason="It is gone.", review_by=None, today=TODAY)

    assert said.reason == "It now says 409."


@pytest.mark.django_db
def test_lists_and_desk_say_what_fell_due(client):
    claim = published()
    claim.review_by = TODAY
    claim.save()
    tell_what_fell_due(now=NOW)
    due = "The desk looks at it again by 2 March 2026."

    assert due in client.get(reverse("claims")).content.decode()
    assert due in signed_in(ReviewerFactory()).get(reverse("desk-claim", args=[claim.code])).content.decode()
    told = client.post("/api/v1/claims:status", {"ids": [claim.code]}, content_type="application/json").json()
    assert told["results"][0]["freshness"] == {"word": "due", "reason": due}


@pytest.mark.django_db
def test_the_desks_list_over_the_api_tells_the_freshness_of_what_is_published_and_of_nothing_else():
    told, draft = published(), ClaimFactory()

    rows = signed_in(ReviewerFactory()).get("/api/v1/claims").json()["results"]

    words = {row["id"]: row["freshness"] and row["freshness"]["word"] for row in rows}
    assert words == {told.code: "current", draft.code: None}
