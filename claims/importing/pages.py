"""The ClaimReview in a page: the JSON-LD of its script elements, found as a browser would, without a tree."""

import re
from collections.abc import Iterator

from .objects import loads
from .reviews import rows_of_reviews
from .rows import FileRefused, Problem, Row

_OPENING = re.compile(r"<!--|<script\b([^<>]{0,2000})>", re.IGNORECASE)
_JSON_LD = re.compile(r"""\btype\s*=\s*["']?application/ld\+json\b""", re.IGNORECASE)


def read_page(content: bytes) -> Iterator[Row]:
    """Yield the reviews of a page; raise FileRefused where there are none."""
    found = False
    for number, script in enumerate(json_ld(content.decode("utf-8", "replace")), 1):
        place = f"script {number}"
        try:
            value = loads(script.strip())
        except ValueError as error:
            row = Row(number, place, {}, is_foreign=True)
            if "ClaimReview" in script:
                row.fault("", "malformed_json", f"The script is not JSON: {error}.")
                found = True
                yield row
            continue
        for row in rows_of_reviews(value, number, place):
            found = True
            yield row
    if not found:
        raise FileRefused(
            Problem(
                1, "the page", "", "no_rows",
                "It holds no ClaimReview: no script of the type application/ld+json that names one.",
            )
        )  # fmt: skip


def json_ld(page: str) -> Iterator[str]:
    """Yield the text of each JSON-LD script that is not commented out, in time that grows with the page alone."""
    at, folded = 0, page.lower() if page.isascii() else re.sub("[A-Z]", lambda found: found[0].lower(), page)
    while opening := _OPENING.search(page, at):
        ending = "-->" if opening[1] is None else "</script"
        end = folded.find(ending, opening.end())
        if end < 0:
            return
        if opening[1] is not None and _JSON_LD.search(opening[1]):
            yield page[opening.end() : end]
        at = end + len(ending)
