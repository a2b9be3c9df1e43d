import pytest

from tests.sources.hostile_site import ANSWERS, running


@pytest.fixture(scope="session")
def hostile():
    with running(ANSWERS) as site:
        yield site


@pytest.fixture
def site():
    """A site that answers as a test says, and that nobody else asks."""
    with running({"/robots.txt": ANSWERS["/robots.txt"], "/ok": ANSWERS["/ok"]}) as site:
        yield site
