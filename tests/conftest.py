"""What every test may ask for."""

import pytest

from tests.fakes import Site


@pytest.fixture
def web(settings):
    """A web site on loopback, the one address the fetcher may reach there, without pacing."""
    made = Site()
    settings.FETCH_ALLOWED_ORIGIN = made.origin
    settings.FETCH_SPACING = 0
    yield made
    made.close()


@pytest.fixture(autouse=True)
def captures(settings, tmp_path):
    """Captures go to the test's own folder."""
    settings.MEDIA_ROOT = str(tmp_path / "captures")
