"""The picture that stands beside a link to a claim: 1200 x 630, drawn from the public document (ogp.me).

It says what the page says: the verdict, that it is on hold or withdrawn, and of a withdrawn claim nothing else. Words
in a script that no font at hand can set are left out rather than drawn as boxes.
"""

import io
import unicodedata
from datetime import date
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from .page import tone

SIZE = (1200, 630)
_EDGE, _FOOT = 72, 520
_PAPER, _INK, _SOFT, _RULE = "#fbf9f4", "#1d1b18", "#5f5a52", "#1d1b18"
_TONES = {
    "low": "#a32a22",
    "low-mid": "#a84d10",
    "mid": "#85640a",
    "high-mid": "#55700f",
    "high": "#1c6b3c",
    "open": "#4f5b69",
}
_HOLD, _HOLD_WASH, _GONE = "#8a4b00", "#fdf0d9", "#a32a22"
# Fonts by name, as Pillow finds them in the system's folders; its own, which knows Latin, comes last.
_SERIF = ("DejaVuSerif-Bold.ttf", "NotoSerif-Bold.ttf", "LiberationSerif-Bold.ttf")
_SANS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf")
_ANY_SCRIPT = ("DejaVuSans-Bold.ttf", "NotoSansCJK-Bold.ttc", "NotoSansArabic-Bold.ttf", "NotoSansHebrew-Bold.ttf")
_LINES = 4

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def claim_card_png(document: dict[str, Any], *, site_name: str) -> bytes:
    """Draw the card of a published or withdrawn claim, as PNG."""
    picture = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, SIZE[0], 14), fill=_INK)
    site = _font(site_name, _SERIF, 34)
    if site:
        draw.text((_EDGE, 48), site_name, font=site, fill=_INK)
    draw.line((_EDGE, 108, SIZE[0] - _EDGE, 108), fill=_RULE, width=2)
    verdict = document.get("verdict")
    if verdict is None:
        _badge(draw, _EDGE, "Withdrawn", fill=_GONE, ink=_PAPER)
        _paragraph(draw, "We have withdrawn this claim. Its verdict no longer stands.", top=230)
    else:
        right = _badge(draw, _EDGE, verdict["label"], fill=_TONES[tone(verdict["value"])], ink=_PAPER)
        if document["hold"]:
            _badge(draw, right + 20, "On hold", fill=_HOLD_WASH, ink=_HOLD, edge=_HOLD)
        _paragraph(draw, " ".join(document["text"].split()), top=220)
    _foot(draw, document)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def _badge(draw: ImageDraw.ImageDraw, left: int, text: str, *, fill: str, ink: str, edge: str = "") -> int:
    """Draw a badge and return where it ends."""
    font = _font(text, _SANS, 34)
    if font is None:
        return left
    right = left + int(draw.textlength(text, font=font)) + 44
    draw.rounded_rectangle((left, 140, right, 196), radius=8, fill=fill, outline=edge or None, width=3)
    draw.text((left + 22, 168), text, font=font, fill=ink, anchor="lm")
    return right


def _paragraph(draw: ImageDraw.ImageDraw, text: str, *, top: int) -> None:
    """Set the words as large as they fit in a few lines; what does not fit ends with three dots."""
    room = SIZE[0] - 2 * _EDGE
    for size in (60, 52, 46, 40):
        font = _font(text, _SERIF, size)
        if font is None:
            return
        lines = _lines(draw, text, font, room)
        if len(lines) <= _LINES:
            break
    else:
        assert font is not None, "a paragraph without a font was left above"
        lines = [*lines[: _LINES - 1], _shortened(draw, lines[_LINES - 1] + " …", font, room)]
    is_rtl = _is_right_to_left(text)
    x, anchor = (SIZE[0] - _EDGE, "ra") if is_rtl else (_EDGE, "la")
    more: dict[str, Any] = {"direction": "rtl"} if is_rtl and _sets_scripts() else {}
    for number, line in enumerate(lines):
        draw.text((x, top + number * int(size * 1.25)), line, font=font, fill=_INK, anchor=anchor, **more)


def _foot(draw: ImageDraw.ImageDraw, document: dict[str, Any]) -> None:
    day = date.fromisoformat(document["published_at"][:10])
    told = f"Claim {document['id']}   ·   version {document['version']}   ·   {day.day} {day:%B %Y}"
    draw.line((_EDGE, _FOOT + 18, SIZE[0] - _EDGE, _FOOT + 18), fill="#ddd6c9", width=2)
    font = _font(told, _SANS, 28)
    if font:
        draw.text((_EDGE, _FOOT + 40), told, font=font, fill=_SOFT)


def _lines(draw: ImageDraw.ImageDraw, text: str, font: Font, room: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=font) <= room:
            lines[-1] = longer
        else:
            lines += _broken(draw, word, font, room)
    return lines


def _broken(draw: ImageDraw.ImageDraw, word: str, font: Font, room: int) -> list[str]:
    """Return a word that is wider than a line in pieces, as writing without blanks is."""
    pieces = [""]
    for character in word[:400]:
        if pieces[-1] and draw.textlength(pieces[-1] + character, font=font) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _shortened(draw: ImageDraw.ImageDraw, line: str, font: Font, room: int) -> str:
    while draw.textlength(line, font=font) > room and " " in line[:-2]:
        line = f"{line[:-2].rpartition(' ')[0]} …"
    return line


def _is_right_to_left(text: str) -> bool:
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def _font(text: str, names: tuple[str, ...], size: int) -> Font | None:
    """Return the first font at hand that has every letter of the text, or None."""
    letters = frozenset(character for character in text if not character.isspace() and character.isprintable())
    for name in (*names, *_ANY_SCRIPT, ""):
        font = _named(name, size)
        if font is not None and letters <= _known(name, letters):
            return font
    return None


@cache
def _named(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None


_KNOWN: dict[str, dict[str, bool]] = {}


def _known(name: str, letters: frozenset[str]) -> frozenset[str]:
    """Keep the letters this font has a shape for: another one than for a code point that is never assigned."""
    font, known = _named(name, 24), _KNOWN.setdefault(name, {})
    assert font is not None
    nothing = _shape(font, "\uffff")
    for letter in letters - known.keys():
        known[letter] = _shape(font, letter) != nothing
    return frozenset(letter for letter in letters if known[letter])


def _shape(font: Font, letter: str) -> bytes:
    drawn: Any = font.getmask(letter)
    return bytes(drawn)


@cache
def _sets_scripts() -> bool:
    from PIL import features

    return bool(features.check("raqm"))
