"""ClaimReview (schema.org) as it is found in the world, as rows: what is wrong with a part is left out and noted."""

import html
import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from .rows import Row

NAME_LIMIT, TITLE_LIMIT = 200, 500
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,1000}|!--[^<>]{0,1000}--)>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ].*)?", re.DOTALL)
_DEEPEST = 8
_MARKS = ("@type", "@graph", "@context", "item", "claimReviewed")
_INSIDE = ("dataFeedElement", "itemListElement", "@graph", "item", "mainEntity")


def is_schema(value: Any) -> bool:
    """Whether this element is schema.org's and not a row of our own."""
    return isinstance(value, list) or (isinstance(value, dict) and any(name in value for name in _MARKS))


def rows_of_reviews(value: Any, number: int, place: str, *, url: str = "", depth: int = 0) -> Iterator[Row]:
    """Yield the reviews in a value: one, a list, a feed or an item of it. What is neither yields nothing.

    A place where a review was announced and none is (null, as withdrawn ones are sent) is a row with a note alone.
    """
    if value is None:
        row = Row(number, place, {}, is_foreign=True)
        row.note("", "empty", "There is no review here (null); it was perhaps withdrawn.")
        yield row
    elif isinstance(value, list):
        if not value:
            yield from rows_of_reviews(None, number, place)
        for index, inner in enumerate(value):
            yield from rows_of_reviews(inner, number, f"{place}[{index}]", url=url, depth=depth + 1)
    elif not isinstance(value, dict) or depth > _DEEPEST:
        row = Row(number, place, {}, is_foreign=True)
        row.fault("", "invalid_type", "A review is a JSON object.")
        yield row
    elif "ClaimReview" in _types(value) or ("claimReviewed" in value and not _types(value)):
        yield _row_of(value, number, place, url)
    else:
        for name in _INSIDE:
            if name in value:
                own = value.get("url")
                address = own if isinstance(own, str) else url
                yield from rows_of_reviews(value[name], number, f"{place}.{name}", url=address, depth=depth + 1)


def plain(text: str) -> str:
    """Return the words of a text that may hold HTML, without its tags and with its characters for entities."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text).replace("\x00", "")
    return " ".join(text.split())


def lenient_day(value: Any) -> date | None:
    """Return the day of a date or time in any of the forms in use, or None."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _types(value: dict[str, Any]) -> list[str]:
    given = value.get("@type")
    return [str(one).rsplit("/", 1)[-1] for one in (given if isinstance(given, list) else [given]) if one]


def _row_of(review: dict[str, Any], number: int, place: str, url: str) -> Row:
    row = Row(number, place, {}, is_foreign=True)
    reviewed = _first(review.get("itemReviewed"))
    item = reviewed if isinstance(reviewed, dict) else {}
    text = review.get("claimReviewed")
    if not isinstance(text, str) or not plain(text):
        spoken = item.get("text")
        text = spoken if isinstance(spoken, str) else ""
        if text:
            row.note("claimReviewed", "required", "It is missing; the text of itemReviewed stands in its place.")
        else:
            row.fault("claimReviewed", "required", "The review does not say which claim it is about.")
    row.cells = {
        "text": plain(text),
        "claimants": _claimants(item, row),
        "language": _language(review, row),
        "appearances": _said(item, row),
        **_review(review, url, row),
    }
    return row


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _claimants(item: dict[str, Any], row: Row) -> list[dict[str, str]]:
    found = []
    for author in _each(item.get("author")):
        named = author.get("name") if isinstance(author, dict) else author
        name = plain(named)[:NAME_LIMIT] if isinstance(named, str) else ""
        if not name:
            if author not in ("", {}):
                row.note("itemReviewed.author", "no_name", "A claimant without a name is left out.")
            continue
        kind = "person"
        same_as = ""
        if isinstance(author, dict):
            kind = "person" if {"Person"} & set(_types(author)) or not _types(author) else "organisation"
            same_as = next((one for one in map(_address, _each(author.get("sameAs"))) if one), "")[:200]
        found.append({"name": name, "kind": kind, "same_as": same_as})
    return found


