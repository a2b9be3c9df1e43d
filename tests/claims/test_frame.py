"""What every page has in common: security headers, errors in the site's look, plain texts."""

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tests.claims.stories import lists, outputs, page, signed_in, sorted_claim
from tests.factories import EditorFactory, decided, published

pytestmark = pytest.mark.django_db


def test_every_page_is_locked_down_and_has_nothing_inline(client):
    claim = published(decided(sorted_claim()))
    urls = [*outputs(claim), *lists(claim), "/method", "/log", "/about", "/login", "/nowhere", "/robots.txt"]

    for url in urls:
        response = client.get(url)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy, url
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        body = response.content.decode()
        assert " style=" not in body and "<style" not in body and " onclick" not in body
        if response["Content-Type"].startswith("text/html"):
            inert = body.count('<script type="application/ld+json"')
            assert body.count("<script") == body.count("<script src=") + inert, url
            assert body.count("<h1") == 1, url


def test_empty_pages_say_what_will_be_there(client):
    assert "Nothing published yet" in page(client, "home")
    assert "Nothing is published yet" in page(client, "claims")
    assert "Nothing has been corrected so far" in page(client, "corrections")
    assert "Nothing recorded yet" in page(signed_in(EditorFactory()), "uses")


def test_the_method_names_the_scale_and_the_two_person_rule(client, settings):
    body = page(client, "methodology")
    assert "Mostly correct" in body and "A second person publishes" in body

    settings.DESK_OF_ONE = True
    body = page(client, "methodology")
    assert "desk of one person" in body and "A second person publishes" not in body


def test_a_foreign_host_is_refused_in_the_sites_look(client):
    response = client.get("/", HTTP_HOST="evil.example")

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
    assert "could not be read" in response.content.decode()


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_HOST"])
def test_links_are_built_from_the_settings_alone(client, header):
    claim = published()

    for url in [*outputs(claim), *lists(claim), "/login", "/.well-known/security.txt"]:
        assert "evil.example" not in client.get(url, **{header: "evil.example"}).content.decode(), url


def test_templates_and_scripts_leave_escaping_on():
    folders = [settings.BASE_DIR / name for name in ("templates", "claims", "sources", "factcheck")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".html", ".js", ".py")]
    files = [path for path in files if "demo" not in path.parts]  # the outside world, as written for the demo
    marks = ("|safe", "mark_safe", "autoescape off", "innerHTML", "insertAdjacentHTML", "SafeString")

    assert [path.name for path in files for mark in marks if mark in path.read_text()] == []
    # One type writes itself unescaped: JSON in which no character of markup is left.
    assert [path.name for path in files if "__html__" in path.read_text()] == ["claimreview.py"]


def test_a_form_without_its_token_is_refused_in_the_sites_look():
    response = Client(enforce_csrf_checks=True).post(reverse("login"), {"username": "a", "password": "b"})

    assert response.status_code == 403
    assert "too old to send" in response.content.decode()


def test_a_failure_is_answered_without_a_context(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("claims.views.searching.cards", lambda rows: 1 / 0)

    response = client.get("/claims")

    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_an_outage_is_answered_without_a_database(client, monkeypatch):
    def fail(rows):
        raise OperationalError

    monkeypatch.setattr("claims.views.searching.cards", fail)

    response = client.get("/claims")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "cannot reach our records" in response.content.decode()


def test_an_unknown_address_of_the_api_is_a_problem(client):
    response = client.get("/api/nothing")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["code"] == "not_found"


def test_plain_texts(client):
    assert "Disallow: /admin/" in page(client, "robots")
    text = page(client, "security")
    assert "Contact: mailto:" in text and "Expires: " in text
