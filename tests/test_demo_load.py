"""Loading the demo desk on a machine that is busy: a look that brought nothing is taken again."""

import pytest

from factcheck.demo.load import LOOKS, DemoDesk
from sources.services.sources import register_source
from tests.factories import NOW

pytestmark = pytest.mark.django_db


class Busy:
    """An address that fails the first looks."""

    headers: dict[str, str] = {}
    body = "<!doctype html><title>Tides</title><article><p>" + "The quay was closed for nine weeks. " * 20 + "</p>"

    def __init__(self, fails):
        self.fails = fails

    @property
    def status(self):
        self.fails -= 1
        return 503 if self.fails >= 0 else 200


def fetched(web, fails):
    web.pages["/tides"] = Busy(fails)
    source, _ = register_source(url=web.url("/tides"), by=None, now=NOW)
    return DemoDesk(now=NOW).fetched(source)


def test_a_source_that_was_not_read_at_once_is_looked_at_again(web):
    assert "nine weeks" in fetched(web, fails=LOOKS - 1).text


def test_a_source_that_cannot_be_read_is_named_with_its_reason(web):
    with pytest.raises(RuntimeError, match=r"/tides could not be read.*server_error"):
        fetched(web, fails=100)
