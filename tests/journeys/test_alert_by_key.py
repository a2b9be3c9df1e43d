"""Alerts answered in a real browser by keyboard alone: same meaning, moved, wait, for the claims left ticked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Alert, Claim, QuoteCheck
from claims.services.alerts import raise_alert
from tests.claims.conftest import _triggers_put_back, emptied  # noqa: F401
from tests.factories import NOW, PAGE, PASSAGE, SnapshotFactory, decided, published, with_evidence
from tests.journeys.test_article_by_key import page, press, serious  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("emptied"),
]
REWORDED = PASSAGE.replace("The harbour office counted", "Harbour officials counted")


def alerted(claims):
    """Return an alert on so many published claims of one source that now has other words."""
    first = SnapshotFactory()
    now = SnapshotFactory(source=first.source, text=PAGE.replace(PASSAGE, REWORDED))
    for _ in range(claims):
        claim = published(decided(with_evidence(snapshot=first)))
        check = QuoteCheck.objects.create(
            evidence=claim.evidence.get(), snapshot=now, result="reworded", checked_at=NOW, passage=REWORDED,
            reason="Other words stand in its place.", start=PAGE.index(PASSAGE),
            end=PAGE.index(PASSAGE) + len(REWORDED), first_seen_at=NOW, awaits_confirmation=True,
        )  # fmt: skip
        raised = raise_alert(source_id=first.source_id, check_ids=[check.pk], now=NOW)
    return raised


def test_alerts_are_answered_by_key_alone(page):  # noqa: F811
    same, moved, wait = alerted(2), alerted(1), alerted(1)

    # "Same meaning", for one of two claims: the other is unticked and stays listed, on hold.
    page.goto(f"/admin/alerts/{same.pk}/")
    assert serious(page) == []
    page.keyboard.press("c")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.keyboard.type("The office now calls them officials.")
    press(page, "Control+Enter")
    kept, answered = same.items.order_by("pk")
    assert (kept.answer, answered.answer.answer) == (None, "same_meaning")
    assert Claim.objects.get(pk=answered.claim_id).citability == "citable"
    assert Claim.objects.get(pk=kept.claim_id).citability == "on_hold"
    assert answered.claim.evidence.get().quote == REWORDED
    assert "Sealed anew on these words" in page.locator("body").inner_text()

    # A typed digit is a digit; the refusal keeps what was typed.
    page.keyboard.press("1")
    page.keyboard.type("5")
    assert page.locator("[name=answer]:checked").get_attribute("value") == "noise"
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    press(page, "Control+Enter")
    assert "Say in a sentence what you saw." in page.locator(".wrong").inner_text()
    [refused] = page.complaints
    assert "409" in refused
    page.complaints.clear()

    # "Moved": a new address, looked at there.
    page.goto(f"/admin/alerts/{moved.pk}/")
    page.keyboard.press("2")
    page.keyboard.type("https://tidewater.example/moved-here")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != "note":
        page.keyboard.press("Tab")
    page.keyboard.type("It moved with their new site.")
    press(page, "Control+Enter")
    moved.source.refresh_from_db()
    assert moved.source.url == "https://tidewater.example/moved-here"
    assert "Waits for the look at the new address" in page.inner_text("header.head")

    # "Wait": until a day typed in the field, and it leaves the open ones.
    page.keyboard.press("Escape")
    page.goto(f"/admin/alerts/{wait.pk}/")
    page.keyboard.press("5")
    day = timezone.localdate() + timedelta(days=7)
    page.keyboard.type(f"{day:%m%d%Y}")
    while page.evaluate("document.activeElement.name") != "note":
        page.keyboard.press("Tab")
    page.keyboard.type("Their press office answers next week.")
    press(page, "Control+Enter")
    wait.refresh_from_db()
    assert timezone.localdate(wait.wait_until) == day
    assert "Waits until" in page.inner_text("header.head")

    # The page's whole comparison is one key away, and so is the next alert.
    page.goto(f"/admin/alerts/{same.pk}/")
    press(page, "f")
    assert "/differences/" in page.url
    assert serious(page) == []
    page.goto("/admin/alerts/")
    assert serious(page) == []
    assert Alert.objects.calling(timezone.now()).count() >= 1
