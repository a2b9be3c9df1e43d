"""A published claim as a citation: for prose, for a page, for a reference manager.

Each one names the claim's id, the version cited, its date, the claim's page and the page of that version, and
says when the claim is on hold. Sources: CSL-JSON by
https://github.com/citation-style-language/schema (csl-data.json; type "report"), BibTeX by Patashnik,
"BibTeXing" (1988), Markdown by CommonMark 0.31.2 section 2.4 (backslash escapes).
"""

import re
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

# What TeX would read as a command; the braces and the backslash become commands of their own.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
# A capital inside a title is kept only in braces (BibTeX styles set titles in lower case).
_CAPITAL = re.compile(r"[^\W\d_]*[A-Z][^\s{}\\]*", re.ASCII)
# Never at the start of a line here, so list and heading marks need no escape.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~&])")


@dataclass(frozen=True)
class Citation:
    """What every form of the citation says."""

    code: str
    text: str
    verdict: str
    finding: str
    version: int
    published_on: date
    url: str
    version_url: str
    language: str
    site_name: str
    note: str


def cite(document: dict[str, Any], *, site_name: str) -> Citation:
    """Read a published claim's public document for citing; a withdrawn one has nothing to cite: KeyError."""
    return Citation(
        code=document["id"],
        text=_one_line(document["text"]),
        verdict=document["verdict"]["label"],
        finding=_one_line(document["verdict"]["finding"]),
        version=document["version"],
        published_on=date.fromisoformat(document["published_at"][:10]),
        url=document["url"],
        version_url=f"{document['url']}/versions/{document['version']}",
        language=document["language"],
        site_name=site_name,
        note=_note(document),
    )


def house_style(citation: Citation) -> str:
    """Return the sentence the desk would like to be quoted with."""
    text, verdict = citation.text.rstrip("."), citation.verdict.lower()
    return (
        f"{citation.site_name} rates the claim “{text}” {verdict}: {citation.finding} "
        f"(claim {citation.code}, version {citation.version}, {_written(citation.published_on)}{_aside(citation)}; "
        f"{citation.url}, this version {citation.version_url})"
    )


def plain(citation: Citation) -> str:
    """Return the citation as lines of text, for a note or a mail."""
    lines = [
        f"Claim: {citation.text}",
        f"Verdict: {citation.verdict}. {citation.finding}",
        f"Source: {citation.site_name}, claim {citation.code}, version {citation.version}, "
        f"{_written(citation.published_on)}",
        f"Page: {citation.url}",
        f"This version: {citation.version_url}",
    ]
    return "\n".join([*lines, f"Note: {citation.note}"] if citation.note else lines)


def markdown(citation: Citation) -> str:
    """Return the citation as Markdown; what the claim says is escaped and cannot become markup."""
    note = f" *{_md(citation.note)}*" if citation.note else ""
    return (
        f"“{_md(citation.text)}” **{_md(citation.verdict)}**: {_md(citation.finding)} "
        f"[{_md(citation.site_name)}, claim {_md(citation.code)}](<{citation.url}>), "
        f"[version {citation.version}](<{citation.version_url}>), {_written(citation.published_on)}.{note}"
    )


def html(citation: Citation) -> str:
    """Return the citation as HTML to be pasted; everything in it is escaped."""
    note = f" <em>{escape(citation.note)}</em>" if citation.note else ""
    return (
        f'<p><q lang="{escape(citation.language)}">{escape(citation.text)}</q> '
        f"<strong>{escape(citation.verdict)}</strong>: {escape(citation.finding)} "
        f'<cite><a href="{escape(citation.url)}">{escape(citation.site_name)}, claim {citation.code}</a></cite>, '
        f'<a href="{escape(citation.version_url)}">version {citation.version}</a>, '
        f'<time datetime="{citation.published_on.isoformat()}">{_written(citation.published_on)}</time>.{note}</p>'
    )


def bibtex(citation: Citation) -> str:
    """Return the citation as a BibTeX entry of type misc, in which nothing of the claim is a command."""
    notes = [f"Claim {citation.code}, version {citation.version}", f"this version: {citation.version_url}"]
    fields = {
        "author": "{" + _tex(citation.site_name) + "}",
        "title": _tex_title(f"Fact check: {citation.text}"),
        "howpublished": _tex(f"{citation.site_name}. Verdict: {citation.verdict}"),
        "year": str(citation.published_on.year),
        "month": str(citation.published_on.month),
        "day": str(citation.published_on.day),
        "url": _tex(citation.url),
        "version": str(citation.version),
        "langid": _tex(citation.language),
        "note": _tex("; ".join([*notes, citation.note] if citation.note else notes)),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{factcheck-{citation.code},\n{body}}}\n"


def csl_json(citation: Citation) -> list[dict[str, Any]]:
    """Return the citation as CSL-JSON: an array of one item."""
    day = citation.published_on
    item: dict[str, Any] = {
        "id": f"factcheck-{citation.code}",
        "type": "report",
        "title": f"Fact check: {citation.text}",
        "author": [{"literal": citation.site_name}],
        "publisher": citation.site_name,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "number": citation.code,
        "version": str(citation.version),
        "genre": f"Fact check: {citation.verdict}",
        "abstract": citation.finding,
        "URL": citation.url,
        "archive_location": citation.version_url,
        "language": citation.language,
    }
    return [{**item, "note": citation.note} if citation.note else item]


def _note(document: dict[str, Any]) -> str:
    if document["hold"]:
        return f"On hold since {_day(document['hold']['since'])}: {_one_line(document['hold']['reason'])}"
    if document["superseded_by"]:
        return f"Superseded by claim {document['superseded_by']}."
    if document["citability"] == "corrected":
        return f"Corrected on {_day(document['corrections'][0]['at'])}."
    return ""


def _aside(citation: Citation) -> str:
    note = citation.note.rstrip(".")
    return f"; {note[0].lower()}{note[1:]}" if note else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(moment: str) -> str:
    return _written(date.fromisoformat(moment[:10]))


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def _tex_title(text: str) -> str:
    return " ".join("{" + _tex(word) + "}" if _CAPITAL.search(word) else _tex(word) for word in text.split(" "))


def _md(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
