"""Journeys go through the doors people use, on the service as it runs."""

from contextlib import ExitStack

import pytest

from tests.journeys.installation import own_broker, own_database
from tests.journeys.service import Service


@pytest.fixture
def running(tmp_path):
    """Start the service on a database and a broker of its own, for a test that names its allowed origin."""
    with ExitStack() as stack:
        database_url = stack.enter_context(own_database(tmp_path))
        redis_url = stack.enter_context(own_broker(tmp_path))

        def start(allowed_origin: str) -> Service:
            service = Service(tmp_path, database_url=database_url, redis_url=redis_url, allowed_origin=allowed_origin)
            stack.callback(service.stop)
            service.start()
            return service

        yield start
