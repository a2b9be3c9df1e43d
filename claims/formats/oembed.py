"""A published claim as oEmbed 1.0 (https://oembed.com): an iframe of its card, as JSON or XML."""

import json
from html import escape
from io import StringIO
from typing import Any

from django.utils.xmlutils import SimplerXMLGenerator

from .claimreview import review_title
from .texts import open_element, short, xml_text

WIDTH, HEIGHT = 600, 320
_SMALLEST, _LARGEST = 200, 1200


class NotASize(ValueError):
    """A width or height that is no whole number."""


def size(written: str | None, usual: int) -> int:
    """Return the width or height to use when at most so many pixels are wanted; or raise NotASize.

    Nothing below 200 can be read and nothing above 1200 is wanted, so those are the bounds.
    """
    if written is None or written == "":
        return usual
    digits = written.removeprefix("-").removeprefix("+") if written[:2] not in ("-+", "+-") else ""
    if not (digits.isascii() and digits.isdigit()):
        raise NotASize("Give a whole number of pixels.")
    wanted = 0 if written.startswith("-") else int(digits[:20])
    return min(usual, max(_SMALLEST, min(wanted, _LARGEST)))


def oembed(
    document: dict[str, Any], *, width: int, height: int, site_name: str, site_url: str, told_within: int
) -> dict[str, Any]:
    """Describe how a published claim is embedded; the card is fetched anew by each reader, so it is never stale."""
    held = " (on hold)" if document["hold"] else ""
    title = f"{short(review_title(document))}{held}"
    return {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": site_name,
        "provider_url": f"{site_url}/",
        "cache_age": told_within,
        "width": width,
        "height": height,
        "html": frame(document, title=title, width=width, height=height, site_url=site_url),
    }


def embed_code(document: dict[str, Any], *, site_url: str, static_url: str) -> str:
    """Return what an editor pastes into an article: the card, and the script that gives it the height it needs."""
    card = frame(document, title=short(review_title(document)), width=WIDTH, height=HEIGHT, site_url=site_url)
    return f'{card}\n<script async src="{escape(site_url + static_url)}factcheck/embed-host.js"></script>'


def frame(document: dict[str, Any], *, title: str, width: int, height: int, site_url: str) -> str:
    """Return the iframe of a claim's card; everything in it is escaped."""
    card = f"{site_url}/embed/{document['id']}"
    return (
        f'<iframe src="{escape(card)}" width="{width}" height="{height}" title="{escape(title)}" '
        'frameborder="0" loading="lazy"></iframe>'
    )


def as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def as_xml(answer: dict[str, Any]) -> str:
    """Write the answer as XML; what XML cannot say is replaced."""
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    open_element(xml, "oembed")
    for name, value in answer.items():
        xml.addQuickElement(name, xml_text(str(value)))
    xml.endElement("oembed")
    return out.getvalue()
