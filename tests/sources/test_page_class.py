import pytest

from sources.page_class import PageKind, classify_page
from sources.parsing import ParsedDocument

LONG = "Officials counted the votes again and found the same result as before. " * 80
HOME = "https://news.example/"
STORY = "https://news.example/2026/vote"
CASES = [
    ("article", LONG, {}, {}),
    ("article", LONG + " Page not found errors and cookies: accept all, we value your privacy.", {}, {}),
    ("article", "Short but real: the council met on Monday.", {}, {}),
    ("article", LONG, {"accessible_for_free": False}, {}),
    ("article", "Ein kurzer Text.", {}, {"url": HOME, "final_url": HOME}),
    ("article", LONG, {}, {"final_url": "https://news.example/ok"}),
    ("article", "The council sold its old address, and this domain is for sale. " * 30, {"paragraphs": 12}, {}),
    ("captcha", "Just a moment... Checking your browser before accessing", {}, {}),
    ("captcha", "Bitte bestätigen Sie, dass Sie kein Roboter sind", {}, {}),
    ("captcha", "Please wait", {"has_captcha": True}, {}),
    ("soft_404", LONG, {}, {"final_url": HOME}),
    ("soft_404", LONG, {}, {"final_url": "https://www.news.example/index.html"}),
    ("soft_404", LONG, {}, {"final_url": "https://news.example/de-at/"}),
    ("soft_404", "Sorry, the page you requested could not be found. 404", {}, {}),
    ("soft_404", "Die Seite wurde nicht gefunden", {}, {}),
    ("soft_404", "הדף שחיפשת אינו קיים", {}, {}),
    ("soft_404", "x", {}, {"title": "Page introuvable"}),
    ("parked", "news.example This domain is for sale! Buy this domain", {}, {}),
    ("parked", "Diese Domain steht zum Verkauf", {}, {}),
    ("paywall_stub", "The council met. Subscribe to continue reading", {}, {}),
    ("paywall_stub", "Der Rat tagte. Jetzt weiterlesen mit Plus-Abo", {}, {}),
    ("paywall_stub", "Le conseil. Article réservé aux abonnés", {}, {}),
    ("paywall_stub", "The council met.", {"accessible_for_free": False}, {}),
    ("paywall_stub", LONG, {"accessible_for_free": False}, {"earlier_length": 90_000}),
    ("consent_wall", "We value your privacy. We and our 812 partners store data. Accept all", {}, {}),
    ("consent_wall", "Ihre Privatsphäre. Alle akzeptieren", {}, {}),
    ("script_only", "", {"scripts": 3, "has_app_root": True}, {}),
    ("script_only", "You need to enable JavaScript to run this app.", {"scripts": 1}, {}),
    ("script_only", "", {"scripts": 2}, {}),
    ("empty", "", {}, {}),
    ("empty", "\u200b \u2060", {}, {}),
]


@pytest.mark.parametrize(("kind", "text", "facts", "how"), CASES)
def test_pages_are_told_apart_with_a_reason(kind, text, facts, how):
    parsed = ParsedDocument(text, title=how.pop("title", "Vote") if "title" in how else "Vote", page_facts=facts)

    found = classify_page(parsed, **{"http_status": 200, "url": STORY, "final_url": STORY, **how})

    assert (found.value, found.reason.endswith(".")) == (kind, True)


def test_every_class_has_a_case():
    assert {kind for kind, *_ in CASES} == set(PageKind)


def test_a_plain_text_is_no_wall():
    parsed = ParsedDocument("Subscribe to continue reading", kind="text")

    assert classify_page(parsed, http_status=200, url=STORY, final_url=HOME).value == "article"
