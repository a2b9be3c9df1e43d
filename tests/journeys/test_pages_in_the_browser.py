"""The public pages in a real browser: one click copies, the list follows the typing, and nobody is shut out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from claims.models import Appearance
from claims.services.citing import record_use
from tests.claims.conftest import _fast_passwords, _triggers_put_back, emptied  # noqa: F401
from tests.claims.stories import corrected, held, signed_in, sorted_claim, withdrawn
from tests.factories import (
    NOW,
    ClaimantFactory,
    ClaimFactory,
    EditorFactory,
    SnapshotFactory,
    decided,
    published,
    with_evidence,
)
from tests.journeys import test_embeds_in_the_browser as embeds

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("emptied"),
]

browser = embeds.browser  # in a thread of its own, as there
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ARABIC = "خسر الحزب 28 مقعدا من أصل 48"


def desk():
    """Publish one claim of every kind a page tells of, and return them by what they are."""
    article = SnapshotFactory(text="The pier was shut. Harbours grew by half. Nobody asked about the cranes.")
    plain = sorted_claim(text="Berths at the pier doubled.")
    Appearance.objects.create(
        claim=plain, snapshot=article, quote="Harbours grew by half.", start=19, end=41, added_by=plain.drafted_by,
        added_at=NOW,
    )  # fmt: skip
    arabic = ClaimFactory(text=ARABIC, language="ar")
    arabic.claimants.add(ClaimantFactory(name="المكتب"))
    return {
        "plain": published(decided(plain)),
        "held": held(published()),
        "corrected": corrected(published()),
        "withdrawn": withdrawn(published()),
        "arabic": published(decided(with_evidence(arabic))),
        "article": article.source_id,
    }


def opened(chromium, base: str, *, cookie: str = "", width: int = 1440):
    """Open a page as a reader, or with the cookie of somebody's session; what it complains of is collected."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, base_url=base, permissions=["clipboard-read", "clipboard-write"]
    )
    if cookie:
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": base}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def look_at(chromium, base, cookie, paths):
    """Each page has no grave fault by axe-core, wide or on a phone, light or dark, and hangs over no edge."""
    page = opened(chromium, base, cookie=cookie)
    for number, path in enumerate(paths):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.goto(path)
        faults = Axe().run(page).response["violations"]
        grave = [fault for fault in faults if fault["impact"] in ("serious", "critical")]
        assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in grave], path
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate(OVERHANG) == 0, path
    assert [text for text in page.complaints if "404" not in text and "410" not in text] == []


def test_no_page_shuts_anybody_out(browser, live_server):
    told, editor = desk(), EditorFactory(email="kim@news.example")
    use = record_use(
        claim_id=told["corrected"].pk, article_url="https://news.example/1", article_title="Port", by=editor, now=NOW
    )
    held(told["corrected"])
    plain = told["plain"]
    pages = [
        "/", "/claims", "/claims?q=pier", "/corrections", "/method", "/about", "/log", "/claims/0000-0000",
        *(reverse("claim", args=[told[name].code]) for name in ("plain", "held", "corrected", "withdrawn", "arabic")),
        reverse("claim-version", args=[told["corrected"].code, 1]),
        reverse("article", args=[told["article"]]),
        plain.topics.get().get_absolute_url(),
        plain.claimants.get().get_absolute_url(),
    ]  # fmt: skip
    own = ["/uses", "/check", f"/uses/article?url={use.article_url}", reverse("claim", args=[plain.code])]
    cookie = signed_in(editor).cookies["sessionid"].value

    browser(look_at, live_server.url, "", pages)
    browser(look_at, live_server.url, cookie, own)


def copy_all(chromium, base, path, code):
    """One click copies a citation, in every form, and the code that embeds the card."""
    page = opened(chromium, base)
    page.goto(path)
    buttons = page.locator(".cites").get_by_role("button", name="Copy ")
    assert buttons.count() == 10
    for button in buttons.all():
        button.click()
        copied = page.evaluate("navigator.clipboard.readText()")
        is_embed = "embed" in button.get_attribute("aria-label")
        for said in (f"/embed/{code}",) if is_embed else (code, "2026", f"/claims/{code}/versions/1"):
            assert said in copied, button.get_attribute("aria-label")
    assert page.locator("#copy-status").text_content() == "Code copied."


def type_ahead(chromium, base):
    """The list follows what is typed and ticked, and the address with it."""
    page = opened(chromium, base)
    page.goto("/claims")
    page.locator("#q").press_sequentially("pier")
    page.get_by_role("status").get_by_text("1 published claim found").wait_for()
    assert "q=pier" in page.url
    assert page.locator(".card mark").first.text_content() == "pier"
    page.locator("#q").fill("")
    page.get_by_role("status").get_by_text("4 published claims").wait_for()
    page.get_by_label("Incorrect").check()
    page.get_by_role("status").get_by_text("1 published claim found").wait_for()
    assert page.complaints == []


def read_arabic(chromium, base, path):
    """Words from right to left stand so, and ours beside them do not."""
    page = opened(chromium, base, width=390)
    page.goto(path)
    direction = "(of) => getComputedStyle(document.querySelector(of)).direction"
    assert [page.evaluate(direction, of) for of in (".claim-text", ".meaning")] == ["rtl", "ltr"]


def test_what_a_reader_does_on_the_pages(browser, live_server):
    told = desk()
    plain, arabic = told["plain"], told["arabic"]

    browser(copy_all, live_server.url, reverse("claim", args=[plain.code]), plain.code)
    browser(type_ahead, live_server.url)
    browser(read_arabic, live_server.url, reverse("claim", args=[arabic.code]))
