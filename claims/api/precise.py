"""What the OpenAPI document says beyond the shapes: what a text may hold, examples that run, links between answers."""

from typing import Any

from claims.models import Article, Candidate, Change, Claim, Delivery
from sources.models import Source

from .public import MEMBERS

ID = "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{4}-?[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{4}"


def _among(names: Any) -> str:
    one = "|".join(str(name).replace(".", r"\.") for name in names)
    return f"^({one})(,({one}))*$"


_COUNT = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_PARAMETERS: dict[str, dict[str, Any]] = {
    "page_size": {"type": "integer", "minimum": 1, "example": 50},
    "after": {"type": "integer", "minimum": -1, "maximum": 2**63 - 1},
    "wait": {"type": "integer", "minimum": 0},
    "start": _COUNT,
    "citability": {"type": "string", "enum": [str(value) for value in Claim.PUBLIC]},
    "q": {"type": "string", "maxLength": 200, "pattern": r"^[^\x00]*$"},
    "updated_since": {
        "type": "string",
        "pattern": r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?$",
        "example": "2026-03-02T09:00:00Z",
    },
    "fields": {"type": "string", "pattern": _among(MEMBERS), "example": "text,verdict"},
    "expand": {"type": "string", "pattern": _among(("sources", "history", "versions")), "example": "sources"},
    "link_state": {"type": "string", "enum": list(Source.LinkState.values)},
    "progress": {"type": "string", "enum": list(Article.Progress.values)},
    "decision": {"type": "string", "enum": list(Candidate.Decision.values)},
    "state": {"type": "string", "enum": list(Delivery.State.values)},
    "claim": {"type": "string", "pattern": f"^{ID}(,{ID})*$"},
    "If-Match": {"type": "string", "pattern": '^"v[1-9][0-9]{0,8}"$', "example": '"v7"'},
    "Idempotency-Key": {"type": "string", "pattern": r'^("[!#-\[\]-~]{1,200}"|[!#-~]{1,200})$'},
    "code": {"type": "string", "pattern": f"^{ID}$"},
}
_BY_OPERATION: dict[tuple[str, str], dict[str, Any]] = {
    ("changes_list", "kind"): {"type": "string", "pattern": _among(Change.Kind.values), "example": "claim.held"},
    ("changes_list", "topic"): {"type": "string", "pattern": "^[a-z0-9_-]+(,[a-z0-9_-]+)*$"},
    ("sources_list", "kind"): {"type": "string", "enum": list(Source.Kind.values)},
}

# Bodies that a desk takes as they stand; a test sends each of them.
EXAMPLES: dict[str, dict[str, Any]] = {
    "claims_create": {"text": "The harbour counted 412 arrivals in May.", "claimants": ["Kim Reed"], "priority": 2},
    "claims_create_many": {"claims": [{"text": "The pier cost 40 million."}, {"text": "The ferry took 28 people."}]},
    "claims_status": {"ids": ["7K3M-Q9TX", "7k3mq9tx"]},
    "claims_edit": {"context": "In May 2026."},
    "articles_create": {"text": "The harbour office counted 412 arrivals in May.", "title": "Harbour report"},
    "sources_create": {"url": "https://tidewater.example/reports/may", "kind": "report"},
    "notes_create": {"text": "They answer the phone after ten."},
    "webhooks_create": {"url": "https://cms.example/hooks/claims", "events": ["claim.held", "claim.corrected"]},
}

# From an answer to what may be asked with it: operation, status, then where each parameter comes from.
_LINKS: list[tuple[str, str, str, dict[str, str]]] = [
    *(
        ("claims_create", "201", name, {"code": "$response.body#/id"})
        for name in ("claims_read", "notes_list", "notes_create", "evidence_list", "reviews_list")
    ),
    *(
        ("claims_list", "200", name, {"code": "$response.body#/results/0/id"})
        for name in ("claims_read", "claims_history", "claims_versions", "claims_annotations", "claims_seal")
    ),
    *(("articles_create", "201", name, {"id": "$response.body#/id"}) for name in ("articles_read", "candidates_list")),
    *(
        ("candidates_list", "200", name, {"id": "$response.body#/results/0/id"})
        for name in ("candidates_accept", "candidates_dismiss")
    ),
    *(("sources_create", "201", name, {"id": "$response.body#/id"}) for name in ("sources_read", "checks_list")),
    *(
        ("webhooks_create", "201", name, {"id": "$response.body#/id"})
        for name in ("webhooks_read", "webhooks_test", "webhooks_rotate", "deliveries_list", "webhooks_delete")
    ),
    ("webhooks_test", "202", "deliveries_read", {"id": "$request.path.id", "delivery": "$response.body#/id"}),
    ("changes_list", "200", "claims_history", {"code": "$response.body#/results/0/claim"}),
]


def precise(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Finish the document: a hook of drf-spectacular."""
    operations = {
        operation["operationId"]: operation
        for methods in result["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    for name, operation in operations.items():
        # A cursor is taken from `next`, which is a whole address; `workflow` is the desk's to filter by.
        given = [one for one in operation.get("parameters", ()) if one["name"] not in ("cursor", "workflow")]
        for parameter in given:
            known = _BY_OPERATION.get((name, parameter["name"])) or _PARAMETERS.get(parameter["name"])
            if known:
                parameter["schema"] = dict(known)
            elif parameter["schema"] == {"type": "string"} and parameter["in"] == "query":
                parameter["schema"] = {"type": "string", "pattern": r"^[^\x00]*$"}
        if given:
            operation["parameters"] = given
        else:
            operation.pop("parameters", None)
        if name in EXAMPLES:
            operation["requestBody"]["content"]["application/json"]["example"] = EXAMPLES[name]
    for begin, status, end, parameters in _LINKS:
        answer = operations[begin]["responses"][status]
        answer.setdefault("links", {})[end] = {"operationId": end, "parameters": parameters}
    either: dict[str, Any] = {
        "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("ClaimDocument", "ClaimShape")]
    }
    either["anyOf"].append({"type": "object", "required": ["id"], "description": "With `fields`: what was named."})
    operations["claims_read"]["responses"]["200"]["content"]["application/json"]["schema"] = either
    page = result["components"]["schemas"]["ClaimDocumentPage"]["properties"]["results"]
    page["items"] = {"type": "object", "required": ["id"], "anyOf": [*either["anyOf"]]}
    schemas = result["components"]["schemas"]
    # The desk's answer has all members of the other, so it is of both shapes.
    schemas["SourceAnswer"] = {"anyOf": schemas["SourceAnswer"]["oneOf"]}
    # Rows are looked at one by one: a wrong one has its own outcome, and the request is answered all the same.
    schemas["BulkDrafts"]["properties"]["claims"]["items"] = {"description": "As `claims_create` takes it."}
    for operation in operations.values():
        sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "$ref" in sent:
            schemas[sent["$ref"].rpartition("/")[2]]["additionalProperties"] = False
    result["components"]["schemas"]["StatusQuestion"]["properties"]["ids"]["minItems"] = 1
    result["components"]["schemas"]["BulkDrafts"]["properties"]["claims"] |= {"minItems": 1, "maxItems": 100}
    return result
