import pytest


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    """Hash passwords cheaply: every story makes three people."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
