"""A reviewer in a real browser: text is selected with mouse and keys, two tabs save, nothing is blocked or cut off."""

from urllib.parse import urlsplit

import pytest

from claims import permissions
from tests.fakes import Site
from tests.journeys.service import PASSWORD

ARTICLE = """The ferry line and its winter

The ferry line cancelled 28 of its 48 winter crossings in January 2025, harbour master Ole Brandt said on Monday.
Is the timetable too ambitious?
"""
LOG = """Log of the harbour office

The office publishes the log of the line at the end of each month 📘.
In January the line cancelled 28 of its 48 scheduled crossings, eleven of them for want of a crew.
The remaining crossings ran with a mean delay of six minutes.
"""
QUOTE = "In January the line cancelled 28 of its 48 scheduled crossings"
WHOLE = "In January the line cancelled 28 of its 48 scheduled crossings, eleven of them for want of a crew."

# Where the words stand on the screen: the middle of the first and of the last line they cover.
WHERE = """(words) => {
  const walker = document.createTreeWalker(document.querySelector("[data-reader]"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    const boxes = Array.from(range.getClientRects());
    const [first, last] = [boxes[0], boxes[boxes.length - 1]];
    return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
  }
}"""
# The selection is told to the page a moment after it is made: the field holds these words, or no longer those.
FILLED = """([before, words]) => {
  const { value } = document.querySelector("#attach-quote");
  return words === null ? value !== before : value === words;
}"""
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def service(running):
    site = Site()
    yield running(site.origin)
    site.close()


@pytest.fixture
def complaints():
    return []


@pytest.fixture
def context(browser, service, complaints):
    """A signed-in browser whose pages complain aloud of what fails, is refused by the policy or breaks."""
    service.add_person("rosa", permissions.REVIEWERS)
    context = browser.new_context(base_url=service.url, viewport={"width": 1440, "height": 900})
    context.on("page", lambda page: page.on("pageerror", lambda error: complaints.append((page.url, str(error)))))
    context.on("console", lambda message: _note(complaints, message))
    page = context.new_page()
    page.goto("/login?next=/admin/")
    page.fill("#id_username", "rosa")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    yield context
    context.close()


def _note(complaints, message):
    # A stale save answers 412 on purpose, which the browser reports as a failed load.
    is_refusal = "status of 412" in message.text
    if message.type in ("error", "warning") and not is_refusal:
        complaints.append((message.page.url if message.page else "", message.text))


def press(page, name, within="main, .desk"):
    with page.expect_navigation():
        page.locator(within).get_by_role("button", name=name, exact=True).first.click()


def accepted(page):
    """Paste an article, accept its first candidate and open the claim."""
    page.goto("/admin/articles/new/")
    page.fill("#paste-text", ARTICLE)
    press(page, "Read it", "#by-text")
    assert page.locator(".candidate").first.inner_text().count("28 of 48")
    press(page, "Accept as a claim")
    with page.expect_navigation():
        page.click(".news a")


def add_pasted_evidence(page):
    """Paste a document as a source, select its passage with the mouse, then with the keys, and attach it."""
    page.locator("#add-evidence summary", has_text="Paste its text").click()
    page.fill("#source-paste-text", LOG)
    press(page, "Keep this text")
    page.locator("[data-reader]").scroll_into_view_if_needed()

    left, top, right, bottom = page.evaluate(WHERE, QUOTE)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=6)
    page.mouse.up()
    page.wait_for_function(FILLED, arg=["", QUOTE])
    # In code points: the book before it is one, and two units in the browser.
    assert int(page.input_value("#attach-start")) == LOG.index(QUOTE)

    page.locator("[data-reader]").focus()
    quoted = QUOTE
    while quoted != WHOLE:
        page.keyboard.press("ArrowDown")
        page.wait_for_function(FILLED, arg=[quoted, None], timeout=5000)
        quoted = page.input_value("#attach-quote")

    page.locator("#attach").get_by_label("Supports", exact=True).check()
    press(page, "Attach")
    assert page.locator("#evidence mark").inner_text() == WHOLE


def save_in_two_tabs(page):
    """Edit the claim in two tabs: the second is shown both texts."""
    other = page.context.new_page()
    other.goto(page.url)
    for tab, text in ((page, "The line cancelled 28 crossings."), (other, "The line cancelled 48 crossings.")):
        tab.locator("#edit > summary").click()
        tab.fill("#edit-text", text)
        press(tab, "Save", "#edit")
    conflict = other.locator(".conflict").inner_text()
    assert "The line cancelled 28 crossings." in conflict
    assert "The line cancelled 48 crossings." in conflict
    other.close()
    assert "28 crossings" in page.locator(".statement").inner_text()


def test_a_reviewer_takes_an_article_to_attached_evidence(context, complaints):
    page = context.pages[0]
    accepted(page)
    add_pasted_evidence(page)
    save_in_two_tabs(page)
    claim = urlsplit(page.url).path

    visited = ["/", "/claims", "/admin/", "/admin/articles/", "/admin/articles/new/", "/admin/claim/new/"]
    visited += ["/admin/articles/1/", claim, f"{claim}move/drop/"]
    visited += ["/admin/source/", "/admin/source/2/", "/admin/alerts/", "/admin/claims/claim/", "/favicon.ico"]
    wrong = {}
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for path in visited:
            answer = page.goto(path)
            overhang = page.evaluate(OVERHANG)
            if answer is None or not answer.ok or overhang > 0:
                wrong[path, width] = (answer and answer.status, overhang)

    assert wrong == {}
    assert complaints == []
