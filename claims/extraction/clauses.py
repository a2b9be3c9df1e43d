"""Where a passage may be cut in two: between sentences, else between clauses (pure)."""

import re

from claims.extraction.sentences import split_sentences

LIMIT = 9  # one for each digit
_JOINT = re.compile(
    r"(?:[;:]\s+|\s+[–—]\s*|\s+-\s+|,\s+(?:and|but|while|whereas|though|although|which|who|when|up|down|compared)\s"
    r"|\s(?:and|but|while|whereas)\s)",
    re.IGNORECASE,
)
_EDGE = re.compile(r"(?:[\s,;:–—-]|(?<!\w)(?:and|but|while|whereas)(?!\w))+", re.IGNORECASE)


def cut_points(text: str) -> list[int]:
    """Return the code points at which a second part may begin, at most nine; those of sentences come first."""
    sentences = [sentence.start for sentence in split_sentences(text)[1:]]
    clauses = [match.end() if match.group()[0] in ";:" else match.start() + 1 for match in _JOINT.finditer(text)]
    found = dict.fromkeys([*sentences, *clauses])
    return sorted([at for at in found if all(parts_at(text, at))][:LIMIT])


def parts_at(text: str, at: int) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Return where the two parts of a text cut at a code point begin and end, without the joint between them.

    A part that holds no words is None.
    """
    end = at
    while end and (text[end - 1].isspace() or text[end - 1] in ",;:–—-"):
        end -= 1
    joint = _EDGE.match(text, at)
    start = joint.end() if joint else at
    left = (0, end) if text[:end].strip() else None
    right = (start, len(text)) if text[start:].strip(" \t\r\n.!?") else None
    return left, right
