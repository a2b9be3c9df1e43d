"""Freshness: the gravest of what is known, in one word."""

from datetime import date

import pytest

from claims.freshness import freshness

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
