"""Characters that change a text without being seen, found so that they can be shown (pure)."""

import re
import unicodedata
from dataclasses import dataclass

# Format characters and fillers that print nothing (Unicode categories Cf and Cc, and the letters that are blank).
# Line feed, tab and soft hyphen are ordinary typesetting; joiners are too, but between letters that never join.
_NEVER_JOINED = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0001-\U000e007f]"
    f"|(?<=[{_NEVER_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?=[{_NEVER_JOINED}])"
)
_CONTROLS = {
    "\r": "carriage return",
    "\x0c": "form feed",
    "\x0b": "line tabulation",
    "\ufeff": "zero width no-break space",
}


@dataclass(frozen=True)
class Run:
    """A stretch of text; an unseen character comes alone, with its code point and its name in words."""

    text: str
    code: str = ""
    name: str = ""


def runs(text: str) -> list[Run]:
    """The text in order and complete, each character that nobody sees in a run of its own."""
    found, at = [], 0
    for match in _UNSEEN.finditer(text):
        if match.start() > at:
            found.append(Run(text[at : match.start()]))
        found += [Run(sign, f"U+{ord(sign):04X}", _name(sign)) for sign in match.group()]
        at = match.end()
    if at < len(text):
        found.append(Run(text[at:]))
    return found


def _name(sign: str) -> str:
    return _CONTROLS.get(sign) or unicodedata.name(sign, "control character").lower()
