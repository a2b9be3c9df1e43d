"""Callers of the API: nobody, each role by session, and keys."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from claims.services.access import issue_key
from tests.factories import ApiClientFactory, DeskLeadFactory, EditorFactory, ReviewerFactory

ROLES = {
    "editor": EditorFactory,
    "reviewer": ReviewerFactory,
    "desk lead": DeskLeadFactory,
}


@pytest.fixture(autouse=True)
def captures(settings, tmp_path):
    """Keep what tests upload out of the desk's own folder, and make accounts fast."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = str(tmp_path)


def by_session(user) -> APIClient:
    """Return a client signed in as this person; like a browser's, with its CSRF token."""
    client = APIClient()
    client.force_login(user)
    return client


def by_key(owner, scopes=("read", "write"), **more) -> APIClient:
    _, key = issue_key(name="desk", owner=owner, scopes=list(scopes), now=timezone.now(), **more)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def caller(name: str) -> APIClient:
    """Return a client for one of: nobody, a role's session, key, key that reads, expired key."""
    if name == "nobody":
        return APIClient()
    if name in ROLES:
        return by_session(ROLES[name]())
    owner = ApiClientFactory()
    if name == "key that reads":
        return by_key(owner, ["read"])
    if name == "expired key":
        return by_key(owner, expires_at=timezone.now() - timedelta(seconds=1))
    return by_key(owner)


@pytest.fixture
def anyone():
    return APIClient()


@pytest.fixture
def key():
    return caller("key")


@pytest.fixture
def reviewer():
    return caller("reviewer")


def is_problem(response, status: int, code: str) -> dict:
    """Check that an answer is a problem with this status and code, and return its body."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["instance"] and body["title"] and body["detail"]
    assert "Traceback" not in response.content.decode()
    return body
