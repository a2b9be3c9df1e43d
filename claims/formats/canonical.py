"""One way to write a JSON value as bytes, so that equal values have equal hashes."""

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> str:
    """Write JSON with sorted keys, no blanks and no escapes but those JSON demands.

    For the strings, integers, booleans and nulls we write this agrees with RFC 8785; numbers that are not
    integers are written as strings by the callers.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
