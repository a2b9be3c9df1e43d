"""Sentences of a text, each a verbatim slice of it.

The boundaries are sentencex's, found paragraph by paragraph, with corrections for what news text does
and its rules do not expect. Each correction carries an example; the rest is left to the library.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

LANGUAGE = "en"
# Unclosed quotes cost sentencex quadratic time (40,000 of them: 4 s), so it never sees a longer text at once.
PIECE = 8_000

# A title or unit that is never the last word of a sentence: what follows belongs to it.
_NEVER_LAST = re.compile(
    r"(?:^|[\s(\[“‘\"'])(?:Adm|Amb|Approx|approx|Asst|Brig|Capt|Cmdr|Col|Cpl|Det|Dr|Fig|Ft|Gen|Gov|Hon|Insp|"
    r"Lt|Maj|Messrs|Mr|Mrs|Ms|Msgr|Mt|Nos?|Ofc|Prof|Pvt|Rep|Reps|Rev|Sen|Sens|Sgt|St|Supt|vs|v|cf|e\.g|i\.e)\.$"
)
# Clock times run on into a day or a zone: "at 5 p.m. Monday".
_CLOCK = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May\b|June|July|August|"
    r"(?:Septem|Octo|Novem|Decem)ber|[ECMP][SD]?T\b|GMT|UTC|BST|Eastern|Pacific|Central|local"
)
# Dotted initials before a capital: "U.S. Army" goes on, "the U.S. They left" does not.
_INITIALS = re.compile(r"\b(?:U\.S(?:\.A)?|U\.K|U\.N|E\.U|D\.C)\.$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STARTERS = _words("""
    A After All Although An And Another Any As At Before Both But By Critics Did Do Does During Each Even
    Every Experts For From Has Have He Her Here His How However I If In Instead Is It Its Last Later Many
    More Most Mr Mrs Ms My Nearly Neither No Nobody None Nor Not Nothing Now Of Officials On Once One Only
    Or Others Our She Since So Some Such That The Their Then There These They This Those Though Thus To
    Today Two Under Until We What When Where Whether Which While Who Why With Without Yesterday Yet You Your
""")
# Words no heading ends with, so a line that does was cut by wrapping.
_HANGING = re.compile(
    r"(?:\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|that|the|to|with|will|was|were|is|are)|,)$"
)
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_STOP = re.compile(r"[.!?][”\"]?\s+(?=[A-Z“])")
_BULLET = re.compile(r"\s*(?:[-*•‣⁃◦▪–—·]\s|\(?\d{1,3}[.)]\s|[a-zA-Z][.)]\s)")
_EDGES = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_ONLY_CLOSERS = re.compile(r"[\s.!?)\]”’\"']+$")
_TRAILING_OPENER = re.compile(r"(?<=\s)[“‘(\[]\s*$")
_TRAILING_STRAIGHT = re.compile(r"(?<=[.!?]\s)[\"']\s*$")
_TRAILING_ITEM = re.compile(r"(?<=\s)(?:[•⁃]\s*)?\d{1,3}\.\s*$")
_LEADING_ITEM = re.compile(r"\s*(?:[•⁃]\s*)?\d{1,3}\.")
_LIST_MARK_ONLY = re.compile(r"(?:[•⁃]\s*)?(?:\d{1,3}|[A-Za-z])\.\)?$")

# Boundaries inside one piece; the empty group stands where the next sentence begins. Every alternative starts
# with one of a few marks, which lets the engine skip from mark to mark (three times as fast as lookbehinds).
_INNER = re.compile(
    r"[.?!•⁃](?:"
    # a footnote mark glued to the stop: "help.19 According"
    r"(?<=[a-z”’\"')\]][.?!])[”’\"']?(?:\d{1,3}|\[\d{1,3}\])\s+(?P<footnote>)(?=[“‘\"'(]?[A-Z])"
    # a blank forgotten: "last year.The plan"
    r"|(?<=[a-z]{3}[.?!])[”’]?(?P<glued>)(?=[A-Z][a-z]+[\s’'])"
    # a curly quotation that ends its sentence, and a new sentence after it
    r"|(?<=\w[.?!])”\s+(?P<quote>)(?=[“A-Z](?!\w*\s+(?:said|says|told|added|asked|wrote)\b))"
    # an item of a list set in a line: "• 10. The second item"
    r"|(?<=\s[•⁃])(?P<bullet>)(?=\s*\d{0,3}[.)]*\s*[A-Z])"
    r")"
)
_INLINE_ITEM = re.compile(r"(?:^|(?<=\s))(\d{1,3}|[a-z])(?:\.\)|[.)])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands, in code points: `source[start:end] == text`."""

    start: int
    end: int
    text: str


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text in order, none of them blank and none overlapping.

    A line without a closing mark (a heading, a list item) is a sentence of its own; hard-wrapped lines are
    read on. Offsets count code points of `text` as given, line ends included. Nothing is
    raised for any string.
    """
    sentences = []
    for start, end in _paragraphs(text):
        for low, high in _split_paragraph(text[start:end]):
            sentences.append(Sentence(start + low, start + high, text[start + low : start + high]))
    return sentences


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of lines that belong together: one line each, unless lines were wrapped."""
    block: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        if not line.group().strip():
            continue
        if block and _is_blank_line_between(text, block[-1][1], line.start()):
            yield from _unwrap(text, block)
            block = []
        block.append(line.span())
    if block:
        yield from _unwrap(text, block)


def _is_blank_line_between(text: str, end: int, start: int) -> bool:
    gap = text[end:start].replace("\r\n", "\n")
    return sum(gap.count(mark) for mark in "\n\r\u2028\u2029\x0b\x0c\x85") > 1


