"""The OpenAPI document: valid, complete, and every operation with its errors."""

import pytest
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

METHODS = {"get", "post", "patch", "put", "delete"}


@pytest.fixture(scope="module")
def document():
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_document_is_valid_and_made_without_a_warning(document):
    assert document["openapi"] == "3.1.0"
    validate_schema(document)
    assert not GENERATOR_STATS


def test_every_operation_says_what_it_does_and_how_it_fails(document):
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
    assert len(operations) > 25
    for path, method, operation in operations:
        where = f"{method} {path}"
        assert operation["summary"] and operation["tags"], where
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert errors, where
        for answer in errors.values():
            assert list(answer["content"]) == ["application/problem+json"], where
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(names) == len(set(names))


def test_every_address_is_in_the_document(document):
    api = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/")
    there = {path.replace("{id}", "{pk}").replace("{", "<str:").replace("}", ">") for path in document["paths"]}
    for entry in api.url_patterns:
        route = "/api/" + str(entry.pattern)
        assert route in there or route in ("/api/", "/api/v1/openapi.json", "/api/v1/docs")


@pytest.mark.django_db
def test_the_document_and_its_page_are_served(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.json()["openapi"] == "3.1.0"
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert b"<style" not in page.content and b"<script>" not in page.content
    assert "'unsafe" not in page["Content-Security-Policy"]
    script = client.get("/api/v1/docs?script=")
    assert script["Content-Type"].startswith("application/javascript") and b"openapi.json" in script.content
