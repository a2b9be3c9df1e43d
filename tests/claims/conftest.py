import pytest
from django.db import connection

from claims import immutable


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    """Hash passwords cheaply: every story makes three people."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def _triggers_put_back(django_db_setup, django_db_blocker):
    """Let the database refuse again, once the module's last test was cleared away."""
    yield
    with django_db_blocker.unblock():
        immutable.install(connection)


@pytest.fixture
def emptied(_triggers_put_back, transactional_db):
    """Let a test that commits publish too: its database is emptied afterwards, which the triggers would refuse."""
    yield
    immutable.remove(connection)
