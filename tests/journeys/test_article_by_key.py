"""An article taken apart in a real browser by keyboard alone, with nothing an accessibility checker calls serious."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from claims.models import Candidate, Claim
from claims.services import intake
from tests.claims.conftest import _triggers_put_back, emptied  # noqa: F401
from tests.factories import NOW, ClaimFactory, ReviewerFactory

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("emptied"),
]

TEXT = """Harbour news

The ferry line cancelled 28 of its 48 winter crossings in January 2025, and the harbour lost 3.2 million crowns.
The port counted 412 arrivals in May 2024, nine more than in the year before.
Traffic fell by 12 per cent in June, according to the harbour office.
It was the worst June since 1998. Nobody spoke of the <script>alert(1)</script><img src=x onerror=alert(2)>.
A gull sat on the pier.
"""


@pytest.fixture
def page(browser, live_server):
    """A signed-in reviewer's page; whatever breaks or is refused by the policy fails the test."""
    person, client, complaints = ReviewerFactory(username="rosa"), Client(), []
    client.force_login(person)
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.person = person
    page.complaints = complaints
    yield page
    context.close()
    assert complaints == []


def press(page, key):
    """Press a key that sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        page.keyboard.press(key)


def current(page):
    return page.locator("form[data-candidate].is-chosen .quote").inner_text()


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_an_article_becomes_claims_by_key_alone(page):
    like = ClaimFactory(text="The port counted 412 arrivals in May 2024.", drafted_by=page.person)
    article, _ = intake.add_article_text(text=TEXT, by=page.person, now=NOW)
    page.goto(f"{article.get_absolute_url()}?order=text")

    assert serious(page) == []
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    assert serious(page) == []
    page.keyboard.press("Escape")

    # Back and forth, and the place in the text goes with it.
    first = current(page)
    page.keyboard.press("j")
    assert current(page) != first
    assert page.locator(".reader .is-current").first.inner_text() in current(page)
    page.keyboard.press("k")
    assert current(page) == first

    # Two statements in one sentence: split, then joined again, then split for good.
    page.keyboard.press("s")
    press(page, "1")
    assert current(page) == "The ferry line cancelled 28 of its 48 winter crossings in January 2025"
    page.keyboard.press("j")
    assert current(page) == "the harbour lost 3.2 million crowns."
    press(page, "b")
    assert current(page) == first
    page.keyboard.press("s")
    press(page, "1")

    # Edited, then accepted: the words typed are the claim's, and the next passage is the current one.
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("The ferry line cancelled 28 of 48 crossings in January 2025.")
    press(page, "Control+Enter")
    claim = Claim.objects.exclude(pk=like.pk).get()
    assert claim.text == "The ferry line cancelled 28 of 48 crossings in January 2025."
    assert current(page) == "the harbour lost 3.2 million crowns."
    assert page.locator(f".reader [data-code='{claim.code}']").count() == 1

    # Accepted as it stands; dismissed, and taken back.
    press(page, "Enter")
    assert Claim.objects.count() == 3
    gone = current(page)
    press(page, "d")
    assert current(page) != gone
    press(page, "u")
    assert current(page) == gone

    # Merged into a claim like it, of those shown beside.
    page.wait_for_selector("form.is-chosen [data-near-digit]")
    page.keyboard.press("m")
    press(page, "1")
    assert (Candidate.objects.get(decision="merged").quote, like.appearances.count()) == (gone, 1)

    # A passage the machine did not list, by sentences.
    before = Candidate.objects.count()
    page.keyboard.press("p")
    while "A gull sat" not in page.input_value("#missed-quote"):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(20)
    press(page, "Enter")
    assert Candidate.objects.count() == before or "A gull sat" in current(page)
    assert "A gull sat" in current(page)
    press(page, "a")

    # A digit or a letter typed into a field does nothing but stand there; off is off.
    page.keyboard.press("e")
    page.keyboard.type("daj1")
    assert Claim.objects.count() == 4
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("[data-keys-off]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_timeout(100)
    assert Claim.objects.count() == 4
    assert "decided" in page.locator(".progress").inner_text()
