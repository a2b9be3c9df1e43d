"""The API beside its own description: schemathesis asks what the document allows, and what it does not.

A larger run, against a service that runs: see the README.
"""

import json
import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.db.transaction import atomic
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from claims.api.precise import EXAMPLES
from claims.models import Claim
from factcheck.wsgi import django_application
from tests.factories import ApiClientFactory, ClaimFactory, TopicFactory, published

from .conftest import by_key

# What names a row that is not there is refused as any other wrong field is: 400, which the shape cannot tell.
CONFIG = {
    "generation": {"max-examples": int(os.environ.get("CONFORMANCE_EXAMPLES", "2")), "deterministic": True},
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "3xx", "400", "401", "403", "404", "409", "412", "422", "428", "429"]
        },
        "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx"]},
    },
}
EXAMPLES_EACH = int(os.environ.get("CONFORMANCE_EXAMPLES", "2"))
document = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
schema.app = django_application


@pytest.fixture(autouse=True)
def _one_connection():
    """Keep the test's own connection open through the requests, which would close it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def authorization(db):
    claim = ClaimFactory()
    claim.topics.add(TopicFactory())
    published()
    return by_key(ApiClientFactory(), ["read", "write", "webhooks"])._credentials["HTTP_AUTHORIZATION"]


@schema.exclude(path_regex="log/verifier").parametrize()
@settings(
    max_examples=EXAMPLES_EACH, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_every_operation_answers_as_it_is_described(case, authorization):
    with atomic():
        case.call_and_validate(headers={"Authorization": authorization})
        connection.set_rollback(True)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_example_of_the_document_runs(name, authorization, client):
    method, path = next(
        (method, path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and operation.get("operationId") == name
    )
    claim = Claim.objects.filter(workflow="unstarted").get()
    answer = client.generic(
        method.upper(), path.replace("{code}", claim.code), json.dumps(EXAMPLES[name]),
        content_type="application/json", headers={"Authorization": authorization, "If-Match": '"v1"'},
    )  # fmt: skip
    assert answer.status_code in (200, 201), answer.content


def test_the_document_is_what_is_served(client):
    assert client.get("/api/v1/openapi.json").json()["paths"].keys() == document["paths"].keys()
