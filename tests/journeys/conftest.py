"""Journeys go through the doors people use, on the service as it runs."""

from contextlib import ExitStack

import pytest
from django.db import connection

from tests.journeys.installation import own_broker, own_database
from tests.journeys.service import Service
from tests.tools import find_chromium

CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser(django_db_setup):
    """The system's Chromium, driven by Playwright; tests that ask for it are left out where there is none."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps a loop running in this thread, in which Django would refuse its own queries; it ends with
    # the module, since other tests run loops of their own.
    prepared = getattr(connection, "_test_serialized_contents", None)
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Under a loop Django has another connection, which knows nothing of the rows that each test begins with.
        connection._test_serialized_contents = prepared
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def running(tmp_path, migrated):
    """Start the service on a database and a broker of its own, for a test that names its allowed origin."""
    with ExitStack() as stack:
        database_url = stack.enter_context(own_database(tmp_path, copy_of=migrated))
        redis_url = stack.enter_context(own_broker(tmp_path))

        def start(allowed_origin: str, **settings: float) -> Service:
            service = Service(
                tmp_path, database_url=database_url, redis_url=redis_url, allowed_origin=allowed_origin, **settings
            )
            stack.callback(service.stop)
            service.start()
            return service

        yield start
