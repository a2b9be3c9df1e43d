"""All the text a reader sees on a page, and where a quote stands in it (pure).

Finding quotes is in `sources.quotes` and offered here; offsets are code points into the text.
"""

import codecs
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.fragments import text_fragment
from sources.quotes import Found, Passage, find_quote, nearest_passage, quote_context
from sources.styles import hidden_by_rules, hides

__all__ = [
    "Found",
    "ParseLimit",
    "Passage",
    "clean_text",
    "decode_text",
    "find_quote",
    "html_to_text",
    "nearest_passage",
    "quote_context",
    "text_fragment",
    "tree_to_text",
]

MAX_TEXT = 1_000_000  # characters
MAX_DEPTH = 250  # nested elements
# A parser whose time grows with the square of the depth is not handed a million open tags.
_MAX_OPEN = 20_000
_SHORTEST_TAG = 3  # characters

# Marks for line breaks, ends of cells and rows, and preserved white space. Control characters keep a page of
# ASCII at a byte a character; one that a page brings itself only breaks its own lines.
_LINE, _CELL, _ROW, _KEPT_SPACE, _KEPT_TAB = "\x01", "\x02", "\x03", "\x04", "\x05"
_KEPT = str.maketrans({"\n": _LINE, " ": _KEPT_SPACE, "\t": _KEPT_TAB, "\r": None})

_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol "
    "optgroup option p plaintext pre search section select summary table tbody tfoot thead ul xmp"
)
_UNSEEN = (
    "script style template noscript noembed noframes head title iframe progress meter video audio canvas "
    "datalist rp textarea"
)
_UNSEEN_BY_NAME = "[hidden],[popover]"
# Asked only of pages that have such elements: each selector walks the whole tree.
_UNSEEN_IN_PLACE = (
    "object[data],svg title,svg desc,svg defs,annotation,annotation-xml,dialog:not([open]),"
    "details:not([open])>:not(summary),details:not([open])>summary~summary"
)
_MIXED_NAMES = "object svg math dialog details"
_DEEP, _RATHER_DEEP = (">".join(["*"] * depth) for depth in (MAX_DEPTH, 25))

_UNTEXT = re.compile("[\x00\ud800-\udfff]")

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SELF_CLOSED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
    ]
)

_META = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w:.-]+)[\"']", re.IGNORECASE)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# What browsers read under these names (WHATWG Encoding), and the codecs that are no text encoding at all.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
_NO_CHARSETS = {
    "utf-7",
    "idna",
    "punycode",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
    "mbcs",
    "oem",
}


class ParseLimit(Exception):
    """A page past our limits. Never a shorter text in its place."""


def decode_text(body: bytes, content_type: str = "") -> str:
    """Bytes to text by byte-order mark, then the header's charset, then the page's own, then UTF-8.

    Bytes that do not fit, NUL and lone surrogates become U+FFFD. Never raises.
    """
    for mark, marked in _BOMS:
        if body.startswith(mark):
            return clean_text(body[len(mark) :].decode(marked, "replace"))
    header = re.search(r"charset\s*=\s*[\"']?([^\s\"';]+)", content_type, re.IGNORECASE)
    name = _codec(header.group(1)) if header else None
    if name is None:
        declared = _META.search(body, 0, 4096) or _XML.match(body, 0, 1024)
        name = _codec(declared.group(1).decode("ascii", "replace")) if declared else None
        if name and name.startswith(("utf-16", "utf-32")):
            name = "utf-8"  # a declaration that could be read as ASCII is wrong about itself
    return clean_text(body.decode(name or "utf-8", "replace"))


