"""People at the desk, signed in."""

import pytest
from django.test import Client

from tests.factories import DeskLeadFactory, ReviewerFactory


@pytest.fixture(autouse=True)
def desk_settings(settings):
    settings.LOGIN_URL = "/login"
    # Hashing a password well is slow on purpose, and these tests make many people.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def reviewer(db):
    return ReviewerFactory(first_name="Ada", last_name="Okafor")


@pytest.fixture
def lead(db):
    return DeskLeadFactory(first_name="Lea", last_name="Duarte")


@pytest.fixture
def as_user():
    """Return a client signed in as somebody."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def at_desk(as_user, reviewer):
    return as_user(reviewer)
