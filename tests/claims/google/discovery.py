"""Google's discovery document, from the wheel of its client, as strict JSON Schemas: nothing more than it names."""

import json
from functools import cache
from typing import Any

from googleapiclient import discovery_cache
from jsonschema import Draft202012Validator

_DATE_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"
_PREFIX = "GoogleFactcheckingFactchecktoolsV1alpha1"
SEARCH = f"{_PREFIX}FactCheckedClaimSearchResponse"
PAGE = f"{_PREFIX}ClaimReviewMarkupPage"
PAGES = f"{_PREFIX}ListClaimReviewMarkupPagesResponse"


@cache
def document() -> dict[str, Any]:
    return json.loads(discovery_cache.get_static_doc("factchecktools", "v1alpha1"))


def valid(answer: Any, name: str) -> Any:
    """Return the answer if it is valid by the schema of this name."""
    schemas = {key: _strict(schema) for key, schema in document()["schemas"].items()}
    Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schemas}).validate(answer)
    return answer


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    made: dict[str, Any] = {"type": schema["type"]}
    if schema["type"] == "object":
        properties = {name: _strict(part) for name, part in schema.get("properties", {}).items()}
        made |= {"properties": properties, "additionalProperties": False, "minProperties": 0}
    elif schema["type"] == "array":
        made |= {"items": _strict(schema["items"]), "minItems": 1}
    elif schema["type"] == "string":
        made["minLength"] = 1
        if schema.get("format") == "google-datetime":
            made["pattern"] = _DATE_TIME
    return made
