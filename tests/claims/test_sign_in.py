"""Signing in: where each role begins, and never off the site."""

import sys
import types

import pytest
from django.urls import reverse

from tests.claims.stories import PASSWORD, page
from tests.factories import (
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "start"), [(ReviewerFactory, "/admin/"), (DeskLeadFactory, "/admin/"), (EditorFactory, "/")]
)
def test_each_role_begins_where_it_works(client, factory, start):
    form = {"username": factory().username, "password": PASSWORD}

    assert client.post(reverse("login"), form)["Location"] == start


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "http:///evil.example", "https:evil.example", "/login", "/logout"],
)  # fmt: skip
@pytest.mark.parametrize("factory", [EditorFactory, ReviewerFactory])
def test_signing_in_never_leads_off_the_site(client, target, factory):
    form = {"username": factory().username, "password": PASSWORD}

    asked = client.get(reverse("login"), {"next": target})
    assert "evil" not in asked.content.decode()
    response = client.post(f"{reverse('login')}?next={target}", {**form, "next": target})
    again = client.get(reverse("login"), {"next": target})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert (again.status_code, again["Location"]) == (302, "/")


def test_signing_in_returns_to_where_one_was(client):
    form = {"username": EditorFactory().username, "password": PASSWORD, "next": "/uses"}

    assert client.post(reverse("login"), form)["Location"] == "/uses"
    assert client.post(reverse("logout"))["Location"] == "/"


def test_a_wrong_password_is_said_without_saying_which_part(client):
    response = client.post(reverse("login"), {"username": EditorFactory().username, "password": "no"})

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_the_demo_lists_who_can_sign_in(client, settings, monkeypatch):
    settings.DEMO = True
    account = {"username": "rosa", "password": "in-the-demo", "role_and_name": "Rosa, reviewer"}
    module = types.SimpleNamespace(demo_accounts=lambda: [account])
    monkeypatch.setitem(sys.modules, "factcheck.demo", types.SimpleNamespace(accounts=module))
    monkeypatch.setitem(sys.modules, "factcheck.demo.accounts", module)

    assert "in-the-demo" in page(client, "login")
    settings.DEMO = False
    assert "in-the-demo" not in page(client, "login")
