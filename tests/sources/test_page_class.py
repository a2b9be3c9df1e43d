"""Pages are told apart by named rules; an article that speaks of a wall is an article."""

import pytest

from sources.page_class import PageKind, classify_page
from sources.parsing import ParsedDocument
from tests.sources import page_texts as pages

HOME = "https://news.example/"
STORY = "https://news.example/2026/vote"
TEXTS = [
    *(("captcha", text) for text in pages.CAPTCHA),
    *(("consent_wall", text) for text in pages.CONSENT_WALL),
    *(("paywall_stub", text) for text in pages.PAYWALL_STUB),
    *(("soft_404", text) for text in pages.SOFT_404),
    *(("parked", text) for text in pages.PARKED),
    *(("script_only", text) for text in pages.SCRIPT_ONLY),
    *(("article", text) for text in pages.ARTICLES),
]
# What besides the text decides: title, markup, redirects, the length it had.
CIRCUMSTANCES = [
    ("soft_404", "leads_home", pages.ARTICLE, {}, {"final_url": HOME}),
    ("soft_404", "leads_home", pages.ARTICLE, {}, {"final_url": "https://www.news.example/index.html"}),
    ("soft_404", "leads_home", pages.ARTICLE, {}, {"final_url": "https://news.example/de/"}),
    ("article", "no_wall", pages.ARTICLE, {}, {"url": HOME, "final_url": HOME}),
    ("article", "no_wall", pages.ARTICLE, {}, {"final_url": "https://other.example/"}),
    ("article", "no_wall", pages.ARTICLE, {}, {"final_url": "https://news.example/2026/vote-in-may"}),
    ("soft_404", "not_found_title", pages.TEASER["en"], {}, {"title": "Page not found | Harbour Post"}),
    ("soft_404", "not_found_title", pages.TEASER["en"] * 3, {}, {"title": "404 - Harbour Post"}),
    ("soft_404", "not_found_title", "x", {}, {"title": "Page introuvable"}),
    ("soft_404", "not_found_title", pages.ARTICLE, {}, {"title": "Error 404", "earlier_length": 90_000}),
    ("article", "no_wall", pages.TEASER["en"], {}, {"title": "Page not found: how ministries delete their reports"}),
    ("article", "no_wall", pages.TEASER["en"], {}, {"title": "404 people counted at the harbour gate"}),
    ("article", "no_wall", pages.ARTICLE, {}, {"title": "Page not found"}),
    ("paywall_stub", "not_for_free", pages.TEASER["en"], {"accessible_for_free": False}, {}),
    ("paywall_stub", "not_for_free", pages.ARTICLE, {"accessible_for_free": False}, {"earlier_length": 90_000}),
    ("article", "no_wall", pages.ARTICLE, {"accessible_for_free": False}, {}),
    ("article", "no_wall", pages.TEASER["en"], {"accessible_for_free": True}, {}),
    (
        "paywall_stub",
        "paywall_words",
        pages.ARTICLE + "\nSubscribe to continue reading",
        {},
        {"earlier_length": 90_000},
    ),
    ("captcha", "captcha_words", "", {}, {"title": "Just a moment..."}),
    ("captcha", "captcha_script", "Please wait", {"has_captcha": True}, {}),
    ("article", "no_wall", pages.TEASER["en"], {"has_captcha": True}, {}),
    ("script_only", "waits_for_scripts", "Loading", {"scripts": 3, "has_app_root": True}, {}),
    ("script_only", "waits_for_scripts", "", {"scripts": 1, "noscript": "Please enable JavaScript."}, {}),
    ("script_only", "scripts_and_no_text", "", {"scripts": 2}, {}),
    (
        "article",
        "no_wall",
        pages.TEASER["en"],
        {"scripts": 9, "has_app_root": True, "noscript": "Enable JavaScript"},
        {},
    ),
    ("empty", "no_text", "", {}, {}),
    ("empty", "no_text", "\u200b \u2060", {}, {}),
    ("article", "no_wall", pages.ARTICLE, {}, {"final_url": "https://news.example/ok"}),
    ("soft_404", "leads_home", pages.ARTICLE, {}, {"final_url": "https://news.example/de-at/"}),
]


def classified(text, facts=None, *, title="Vote in May", **how):
    parsed = ParsedDocument(text, title=title, page_facts=facts or {})
    return classify_page(parsed, **{"http_status": 200, "url": STORY, "final_url": STORY, **how})


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_pages_are_told_apart_by_what_they_say(kind, text):
    found = classified(text, {"scripts": 1} if kind == "script_only" else {})

    assert found.value == kind, found.reason
    assert found.reason.endswith(".")


@pytest.mark.parametrize(("kind", "rule", "text", "facts", "how"), CIRCUMSTANCES)
def test_pages_are_told_apart_by_their_circumstances(kind, rule, text, facts, how):
    found = classified(text, facts, **how)

    assert (found.value, found.rule) == (kind, rule)


def test_every_class_has_its_texts():
    assert {kind for kind, *_ in (*TEXTS, *CIRCUMSTANCES)} == set(PageKind)
    assert len(TEXTS) >= 120


@pytest.mark.parametrize(("text", "kind"), [("Subscribe to continue reading", "article"), ("", "empty")])
def test_a_plain_text_is_no_wall(text, kind):
    parsed = ParsedDocument(text, kind="text")

    assert classify_page(parsed, http_status=200, url=STORY, final_url=HOME).value == kind
