"""A card on another site's page, in a real browser: it fits its words, opens our page, and nothing else is framed."""

import pytest
from django.test import Client

from tests.claims.conftest import _fast_passwords, _triggers_put_back, emptied  # noqa: F401
from tests.claims.stories import held, sorted_claim, withdrawn
from tests.factories import decided, published
from tests.fakes import Answer, Site

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
def reader(browser):
    """Open pages as a reader who comes anew: a card may be kept for a minute, and nobody waits for it here."""
    contexts = []

    def come(url):
        contexts.append(browser.new_context(viewport={"width": 800, "height": 900}))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.goto(url)
        return page

    yield come
    for context in contexts:
        context.close()


def test_a_card_fits_opens_our_page_and_alone_is_framed(live_server, settings, article, reader):
    settings.SITE_URL = live_server.url
    claim = published(decided(sorted_claim(text="The harbour counted 412 arrivals in May, " * 6)))
    told = Client().get("/oembed", {"url": f"{live_server.url}/claims/{claim.code}", "maxwidth": 420}).json()
    article.pages["/"] = Answer(HOST.format(desk=live_server.url, html=told["html"]))
    frames = "".join(f'<iframe src="{live_server.url}{path.format(code=claim.code)}"></iframe>' for path in FRAMED)
    article.pages["/frames"] = Answer(f"<!doctype html><title>Frames</title>{frames}")

    # It tells its height and nothing else, and the article's page gives it that height.
    page = reader(article.url("/"))
    page.wait_for_function(FITS)
    card = page.frames[1]
    assert "The harbour office counted 412 arrivals." in card.locator(".finding").inner_text()
    assert card.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert all(list(message) == ["height"] for message in page.evaluate("told"))
    assert card.evaluate("origin") == "null"
    assert page.context.cookies() == [] and page.complaints == []

    # Its one link opens our page as a page of its own.
    with page.context.expect_page() as opened:
        card.get_by_role("link", name="Read the evidence").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{live_server.url}/claims/{claim.code}"
    assert opened.value.locator("h1").inner_text() == "The harbour office counted 412 arrivals."
    assert opened.value.evaluate("window.opener === null && origin !== 'null'")

    # A hold and a withdrawal show on the page that embeds it, without any change there.
    held(claim)
    page = reader(article.url("/"))
    page.wait_for_function(FITS)
    assert "On hold since" in page.frames[1].locator(".notice").inner_text()
    withdrawn(claim)
    page = reader(article.url("/"))
    page.wait_for_function(FITS)
    assert "was withdrawn" in page.frames[1].locator(".finding").inner_text()

    # Nothing else of ours can be framed.
    page = reader(article.url("/frames"))
    assert {frame.url for frame in page.frames[1:]} == {"chrome-error://chromewebdata/"}
    assert len(page.frames) == len(FRAMED) + 1