def _unwrap(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    width = max(end - start for start, end in lines)
    is_column = len(lines) >= 3 and 45 <= width <= 100
    start, end = lines[0]
    line = text[start:end]
    for next_start, next_end in lines[1:]:
        next_line = text[next_start:next_end]
        if not _runs_on(line, next_line, width if is_column else 0):
            yield start, end
            start = next_start
        end, line = next_end, next_line
    yield start, end


def _runs_on(line: str, next_line: str, width: int) -> bool:
    """Tell whether a line break was put in by wrapping: the next word would not have fitted."""
    if _BULLET.match(next_line):
        return False
    next_line = next_line.lstrip()
    if next_line[:1].islower() or _HANGING.search(line[-12:].rstrip()):
        return True
    return bool(width) and len(line.rstrip()) + 1 + len(next_line.split(None, 1)[0]) > width


def _split_paragraph(paragraph: str) -> Iterator[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for start, end in _library_boundaries(paragraph):
        if pieces and _continues(paragraph, pieces[-1], start, end):
            start = pieces.pop()[0]
        elif pieces and (opener := _stray_opener(paragraph, *pieces[-1])) is not None:
            pieces[-1] = (pieces[-1][0], opener)
            start = opener
        pieces.append((start, end))
    for start, end in pieces:
        for low, high in _split_inside(paragraph, start, end):
            if edges := _EDGES.search(paragraph, low, high):
                yield edges.span()


def _library_boundaries(paragraph: str) -> Iterator[tuple[int, int]]:
    """Yield sentencex's pieces, asking it for at most PIECE code points at a time."""
    paragraph = _SURROGATE.sub("\ufffd", paragraph)  # half a code point has no UTF-8, which sentencex needs
    offset = 0
    while offset < len(paragraph):
        end = min(offset + PIECE, len(paragraph))
        if end < len(paragraph):
            stops = [stop.end() for stop in _STOP.finditer(paragraph, offset + PIECE // 2, end)]
            end = stops[-1] if stops else max(end, paragraph.rfind(" ", offset, end) + 1)
        for boundary in sentencex.get_sentence_boundaries(LANGUAGE, paragraph[offset:end]):
            yield offset + boundary["start_index"], offset + boundary["end_index"]
        offset = end


def _stray_opener(text: str, start: int, end: int) -> int | None:
    """Find an opening quote or item number left at the end of a sentence; it opens the next one."""
    window = max(start, end - 8)
    tail = _TRAILING_OPENER.search(text, window, end)
    if tail is None and (straight := _TRAILING_STRAIGHT.search(text, window, end)):
        # An odd number of quotes before it: one is still open. Looking back is bounded, for hostile text.
        tail = straight if text.count('"', max(start, end - 4000), end) % 2 else None
    if tail is None and _LEADING_ITEM.match(text, start, end):
        tail = _TRAILING_ITEM.search(text, window, end)
    return tail.start() if tail and tail.start() > start else None


def _continues(text: str, before: tuple[int, int], start: int, end: int) -> bool:
    """Tell whether the piece [start:end) is no sentence of its own but goes on from the one before."""
    tail = text[max(before[0], before[1] - 14) : before[1]].rstrip()
    head = text[start : min(end, start + 24)].lstrip()
    if not tail or not head:
        return True
    if end - start < 4 and _ONLY_CLOSERS.match(text[start:end]):
        return True
    if head[0].islower() and not head[1:2].isupper() and tail[-1] == ".":
        return True  # a stray full stop: "a Navy veteran. of the war"
    if before[1] - before[0] < 9 and _LIST_MARK_ONLY.match(text[before[0] : before[1]].strip()):
        return True
    if _NEVER_LAST.search(tail):
        return tail[-3:] not in {"No.", "no."} or head[0].isdigit()
    if _CLOCK.search(tail):
        return bool(_AFTER_CLOCK.match(head))
    return bool(_INITIALS.search(tail)) and _first_word(head) not in _STARTERS and head[0].isupper()


def _first_word(head: str) -> str:
    return re.split(r"[\s,.;:’']", head, maxsplit=1)[0]


def _split_inside(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a piece where sentencex saw no boundary: footnotes, list items, forgotten blanks."""
    cuts = [
        mark.end() - (mark.lastgroup == "bullet") for mark in _INNER.finditer(text, start, end) if _is_cut(text, mark)
    ]
    first = text[start : start + 5].lstrip()[:2]
    if first and (first[0].isdigit() or (first[0].islower() and first[1:] in {".", ")"})):
        cuts += _inline_items(text, start, end)
    for cut in sorted(set(cuts)):
        if start < cut < end:
            yield start, cut
            start = cut
    yield start, end


def _is_cut(text: str, mark: re.Match[str]) -> bool:
    if mark.lastgroup != "glued":
        return True
    # Addresses keep their dots: "www.Example.Com is down".
    word_start = max(text.rfind(" ", 0, mark.start()), text.rfind("\n", 0, mark.start())) + 1
    return not re.search(r"[@/]|www|\.", text[word_start : mark.start()])


def _inline_items(text: str, start: int, end: int) -> list[int]:
    """Find list items in a line, "1) The first item 2) The second item": their marks count up."""
    items = list(_INLINE_ITEM.finditer(text, start, end))
    if len(items) < 2 or items[0].start() - start > 3:
        return []
    cuts = []
    expected = items[0].group(1)
    for item in items:
        if item.group(1) == expected:
            cuts.append(item.start())
            expected = str(int(expected) + 1) if expected.isdigit() else chr(ord(expected) + 1)
    return cuts[1:]
