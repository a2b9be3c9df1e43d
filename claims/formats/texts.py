"""Foreign text on its way into a title or into XML."""

import re
from datetime import date
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

TITLE = 300  # characters
# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return the text with what XML cannot say replaced; escaping is the writer's."""
    return _NOT_XML.sub("\ufffd", text)


def open_element(xml: SimplerXMLGenerator, name: str, attributes: dict[str, str] | None = None) -> None:
    xml.startElement(name, AttributesImpl(attributes or {}))


def short(text: str) -> str:
    """Return the text on one line, cut where it is too long for a title."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE else f"{line[:TITLE].rstrip()}…"


def day_words(moment: str) -> str:
    """Return the day of a time as people write it: 5 March 2026."""
    day = date.fromisoformat(moment[:10])
    return f"{day.day} {day:%B %Y}"