def clean_text(text: str) -> str:
    """Replace what no database keeps and no reader sees: NUL and lone surrogates become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNTEXT.sub("\ufffd", text)
    return text.replace("\x00", "\ufffd")


def html_to_text(html: bytes | str, charset: str | None = None) -> str:
    """All visible text of a page, a line per block, white space collapsed as a browser shows it.

    Not visible: scripts, styles, comments, templates, alternative texts, what is folded away, `hidden`, and
    `display: none` by attribute or by a plain rule of the page's own (`sources.styles`). Inline elements add no
    blanks; table cells are parted by a tab. Raises ParseLimit past 250 nested elements or 1,000,000 characters.
    """
    if isinstance(html, bytes):
        return tree_to_text(parse_html(decode_text(html, f"text/html; charset={charset}" if charset else "")))
    return tree_to_text(parse_html(clean_text(html)))


def parse_html(html: str) -> LexborHTMLParser:
    """The tree of a page, given as clean text; raises ParseLimit when its tags nest too deeply."""
    if len(html) > _SHORTEST_TAG * _MAX_OPEN and html.count("<") > _MAX_OPEN:
        _refuse_open_tags(html)
    tree = LexborHTMLParser(html)
    # To take a selector of that many steps apart costs more than to match it: a short one is asked first.
    if tree.css_first(_RATHER_DEEP) is not None and tree.css_first(_DEEP) is not None:
        raise ParseLimit("The page's elements nest too deeply.")
    return tree


def tree_to_text(tree: LexborHTMLParser) -> str:
    """The visible text of a parsed page; the tree is used up. Raises ParseLimit."""
    body = tree.body
    if body is None:
        return ""
    is_mixed = _take_out_unseen(tree, body)
    for node in body.css("*"):
        kind = _KINDS.get(node.tag_id)
        if kind is None:
            continue
        if kind == "pre":
            _keep_white_space(node)
        if kind == "br":
            node.replace_with(_LINE)
        elif kind == "cell":
            node.insert_after(_CELL)
        elif kind == "row":
            node.insert_before(_ROW)
            node.insert_after(_ROW)
        else:
            node.insert_before(_LINE)
            node.insert_after(_LINE)
    if is_mixed:
        for node in body.css("svg text"):
            node.insert_before(_LINE)
            node.insert_after(_LINE)
    text = _collapse(body.text())
    if len(text) > MAX_TEXT:
        raise ParseLimit("The page has more text than we read.")
    return clean_text(text)


def _take_out_unseen(tree: LexborHTMLParser, body: LexborNode) -> bool:
    """Drop what no reader sees, and return whether the page has elements that are seen in part."""
    kinds = [(node.tag_id, node) for node in body.css("*") if node.tag_id in _TOLD_APART]
    is_mixed = any(tag in _MIXED for tag, _ in kinds)
    if is_mixed:
        for details in body.css("details:not([open])"):  # its own words go; its first summary stays
            for child in list(details.iter(include_text=True)):
                if child.is_text_node:
                    child.replace_with(" ")
    nodes = [node for tag, node in kinds if _KINDS.get(tag) == "unseen"]
    nodes += body.css(f"{_UNSEEN_BY_NAME},{_UNSEEN_IN_PLACE}" if is_mixed else _UNSEEN_BY_NAME)
    nodes += hidden_by_rules(tree)
    nodes += [node for node in body.css("[style]") if hides(node.attributes.get("style") or "")]
    # Taking a node out frees what it holds: only the outermost may be touched.
    known = {node.mem_id for node in nodes}
    outermost = {}
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in known:
            above = above.parent
        if above is None:
            outermost[node.mem_id] = node
    for node in outermost.values():
        node.decompose()
    return is_mixed


def _collapse(text: str) -> str:
    """White space as CSS shows it; plain string methods, several times as fast as expressions."""
    for blank in "\t\n\r\f":  # split() would take no-break spaces along
        text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    if _CELL in text:
        for mark in (_LINE, _CELL, _ROW):
            text = text.replace(" " + mark, mark).replace(mark + " ", mark)
        # Blocks at the edge of a cell break no line, and the last cell of a row has no border.
        for swallowed, by in ((_LINE + _CELL, _CELL), (_CELL + _LINE, _CELL), (_CELL + _ROW, _ROW)):
            while swallowed in text:
                text = text.replace(swallowed, by)
    text = "\n".join(filter(None, [line.strip(" ") for line in text.replace(_ROW, _LINE).split(_LINE)]))
    return text.replace(_CELL, "\t").replace(_KEPT_SPACE, " ").replace(_KEPT_TAB, "\t")


def _tag_ids() -> dict[int, str]:
    """What each kind of element does to the text, by the parser's own numbers: names cost a string each."""
    kinds = dict.fromkeys(_UNSEEN.split(), "unseen") | dict.fromkeys(_BLOCKS.split(), "block")
    kinds |= {"br": "br", "td": "cell", "th": "cell", "tr": "row"}
    kinds |= dict.fromkeys(["pre", "listing", "xmp", "plaintext"], "pre")
    ids = {}
    for tag, kind in kinds.items():
        node = LexborHTMLParser("<p></p>").create_node(tag)
        ids[node.tag_id] = kind
    return ids


_KINDS = _tag_ids()
_MIXED = frozenset(LexborHTMLParser("<p></p>").create_node(tag).tag_id for tag in _MIXED_NAMES.split())
_TOLD_APART = _MIXED.union(tag for tag, kind in _KINDS.items() if kind == "unseen")


def _keep_white_space(node: LexborNode) -> None:
    for child in list(node.traverse(include_text=True)):
        if child.is_text_node:
            child.replace_with((child.text_content or "").translate(_KEPT))


def _refuse_open_tags(html: str) -> None:
    """Bound the nesting of a very large page before a tree is built; raises ParseLimit."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag.group(1):
            depth -= 1
        elif tag.group(2).lower() not in _SELF_CLOSED:
            depth += 1
            if depth > _MAX_OPEN:
                raise ParseLimit("The page's elements nest too deeply.")


def _codec(label: str) -> str | None:
    """The codec for a charset name; None for what is unknown or no text encoding."""
    try:
        info = codecs.lookup(label.strip())
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", False) or info.name in _NO_CHARSETS:
        return None
    return _READ_AS.get(info.name, info.name)
