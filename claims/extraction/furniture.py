"""What on a page is not running text: headings, bylines, datelines, captions, footers."""

import re
from collections.abc import Sequence

from claims.extraction import words_en as lang
from claims.extraction.sentences import Sentence

_OPENS = re.compile(rf"[\W_]*(?:{lang.FURNITURE_OPENS})(?!\w)", re.IGNORECASE)
_HOLDS = re.compile(lang.FURNITURE_HOLDS, re.IGNORECASE)
_BYLINE = re.compile(rf"\W*{lang.BYLINE}", re.IGNORECASE)
_ENDED = re.compile(r"(?:[.!?…]|[.!?…,]['’\"”]+)[\s”’\"')\]»*]*(?:\[?\d{1,3}\]?)?$")
_BULLET = re.compile(r"\s*(?:[-*•‣⁃◦▪–—·]\s|\(?\d{1,3}[.)]\s)")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_DATE_ONLY = re.compile(
    r"\W*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,4}|(?:st|nd|rd|th|am|pm|a\.m|p\.m|at|on|of|edt|est|gmt|"
    r"bst|utc|et|updated|published|posted|ago|hours?|minutes?)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|"
    r"dec)[a-z]*|[\W_])+$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"[A-Z][A-Z.’' -]{2,40}(?:, [A-Z][\w.]+(?: [A-Z]?[\w.]+)?){0,2}(?:,? \w+\.? \d{1,2}(?:, \d{4})?)?"
    r"(?: \([A-Z][\w ]{1,30}\))? ?(?:[–—]|--?) ?(?=[“\"‘A-Z])"
    r"|[A-Z][\w. ]{2,30},? \([A-Z][\w ]{1,20}\) ?(?:[–—]|--?) ?(?=[“\"‘A-Z])"
)
_CREDIT = re.compile(r"getty|/afp|reuters/|ap photo|photo", re.IGNORECASE)
LONG = 25  # words: no heading is this long
SHORT_FURNITURE = 40  # words: an address in a longer sentence is news


def find_furniture(text: str, sentences: Sequence[Sentence]) -> list[str]:
    """Name for each sentence the furniture it is, "heading" or "boilerplate", or "" for running text.

    `sentences` are those of `text` in order. A text of one sentence is running text unless it is a byline or
    a footer.
    """
    found = []
    for place, sentence in enumerate(sentences):
        starts_line = place == 0 or _has_break(text, sentences[place - 1].end, sentence.start)
        ends_line = place + 1 == len(sentences) or _has_break(text, sentence.end, sentences[place + 1].start)
        is_alone = starts_line and ends_line
        if is_boilerplate(sentence.text, is_line=is_alone):
            found.append("boilerplate")
        elif is_alone and len(sentences) > 1 and is_heading(sentence.text):
            found.append("heading")
        else:
            found.append("")
        if not starts_line and ends_line and found[-1] == "boilerplate" and _CREDIT.search(sentence.text):
            _mark_caption(text, sentences, found)
    return found


def _mark_caption(text: str, sentences: Sequence[Sentence], found: list[str]) -> None:
    """Mark what stands in one line with a picture credit at its end: the caption, of three sentences at most."""
    last = len(found) - 1
    for place in range(last - 1, max(last - 4, -1), -1):
        if _has_break(text, sentences[place].end, sentences[place + 1].start):
            return
        found[place] = "boilerplate"


def is_boilerplate(text: str, *, is_line: bool = True) -> bool:
    """Tell whether a sentence is a byline, dateline, credit, caption mark or footer.

    `is_line` says that it fills a line by itself, as bylines and dates do.
    """
    if is_line and (_BYLINE.match(text[:200]) or (len(text) < 80 and _DATE_ONLY.match(text))):
        return True
    count = text.count(" ") + 1
    if _OPENS.match(text[:300]) and (count <= LONG or not is_line):
        return is_line or count <= LONG
    return count <= SHORT_FURNITURE and bool(_HOLDS.search(text))


def is_heading(text: str) -> bool:
    """Tell whether a line reads as a heading: no end mark, or every word that counts in capitals."""
    words = _WORD.findall(text[:1000])
    if not words:
        return True
    if _ENDED.search(text[-40:]):
        if len(words) < 3 and not any(character.isdigit() for character in text):
            return True
        return len(words) <= LONG and text[-1] not in '”"' and _is_title_case(words)
    if _BULLET.match(text) and len(words) > 5:
        return False
    return len(words) < LONG and not (text.rstrip()[-1] == ":" and len(words) > 8)


def dateline_end(text: str) -> int:
    """Return where the sentence behind a dateline begins: "PORTO, March 3 (Agency) — The dam broke."."""
    found = _DATELINE.match(text[:120])
    return found.end() if found else 0


def _has_break(text: str, start: int, end: int) -> bool:
    return any(mark in "\r\n\u2028\u2029\x0b\x0c\x85" for mark in text[start:end])


def _is_title_case(words: list[str]) -> bool:
    counting = [word for word in words if word.lower() not in lang.MINOR_WORDS]
    return len(counting) > 2 and all(word[0].isupper() for word in counting)
