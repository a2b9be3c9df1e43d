"""The child process in which untrusted bytes are parsed. Run by `sources.parsing`, never imported by it.

Reads frames from standard input and answers on standard output until the input ends: 4 bytes of length and a
JSON head, then for a question `length` bytes of body, for an answer `length` bytes of UTF-8 text and `main_length`
of the main text.
"""

import gc
import json
import math
import os
import re
import resource
import struct
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

MEMORY = 512 * 1024 * 1024  # bytes of address space
COLLECTED = (20_000, 20, 20)  # nodes of a page are many and no garbage
MAX_TEXT = 1_000_000  # characters
MAX_PAGES = 300
MAX_TAGS = 50_000  # for author and date: 110,000 links took 7 s and 190 MiB, and such a page is no article
MAX_MARKUP = 1_500_000  # characters for author and date: 9 MB of one script took all the memory there is
MAX_ELEMENTS = 200_000  # of a page: 290,000 of them with an attribute each took 226 MiB
SMALL = 256 * 1024  # bytes of a document that cannot take much memory
SHORTEST_TAG = 3  # characters; to count tags costs as much as to parse a page, and most are too short
MAX_FIELD = 500  # characters of a title or a name

_CONTROLS = bytes([*range(9), *range(14, 27)])  # characters that no text has
_CAPTCHAS = ("recaptcha", "hcaptcha", "turnstile", "challenge-platform", "captcha-delivery", "geo.captcha")
_ACCESSIBLE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(true|false)', re.IGNORECASE)
# A page written as XML is shown as a page; any other XML is shown as it is written, tags and all.
_XHTML = re.compile(rb"<html\b[^>]*http://www\.w3\.org/1999/xhtml", re.IGNORECASE)
_OPENING = re.compile(r"<[a-zA-Z]")
_SCHEMA_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w{1,40})"')


