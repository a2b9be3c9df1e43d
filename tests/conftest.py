"""What every test may ask for."""

import pytest

from sources.wake import circuit
from tests.fakes import Site
from tests.tools import find_chromium, find_node


def pytest_collection_modifyitems(config, items):
    """Leave out, rather than skip, what needs a program this machine lacks; `make test` says so at its end."""
    missing = {name for name, found in (("browser", find_chromium()), ("node", find_node())) if not found}
    left_out = [item for item in items if missing & set(getattr(item, "fixturenames", ()))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def node():
    """The path of Node, for verifiers written in its language."""
    return find_node()


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


@pytest.fixture(autouse=True)
def log_key(settings, tmp_path):
    """The log's key goes there too; it is made where a test first publishes."""
    settings.LOG_KEY, settings.LOG_KEY_FILE = "", str(tmp_path / "log-key")
    return tmp_path / "log-key"


@pytest.fixture(autouse=True)
def _without_limits(settings):
    """Lift what counts requests; a test of a limit sets its own."""
    settings.READS_PER_MINUTE = settings.KEY_REQUESTS_PER_MINUTE = settings.SUBMISSIONS_PER_MINUTE = (
        settings.SUBMISSIONS_PER_DAY
    ) = 0
    settings.SIGN_INS_PER_ADDRESS = 1000


@pytest.fixture(autouse=True)
def _broker_is_asked():
    """No test inherits another's broker that did not answer."""
    circuit.close()
