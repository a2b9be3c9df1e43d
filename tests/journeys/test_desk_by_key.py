"""The queue worked in a real browser by keyboard alone, and what an accessibility checker says of it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from claims.models import Claim, Evidence, Mention, Presence, Review
from claims.services import claims, preferences
from tests.claims.conftest import _triggers_put_back, emptied  # noqa: F401
from tests.factories import NOW, PASSAGE, ClaimFactory, DeskLeadFactory, ReviewerFactory, judged, with_evidence

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("emptied"),
]

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "{{ 7|add:'7' }}{% csrf_token %}",
    "</textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
]
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def sign_in(browser, live_server):
    """Return a page of somebody's; whatever breaks or is refused by the policy fails the test at its end."""
    contexts, complaints = [], []

    def opened(person, **options):
        client = Client()
        client.force_login(person)
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900}, **options)
        contexts.append(context)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    # A refusal answers with its own status, which the browser reports as a failed load.
    assert [text for text in complaints if "status of 4" not in text] == []


class Counted:
    """A keyboard that counts what is pressed apart from what is typed."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, *keys, leaves=False):
        for key in keys[:-1]:
            self.page.keyboard.press(key)
        if leaves:
            with self.page.expect_navigation():
                self.page.keyboard.press(keys[-1])
        else:
            self.page.keyboard.press(keys[-1])
        self.pressed += len(keys)


def saved(page, key):
    """Press a key that saves in the background, and wait for its answer."""
    with page.expect_response(lambda answer: answer.request.method == "GET" or answer.status < 300):
        page.keyboard.press(key)
    page.wait_for_function("!document.querySelector('form[data-busy]')")


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_from_the_queue_to_a_judgement_and_the_next_claim_in_at_most_six_keystrokes(sign_in):
    rosa = ReviewerFactory(username="rosa")
    first, second = with_evidence(ClaimFactory(priority=1)), with_evidence(ClaimFactory(priority=2))
    for claim in (first, second):
        claims.assign_claim(claim_id=claim.pk, to=rosa, by=rosa, now=NOW)
    page = sign_in(rosa)
    page.goto("/admin/")
    keyboard = Counted(page)

    keyboard.press("j", "Enter", leaves=True)
    assert page.locator(".statement").first.inner_text() == first.text
    keyboard.press("j")
    with page.expect_response("**/stance/"):
        keyboard.press("p")
    page.wait_for_selector("#evidence [data-do=partly_supports][aria-pressed=true]")
    assert Evidence.objects.get(claim=first).stance == "partly_supports"
    keyboard.press("3")
    page.keyboard.type("The log gives 412; s, p, 1 and ? are only words here.")
    keyboard.press("Control+Enter", leaves=True)

    assert page.locator(".statement").first.inner_text() == second.text
    assert keyboard.pressed <= 6
    review = Review.objects.get()
    assert (review.claim, review.rating.slug) == (first, "misleading")
    assert review.rationale == "The log gives 412; s, p, 1 and ? are only words here."


def test_a_passage_is_selected_and_attached_by_key_and_what_is_typed_elsewhere_stays(sign_in):
    rosa, claim = ReviewerFactory(username="rosa"), ClaimFactory()
    other = with_evidence()
    source = other.evidence.get().snapshot.source
    page = sign_in(rosa)
    page.goto(f"/admin/claim/{claim.code}/?source={source.pk}")

    assert "already used by 1 claim" in page.locator("#add-evidence").inner_text()
    page.locator("[data-reader]").focus()
    page.keyboard.press("ArrowDown")
    while PASSAGE not in page.input_value("#attach-quote"):
        before = page.input_value("#attach-quote")
        page.keyboard.press("ArrowDown")
        page.wait_for_function("before => document.querySelector('#attach-quote').value !== before", arg=before)
    with page.expect_navigation():
        page.keyboard.press("r")
    evidence = Evidence.objects.get(claim=claim)
    assert (evidence.stance, evidence.quote) == ("refutes", PASSAGE)
    assert evidence.snapshot.text[evidence.start : evidence.end] == PASSAGE
    assert evidence.prefix and evidence.suffix

    page.keyboard.press("n")
    page.keyboard.type("half a note")
    page.keyboard.press("Escape")
    with page.expect_response("**/assign/"):
        page.keyboard.press("a")
    page.wait_for_function("document.querySelector('#people').innerText.includes('Assigned to Kim')")
    assert page.input_value("#note-note") == "half a note"
    assert Claim.objects.get(pk=claim.pk).assignee == rosa


def test_who_is_there_and_who_is_named_is_told_and_a_stale_save_loses_nothing(sign_in):
    rosa, tom = ReviewerFactory(username="rosa", first_name="Rosa"), ReviewerFactory(username="tom", first_name="Tom")
    claim = ClaimFactory()
    hers, his = sign_in(rosa), sign_in(tom)
    with hers.expect_response("**/here/"):
        hers.goto(f"/admin/claim/{claim.code}/")
    with his.expect_response("**/here/"):
        his.goto(f"/admin/claim/{claim.code}/")
    his.wait_for_function("document.querySelector('[data-others]').innerText.includes('Rosa has it open')")
    assert Presence.objects.count() == 2

    for page, text in ((hers, "Hers."), (his, "His.")):
        page.keyboard.press("e")
        page.fill("#edit-text", text)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
    conflict = his.locator(".conflict").inner_text()
    assert "Hers." in conflict and "His." in conflict
    assert his.input_value("#edit-text") == "His."

    his.goto("/admin/")
    hers.keyboard.press("n")
    hers.keyboard.type("@tom, look at this.")
    with hers.expect_navigation():
        hers.keyboard.press("Control+Enter")
    hers.wait_for_load_state("networkidle")  # her new page has said that she is there
    his.reload()
    assert "look at this" in his.locator(".panel--mentions").inner_text()
    assert "Rosa looking now" in his.locator(f"#row-{claim.code}").inner_text()
    with his.expect_response("**/here/"):
        his.click(f".panel--mentions a.code >> text={claim.code}")
    assert Mention.objects.get().read_at is not None


def test_keys_are_heard_as_each_person_wants_them(sign_in):
    rosa = ReviewerFactory(username="rosa")
    claim = ClaimFactory()
    preferences.set_keys(person=rosa, keys_on=True, keys={"assign": "m"})
    page = sign_in(rosa)
    page.goto("/admin/?show=free")

    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("m")
    assert page.input_value("#q") == "m"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert Claim.objects.get(pk=claim.pk).assignee is None
    with page.expect_response("**/assign/"):
        page.keyboard.press("m")
    page.wait_for_selector("#queue .empty")
    assert Claim.objects.get(pk=claim.pk).assignee == rosa

    preferences.set_keys(person=rosa, keys_on=False, keys={})
    page.goto("/admin/")
    page.keyboard.press("j")
    assert page.locator(".is-current").count() == 0


def test_nothing_serious_is_wrong_and_foreign_text_is_text_on_every_page_wide_and_narrow(sign_in):
    lead, rosa = DeskLeadFactory(username="lea"), ReviewerFactory(username="rosa")
    payload = " ".join(PAYLOADS)
    shown = with_evidence(ClaimFactory(text=payload, context=payload, drafted_by=rosa, review_by="2020-01-01"))
    claims.add_note(claim_id=shown.pk, author=rosa, text=f"@lea {payload}", now=NOW)
    claims.edit_claim(
        claim_id=shown.pk, version=shown.version, by=rosa, now=NOW,
        claimants=[claims.claimant_named(payload[:190])], text=payload,
    )  # fmt: skip
    shown.refresh_from_db()
    judged(shown, by=rosa)
    preferences.save_filter(person=lead, name="<b onclick=alert(1)>", query="show=open&only=overdue")
    pages = ["/admin/", "/admin/?show=open&only=overdue", f"/admin/claim/{shown.code}/"]
    pages += [f"/admin/claim/{shown.code}/?source={shown.evidence.get().snapshot.source_id}"]
    pages += ["/admin/mentions/", "/admin/keys/", "/admin/agreement/"]
    wrong = {}
    for scheme, width in (("light", 1440), ("dark", 390)):
        page = sign_in(lead, color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        for path in pages:
            page.goto(path)
            found, overhang = serious(page), page.evaluate(OVERHANG)
            if found or overhang > 0:
                wrong[path, width] = (found, overhang)
            assert page.locator(".desk script, .desk iframe, .desk svg[onload], .desk img").count() == 0
        page.goto(pages[2])
        assert payload in page.locator(".statement").first.inner_text()
    assert wrong == {}