def _language(review: dict[str, Any], row: Row) -> str:
    given = _first(review.get("inLanguage"))
    if isinstance(given, dict):
        given = given.get("alternateName") or given.get("name")
    if given in (None, ""):
        return "und"
    text = given.strip().replace("_", "-") if isinstance(given, str) else ""
    if not _LANGUAGE.fullmatch(text) or len(text) > 12:
        row.note("inLanguage", "invalid_language", "It is no language tag as en or pt-BR; left out.")
        return "und"
    return text


def _said(item: dict[str, Any], row: Row) -> list[dict[str, str]]:
    day = lenient_day(item.get("datePublished"))
    if day is None and item.get("datePublished") not in (None, ""):
        row.note(
            "itemReviewed.datePublished", "invalid_date", f"{_shown(item['datePublished'])} is no date; left out."
        )
    said_on = day.isoformat() if day else ""
    works = [*_each(item.get("firstAppearance")), *_each(item.get("appearance"))]
    if "CreativeWork" in _types(item):  # the form before there was schema.org/Claim
        works.append(item.get("url"))
    found: dict[str, dict[str, str]] = {}
    for work in works:
        url = _address(work.get("url") or work.get("@id") if isinstance(work, dict) else work)
        if url:
            title = work.get("headline") or work.get("name") if isinstance(work, dict) else ""
            found.setdefault(url, {"url": url, "title": plain(title)[:TITLE_LIMIT] if isinstance(title, str) else ""})
        elif work not in (None, "", {}):
            row.note("itemReviewed.appearance", "url_not_allowed", f"{_shown(work)} is no web address; left out.")
    said = list(found.values()) or ([{}] if said_on else [])
    if said and said_on:
        said[0]["said_on"] = said_on
    return said


def _review(review: dict[str, Any], url: str, row: Row) -> dict[str, Any]:
    """Return the cells of whose verdict it was, and which."""
    author = _first(review.get("author")) or _first(review.get("publisher"))
    name = author.get("name") if isinstance(author, dict) else author
    address = _address(review.get("url")) or _address(url)
    if not address and review.get("url"):
        row.note("url", "url_not_allowed", f"{_shown(review['url'])} is no web address; left out.")
    published = lenient_day(review.get("datePublished"))
    if published is None and review.get("datePublished") not in (None, ""):
        row.note("datePublished", "invalid_date", f"{_shown(review['datePublished'])} is no date; left out.")
    title = review.get("name") or review.get("headline")
    cells: dict[str, Any] = {
        "review_url": address,
        "review_publisher": plain(name)[:NAME_LIMIT] if isinstance(name, str) else "",
        "review_title": plain(title)[:TITLE_LIMIT] if isinstance(title, str) else "",
        "review_date": published.isoformat() if published else "",
    }
    return cells | _rating(_first(review.get("reviewRating")), row)


def _rating(rating: Any, row: Row) -> dict[str, Any]:
    if not isinstance(rating, dict):
        if isinstance(rating, str | int | float) and not isinstance(rating, bool) and str(rating).strip():
            return {"review_rating": plain(str(rating))[:NAME_LIMIT]}
        row.note("reviewRating", "required", "The review gives no rating.")
        return {}
    words = next(
        (plain(str(given)) for given in map(rating.get, ("alternateName", "name", "ratingValue"))
         if isinstance(given, str | int | float) and plain(str(given))),
        "",
    )  # fmt: skip
    if not words:
        row.note("reviewRating.alternateName", "required", "The rating has no name.")
    numbers = {}
    for name, column in (("ratingValue", "value"), ("bestRating", "best"), ("worstRating", "worst")):
        number = _number(rating.get(name))
        if number is None and rating.get(name) not in (None, ""):
            row.note(f"reviewRating.{name}", "invalid_number", f"{_shown(rating[name])} is no number; left out.")
        numbers[column] = number
    value, best, worst = numbers["value"], numbers["best"], numbers["worst"]
    if value is not None and ((worst is not None and value < worst) or (best is not None and value > best)):
        row.note("reviewRating.ratingValue", "out_of_range", f"{value:g} is not between its worst and best; left out.")
        value = None
    if value is None:
        best = worst = None
    return {
        "review_rating": words[:NAME_LIMIT], "review_value": value, "review_best": best, "review_worst": worst
    }  # fmt: skip


def _number(value: Any) -> float | None:
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < 10**9 else None


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id")
    text = value.strip() if isinstance(value, str) else ""
    return text if re.fullmatch(r"(?i)https?://[^\s\\\x00-\x1f]{3,2040}", text) else ""


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
