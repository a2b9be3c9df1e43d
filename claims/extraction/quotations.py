"""Quotations of a text: what stands between quotation marks, paragraph by paragraph."""

import re
from dataclasses import dataclass

_MARK = re.compile(r"[“”\"]|(?<![\w’'])‘(?=\w)|(?<=[.,!?…])’(?!\w)")
_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted passage with its marks; `is_open` when the paragraph ends before the quotation does."""

    start: int
    end: int
    is_open: bool = False


def find_quotations(text: str) -> list[Quotation]:
    """Return the quotations of a text in order, in linear time; none reaches over a line end."""
    found: list[Quotation] = []
    for paragraph in _PARAGRAPH.finditer(text):
        opened = -1
        closer = ""
        for mark in _MARK.finditer(text, paragraph.start(), paragraph.end()):
            sign = mark.group()
            if opened < 0:
                if sign in '“"‘':
                    opened = mark.start()
                    closer = {"“": '”"', '"': '"”', "‘": "’"}[sign]
            elif sign in closer:
                found.append(Quotation(opened, mark.end()))
                opened = -1
        if opened >= 0 and text[opened] != "‘":
            found.append(Quotation(opened, paragraph.end(), is_open=True))
    return found
