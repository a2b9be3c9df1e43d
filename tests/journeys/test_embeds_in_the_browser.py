"""A card on another site's page, in a real browser: it fits its words, opens our page, and nothing else is framed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.claims.conftest import _fast_passwords, _triggers_put_back, emptied  # noqa: F401
from tests.claims.stories import held, sorted_claim, withdrawn
from tests.factories import decided, published
from tests.fakes import Answer, Site
from tests.journeys.conftest import CHROMIUM
from tests.tools import find_chromium

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("emptied"),
]

HOST = """<!doctype html><html lang=en><meta charset=utf-8><title>An article</title><body><h1>An article</h1>
<script>
  window.told = [];
  addEventListener("message", (event) => told.push(event.data));
</script>
<script src="{desk}/static/factcheck/embed-host.js"></script>
{html}</body></html>"""
FITS = """() => {
  const height = Number(document.querySelector("iframe").height);
  return told.length > 0 && height === told.at(-1).height && height !== 320;
}"""
FRAMED = ["/", "/claims", "/claims/{code}", "/claims/{code}/versions/1", "/corrections", "/login", "/oembed?url=x"]
FRAMED += ["/feed.json", "/claims/{code}.jsonld", "/embed", "/api/v1/claims/{code}", "/nowhere"]


@pytest.fixture
def article():
    site = Site()
    site.pages["/favicon.ico"] = Answer(status=204)
    yield site
    site.close()


@pytest.fixture
def browser():
    """Run work in a thread with a browser of its own: Playwright's loop would give this one other connections."""

    def begin():
        playwright = sync_playwright().start()
        return playwright, playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)

    def end():
        chromium.close()
        playwright.stop()

    with ThreadPoolExecutor(1) as thread:
        playwright, chromium = thread.submit(begin).result()
        yield lambda work, *given: thread.submit(work, chromium, *given).result()
        thread.submit(end).result()


def come(chromium, url):
    """Open a page as a reader who was never here: a card may be kept for a minute, and nobody waits for it."""
    page = chromium.new_context(viewport={"width": 800, "height": 900}).new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.goto(url)
    return page


def look_and_follow(chromium, article, claim_url):
    """The card tells its height and nothing else, and gets it; its one link opens our page as a page of its own."""
    page = come(chromium, article)
    page.wait_for_function(FITS)
    card = page.frames[1]
    assert "The harbour office counted 412 arrivals." in card.locator(".finding").inner_text()
    assert card.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert all(list(message) == ["height"] for message in page.evaluate("told"))
    assert card.evaluate("origin") == "null"
    assert page.context.cookies() == [] and page.complaints == []

    with page.context.expect_page() as opened:
        card.get_by_role("link", name="Read the evidence").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == claim_url
    assert opened.value.locator("h1").inner_text() == "The harbour office counted 412 arrivals."
    assert opened.value.evaluate("window.opener === null && origin !== 'null'")


def card_says(chromium, article):
    page = come(chromium, article)
    page.wait_for_function(FITS)
    return page.frames[1].locator(".card").inner_text()


def faults(chromium, url):
    """Return what axe finds wrong with the card, in light and in dark."""
    found = []
    for scheme in ("light", "dark"):
        page = chromium.new_context(color_scheme=scheme).new_page()
        page.goto(url)
        found += [(scheme, fault["id"], fault["nodes"][0]["html"]) for fault in Axe().run(page).response["violations"]]
    return found


def nothing_is_framed(chromium, url):
    page = come(chromium, url)
    assert len(page.frames) == len(FRAMED) + 1
    for frame in page.frames[1:]:
        frame.wait_for_url("chrome-error://chromewebdata/")


def test_a_card_fits_opens_our_page_and_alone_is_framed(browser, live_server, settings, article):
    settings.SITE_URL = live_server.url
    claim = published(decided(sorted_claim(text="The harbour counted 412 arrivals in May, " * 6)))
    url = f"{live_server.url}/claims/{claim.code}"
    told = Client().get("/oembed", {"url": url, "maxwidth": 420}).json()
    article.pages["/"] = Answer(HOST.format(desk=live_server.url, html=told["html"]))
    frames = "".join(f'<iframe src="{live_server.url}{path.format(code=claim.code)}"></iframe>' for path in FRAMED)
    article.pages["/frames"] = Answer(f"<!doctype html><title>Frames</title>{frames}")

    browser(look_and_follow, article.url("/"), url)
    browser(nothing_is_framed, article.url("/frames"))
    # A hold and a withdrawal show on the page that embeds it, without any change there.
    held(claim)
    assert "On hold since" in browser(card_says, article.url("/"))
    assert browser(faults, f"{live_server.url}/embed/{claim.code}") == []
    withdrawn(claim)
    assert "was withdrawn" in browser(card_says, article.url("/"))
