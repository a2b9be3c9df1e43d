"""What was published and corrected, as Atom (RFC 4287, paged by RFC 5005) and JSON Feed 1.1.

An entry keeps its id whatever becomes of its verdict and wherever the desk moves; a reader's program that knows the
id shows the entry anew when `updated` moves. All texts are plain, so no reader takes them for markup.
"""

import json
import uuid
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.utils.xmlutils import SimplerXMLGenerator

from .claimreview import verdict_words
from .texts import day_words, open_element, short, xml_text

_ATOM = "http://www.w3.org/2005/Atom"
# Ours alone, made once; an id must not change with the address.
_IDS = uuid.UUID("6e0d0f6a-7a43-4f0e-9a38-1c6f2c9f7c11")
_KINDS = {"correction": "Correction", "clarification": "Clarification", "update": "Update", "withdrawal": "Withdrawn"}
_WORDINGS = (("text", "Claim"), ("rating", "Verdict"), ("finding", "Finding"))


@dataclass(frozen=True)
class Entry:
    """One thing that was told."""

    id: str
    title: str
    url: str
    text: str
    published_at: str
    updated_at: str
    language: str = ""
    topics: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Feed:
    """A page of a feed: who tells it, where it is, and what it holds, newest first."""

    title: str
    about: str
    site_name: str
    site_url: str
    page_url: str
    url: str
    next_url: str | None
    updated_at: str
    entries: list[Entry]


def claim_entry(document: dict[str, Any], *, updated_at: str) -> Entry:
    """Describe a published claim as it stands; a withdrawn one is not accepted: KeyError."""
    verdict = document["verdict"]
    return Entry(
        id=_id(document["id"]),
        title=f"{short(document['text'])}: {verdict_words(document)}",
        url=document["url"],
        text="\n\n".join([verdict["finding"], *_corrected(document), *_standing(document)]),
        published_at=document["first_published_at"],
        updated_at=updated_at,
        language=document["language"],
        topics=tuple(topic["name"] for topic in document["topics"]),
        facts={
            "id": document["id"],
            "version": document["version"],
            "rating": verdict["rating"],
            "value": verdict["value"],
            "citability": document["citability"],
            "hold": document["hold"],
            "superseded_by": document["superseded_by"],
        },
    )


def correction_entry(correction: dict[str, Any], document: dict[str, Any], *, language: str) -> Entry:
    """Describe one correction of a claim whose public document this is; a withdrawal repeats nothing of what it said.

    `correction` has its wordings only where it is not a withdrawal.
    """
    code, kind, is_withdrawal = document["id"], correction["kind"], correction["kind"] == "withdrawal"
    lines = [correction["reason"]]
    if is_withdrawal:
        title = f"{_KINDS[kind]}: claim {code}"
    else:
        held = " (on hold)" if document["hold"] else ""
        title = f"{_KINDS[kind]}: {short(correction['new']['text'])}{held}"
        old, new = correction["old"], correction["new"]
        lines += [f"{name}: {new[key]}\nBefore: {old[key]}" for key, name in _WORDINGS if old[key] != new[key]]
    version = correction["version"]
    return Entry(
        id=_id(f"{code}/{version}"),
        title=title,
        url=document["url"] if is_withdrawal else f"{document['url']}/versions/{version}",
        text="\n\n".join([*lines, *_standing(document)]),
        published_at=correction["at"],
        updated_at=correction["at"],
        language="" if is_withdrawal else language,
        facts={"id": code, "version": version, "kind": kind, "citability": document["citability"]},
    )


def atom(feed: Feed) -> str:
    """Write a feed as Atom."""
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    open_element(xml, "feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _tell(xml, "id", _id(feed.page_url.removeprefix(feed.site_url)))
    _tell(xml, "title", feed.title)
    _tell(xml, "subtitle", feed.about)
    _tell(xml, "updated", feed.updated_at)
    _link(xml, "self", feed.url, "application/atom+xml")
    _link(xml, "alternate", feed.page_url, "text/html")
    if feed.next_url:
        _link(xml, "next", feed.next_url, "application/atom+xml")
    open_element(xml, "author")
    _tell(xml, "name", feed.site_name)
    _tell(xml, "uri", f"{feed.site_url}/")
    xml.endElement("author")
    for entry in feed.entries:
        open_element(xml, "entry", {"xml:lang": xml_text(entry.language)} if entry.language else {})
        _tell(xml, "id", entry.id)
        _tell(xml, "title", entry.title)
        _link(xml, "alternate", entry.url, "text/html")
        _tell(xml, "published", entry.published_at)
        _tell(xml, "updated", entry.updated_at)
        _tell(xml, "summary", entry.text)
        for topic in entry.topics:
            xml.addQuickElement("category", attrs={"term": xml_text(topic)})
        xml.endElement("entry")
    xml.endElement("feed")
    return f"{out.getvalue()}\n"


def json_feed(feed: Feed) -> str:
    """Write a feed as JSON Feed."""
    written: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page_url,
        "feed_url": feed.url,
        "language": "en",
        "authors": [{"name": feed.site_name, "url": f"{feed.site_url}/"}],
    }
    if feed.next_url:
        written["next_url"] = feed.next_url
    return json.dumps({**written, "items": [_item(entry) for entry in feed.entries]}, ensure_ascii=False) + "\n"


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_text": entry.text,
        "date_published": entry.published_at,
        "date_modified": entry.updated_at,
    }
    if entry.language:
        item["language"] = entry.language
    if entry.topics:
        item["tags"] = list(entry.topics)
    return {**item, "_factcheck": entry.facts}


def _corrected(document: dict[str, Any]) -> list[str]:
    if document["citability"] != "corrected":
        return []
    newest = document["corrections"][0]
    return [f"Corrected on {day_words(newest['at'])}: {newest['reason']}"]


def _standing(document: dict[str, Any]) -> list[str]:
    """Say what a reader has to know before citing it."""
    said = []
    if document["hold"]:
        said.append(f"On hold since {day_words(document['hold']['since'])}: {document['hold']['reason']}")
    if document["superseded_by"]:
        said.append(f"A newer claim replaces this one: {document['superseded_by']}.")
    return said


def _id(name: str) -> str:
    return uuid.uuid5(_IDS, name).urn


def _tell(xml: SimplerXMLGenerator, name: str, text: str) -> None:
    xml.addQuickElement(name, xml_text(text))


def _link(xml: SimplerXMLGenerator, rel: str, href: str, kind: str) -> None:
    xml.addQuickElement("link", attrs={"rel": rel, "type": kind, "href": xml_text(href)})
