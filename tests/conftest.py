"""What every test may ask for."""

import pytest

from sources.wake import circuit
from tests.fakes import Site
from tests.journeys.installation import migrated_database
from tests.tools import find_chromium, find_node, find_npm_packages

# What reaches a database or a broker: pytest-django's own fixtures, and those that start parts of the service.
REACHES_A_SERVER = {"db", "transactional_db", "live_server", "plant", "running"}


def pytest_addoption(parser):
    parser.addoption(
        "--on-servers",
        action="store_true",
        help="only the tests that reach a database or a broker: another one changes nothing for the rest",
    )


def pytest_collection_modifyitems(config, items):
    """Leave out, rather than skip, what needs a program this machine lacks; `make test` says so at its end."""
    needed = (("browser", find_chromium()), ("node", find_node()), ("npm", find_npm_packages()))
    missing = {name for name, found in needed if not found}
    left_out = [item for item in items if missing & set(getattr(item, "fixturenames", ()))]
    if config.getoption("on_servers"):
        left_out += [item for item in items if not reaches_a_server(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def reaches_a_server(item) -> bool:
    asked_for = set(getattr(item, "fixturenames", ()))
    return bool(asked_for & REACHES_A_SERVER) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def node():
    """The path of Node, for verifiers written in its language."""
    return find_node()


@pytest.fixture(scope="session")
def npm(node):
    """The folder with the verifiers of npm, as `make test` put them there."""
    return find_npm_packages()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A database with every migration run, which installations of a test's own are copied from."""
    with migrated_database(tmp_path_factory.mktemp("migrated")) as url:
        yield url


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
def match_index(settings, tmp_path):
    """So does the index of claims; it is built where a test first asks it."""
    settings.MATCH_INDEX, settings.MATCH_EMBEDDING = str(tmp_path / "match-index"), ""


@pytest.fixture(autouse=True)
def log_key(settings, tmp_path):
    """The log's key goes there too; it is made where a test first publishes."""
    settings.LOG_KEY, settings.LOG_KEY_FILE = "", str(tmp_path / "log-key")
    return tmp_path / "log-key"


@pytest.fixture(autouse=True)
def _without_limits(settings):
    """Lift what counts requests; a test of a limit sets its own."""
    settings.READS_PER_MINUTE = settings.KEY_REQUESTS_PER_MINUTE = settings.OEMBED_PER_MINUTE = 0
    settings.SUBMISSIONS_PER_MINUTE = settings.SUBMISSIONS_PER_DAY = 0
    settings.SIGN_INS_PER_ADDRESS = 1000


@pytest.fixture(autouse=True)
def _nothing_kept(settings):
    """Every page is made anew; a test of keeping sets its own."""
    settings.PAGE_KEPT = 0


@pytest.fixture(autouse=True)
def _broker_is_asked():
    """No test inherits another's broker that did not answer."""
    circuit.close()
