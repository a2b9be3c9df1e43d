"""What a page hides by its own style: attributes, and plain rules of its style elements (pure).

Linked style sheets are not fetched and conditions not weighed, so only a plain selector with a class or an id
counts, outside every @-rule. Where such rules would hide most of a page, its scripts are there to show it, and
none of them counts.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

_HINT = re.compile(r"none|hidden|collapse", re.IGNORECASE)
# All of these are read in time that grows with the text alone: style sheets are foreign text too.
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|/\*.*?(?:\*/|\Z)", re.DOTALL)
_STEP = r"(?:[a-zA-Z][\w-]*|[.#][a-zA-Z_][\w-]*)(?:[.#][a-zA-Z_][\w-]*)*"
_PLAIN = re.compile(rf"{_STEP}(?:(?: > | ){_STEP})*")
_MAX_STYLE = 300_000  # characters of style elements that are read
_ASIDE = 500  # characters that may be hidden whatever share of the page they are
_MAX_RULES = 100  # with a say about display


class _Rule(NamedTuple):
    weight: tuple[bool, int, int, int, int]  # !important, ids, classes, elements, order
    selector: str
    hides: bool


def hides(style: str) -> bool:
    """Whether a style attribute takes its element out of sight; the last say of each property counts."""
    if not _HINT.search(style):
        return False
    said = dict(sorted(_declared(style), key=lambda item: item[1].endswith("!important")))
    return _is_none(said.get("display", "")) or said.get("visibility", "").split(" ")[0] in ("hidden", "collapse")


def hidden_by_rules(tree: LexborHTMLParser) -> list[LexborNode]:
    """The elements that the page's own plain rules take out of sight."""
    sheets = [node.text() for node in tree.css("style") if "print" not in (node.attributes.get("media") or "")]
    sheet = "}".join(sheets)[:_MAX_STYLE]  # the end of a sheet closes what is open in it
    body = tree.body
    if body is None or "none" not in sheet.lower():
        return []
    rules = sorted(_rules(sheet))[-_MAX_RULES:]
    hidden: dict[int, LexborNode] = {}
    for rule in rules:
        if not rule.hides and not hidden:
            continue
        for node in tree.css(rule.selector):
            if rule.hides:
                hidden[node.mem_id] = node
            else:
                hidden.pop(node.mem_id, None)
    found = [node for node in hidden.values() if "display" not in (node.attributes.get("style") or "")]
    size = sum(len(node.text()) for node in found)
    return [] if size > _ASIDE and size * 2 > len(body.text()) else found


def _rules(sheet: str) -> Iterator[_Rule]:
    for order, rule in enumerate(_unconditional(_QUOTED.sub("", sheet)).split("}")):
        selectors, _, body = rule.partition("{")
        if "display" not in body.lower():
            continue
        value = dict(_declared(body)).get("display", "")
        for selector in selectors.split(","):
            plain = " ".join(selector.replace(">", " > ").split())
            ids, classes = plain.count("#"), plain.count(".")
            if value and (ids or classes) and len(plain) < 200 and _PLAIN.fullmatch(plain):
                yield _Rule(
                    (value.endswith("!important"), ids, classes, len(plain.split()), order), plain, _is_none(value)
                )


def _unconditional(sheet: str) -> str:
    """A style sheet without its @-rules and what stands in them."""
    kept, begun, depth, is_at_rule = [], 0, 0, False
    for sign in re.finditer("[@;{}]", sheet):
        if not is_at_rule:
            if sign.group() == "@":
                kept.append(sheet[begun : sign.start()])
                depth, is_at_rule = 0, True
            continue
        depth += {"{": 1, "}": -1}.get(sign.group(), 0)
        if depth <= 0 and sign.group() in ";}":
            begun, is_at_rule = sign.end(), False
    return "".join(kept if is_at_rule else [*kept, sheet[begun:]])


def _declared(style: str) -> Iterator[tuple[str, str]]:
    """Each property and its value, in lower case, in order."""
    for declaration in _QUOTED.sub("''", style).split(";"):
        name, _, value = declaration.partition(":")
        yield name.strip().lower(), re.sub(r"\s*!\s*important", " !important", " ".join(value.lower().split()))


def _is_none(value: str) -> bool:
    return value.split(" ")[0] == "none"