class Refused(Exception):
    """A document without a text for us; carries an outcome's name and a reason."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


def sniff(body: bytes, content_type: str) -> str:
    """The kind of a document by its first bytes, and only then by what it is called."""
    kind = content_type.partition(";")[0].strip().lower()
    head = body[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if kind in ("application/pdf", "application/x-pdf"):
        raise Refused("bad_type", "The file is called a PDF and is none.")
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff")) or "charset=utf-16" in content_type.lower()
    begun = body[:1024]
    if not wide and len(begun) - len(begun.translate(None, _CONTROLS)) > len(begun) // 20:
        raise Refused("bad_type", "The file is not a text.")
    if kind in ("text/html", "application/xhtml+xml"):
        return "html"
    if kind.endswith("json"):
        return "json"
    opening = head[:200].lower()
    if re.match(rb"<(!doctype html|html|head|body)\b", opening):
        return "html"
    if kind.endswith("xml") or opening.startswith(b"<?xml"):
        return "html" if _XHTML.search(head) else "xml"
    if kind.startswith("text/") or kind in ("", "application/octet-stream"):
        return "text"
    raise Refused("bad_type", "The file is of a kind we do not read.")


def parse(body: bytes, content_type: str, url: str, with_metadata: bool) -> dict[str, Any]:
    """The text and facts of one document; raises Refused, ParseLimit, or whatever a parser raises."""
    from sources.folding import has_endless_marks
    from sources.text import ParseLimit, clean_text, decode_text

    kind = sniff(body, content_type)
    found: dict[str, Any] = {"kind": kind, "facts": {}, "pages": []}
    if kind == "pdf":
        parse_pdf(body, found)
    elif kind == "html":
        parse_page(decode_text(body, content_type), url, with_metadata, found)
    else:
        found["text"] = clean_text(decode_text(body, content_type).replace("\r\n", "\n").strip())
    if len(found["text"]) > MAX_TEXT:
        raise ParseLimit("The document has more text than we read.")
    if has_endless_marks(found["text"]):
        raise ParseLimit("A letter of the document carries more marks than we read.")
    if not found["text"].strip() and kind != "html":  # a page's class says why it has no text
        raise Refused("empty", "The document has no text.")
    return found


def parse_page(html: str, url: str, with_metadata: bool, found: dict[str, Any]) -> None:
    """Text, title, language and telling facts of a page; author and date only when asked for."""
    from sources.text import ParseLimit, parse_html, tree_to_text

    if len(html) > SHORTEST_TAG * MAX_ELEMENTS and sum(1 for _ in _OPENING.finditer(html)) > MAX_ELEMENTS:
        raise ParseLimit("The page has more elements than we read.")
    tree = parse_html(html)
    found["facts"] = page_facts(tree)
    title = tree.css_first("title")
    found["title"] = " ".join(title.text().split())[:MAX_FIELD] if title is not None else ""
    root = tree.css_first("html")
    found["language"] = ((root.attributes.get("lang") if root is not None else "") or "")[:35]
    found["text"] = tree_to_text(tree)
    if not with_metadata or len(html) > MAX_MARKUP or html.count("<") > MAX_TAGS:
        return
    try:
        add_metadata(html, url, found)
    except Exception:  # the text is read; a guess that fails takes nothing from it
        return


def add_metadata(html: str, url: str, found: dict[str, Any]) -> None:
    """Main text, title, author and date as a library guesses them."""
    import trafilatura

    from sources.text import clean_text

    extracted: Any = trafilatura.bare_extraction(html, url=url or None, with_metadata=True, favor_recall=True)
    if extracted is not None:
        found["title"] = clean_text(extracted.title or found["title"])[:MAX_FIELD]
        found["author"] = clean_text(extracted.author or "")[:MAX_FIELD]
        found["published_on"] = clean_text(extracted.date or "")[:10]
        found["main_text"] = clean_text(extracted.text or "")[:MAX_TEXT]


def page_facts(tree: Any) -> dict[str, Any]:
    """What besides its text tells an article from a wall in front of it."""
    scripts = tree.css("script")
    sources = " ".join(
        [node.attributes.get("src") or "" for node in scripts]
        + [node.attributes.get("src") or "" for node in tree.css("iframe")]
    )
    data = [node.text() for node in scripts if (node.attributes.get("type") or "").lower() == "application/ld+json"]
    linked = "\n".join(data)[:200_000]
    accessible = _ACCESSIBLE.search(linked)
    return {
        "accessible_for_free": None if accessible is None else accessible.group(1).lower() == "true",
        "schema_types": sorted(set(_SCHEMA_TYPE.findall(linked)))[:20],
        "scripts": len(scripts),
        "paragraphs": len(tree.css("p")),
        "has_password": tree.css_first("input[type=password]") is not None,
        "has_captcha": any(name in sources for name in _CAPTCHAS)
        or tree.css_first(".g-recaptcha,.h-captcha,.cf-turnstile,#challenge-form") is not None,
        "has_app_root": tree.css_first("#root,#app,#__next,#__nuxt,app-root") is not None,
        "noscript": " ".join(" ".join(node.text() for node in tree.css("noscript")).split())[:500],
    }


def parse_pdf(body: bytes, found: dict[str, Any]) -> None:
    """The text of a PDF, with the offset at which each page begins."""
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    from sources.text import ParseLimit, clean_text

    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("bad_type", "The PDF is locked with a password.")
        if len(reader.pages) > MAX_PAGES:
            raise ParseLimit("The PDF has more pages than we read.")
        texts, starts, at = [], [], 0
        for page in reader.pages:
            text = clean_text((page.extract_text() or "").replace("\x00", "")).strip()
            if not text and (drawing := page.get_contents()) is not None:
                drawing.get_data()  # raises where a limit, and not the page, is why there is none
            starts.append(at)
            texts.append(text)
            at += len(text) + 1
            if at > MAX_TEXT:
                raise ParseLimit("The PDF has more text than we read.")
        title = (reader.metadata.title if reader.metadata else None) or ""
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        if "imit" in type(error).__name__ or "cyclic" in str(error):
            raise ParseLimit("The PDF is too complex to be read safely.") from error
        # The link is well and gave us a PDF: what cannot be parsed is not checkable, and no step towards its death.
        raise Refused("parse_limit", "The PDF is damaged.") from error
    found.update(text=clean_text("\n".join(texts)), pages=starts, title=str(title)[:MAX_FIELD])
    if not found["text"].strip():
        raise Refused("empty", "The PDF holds no text, only pictures.")


def answer(question: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """The frame that answers one question: head, text, main text; a limit hit inside is an answer too."""
    from sources.text import ParseLimit

    try:
        found = parse(body, question["content_type"], question["url"], question["with_metadata"])
    except Refused as refusal:
        return {"outcome": refusal.outcome, "reason": refusal.reason}, b"", b""
    except ParseLimit as limit:
        return {"outcome": "parse_limit", "reason": str(limit)}, b"", b""
    except (MemoryError, RecursionError):
        return {"outcome": "parse_limit", "reason": "The document is too complex to be read safely."}, b"", b""
    except Exception:  # a parser's own fault on foreign bytes, of whatever kind
        return {"outcome": "parse_limit", "reason": "The document could not be parsed."}, b"", b""
    text, main = found.pop("text").encode(), found.pop("main_text", "").encode()
    return {"outcome": "ok", **found}, text, main


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the input ends."""
    while len(size := questions.read(4)) == 4:
        question = json.loads(questions.read(struct.unpack(">I", size)[0]))
        allow_cpu(question["cpu"])
        head, text, main = answer(question, questions.read(question["length"]))
        held = resident() if question["length"] > SMALL else 0
        encoded = json.dumps({**head, "length": len(text), "main_length": len(main), "held": held}).encode()
        answers.write(struct.pack(">I", len(encoded)) + encoded + text + main)
        answers.flush()


def resident() -> int:
    """The bytes of memory this process holds."""
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * resource.getpagesize()


def allow_cpu(seconds: float) -> None:
    """End this process when it has worked so long from here; the kernel counts whole seconds.

    A limit set for an earlier document is kept while it allows as much: it allows less than a second more.
    """
    needed = time.process_time() + seconds
    limit, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if not needed <= limit < needed + 1:
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(needed), hard))


def main() -> None:
    """Give up what a parser does not need, then serve."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.dont_write_bytecode = True
    # What a library prints must not end up between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    gc.set_threshold(*COLLECTED)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
