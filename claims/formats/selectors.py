"""W3C Web Annotation selectors of a quoted passage, out and in (https://www.w3.org/TR/annotation-model/#selectors)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sources.text import text_fragment

FRAGMENTS = "https://wicg.github.io/scroll-to-text-fragment/"
MAX_TEXT = 2_000  # characters of a quote, and of the text on each side of it


class SelectorRefused(ValueError):
    """Selectors we cannot take; the message says what is wrong with them."""


@dataclass(frozen=True)
class Selected:
    """A passage as selectors give it: the words, those around them, and code points, end exclusive, if given."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


def to_selectors(passage: Selected) -> list[dict[str, Any]]:
    """The selectors of a passage: its words, its place if known, and the fragment for a live page.

    Positions count Unicode code points of the snapshot's visible text, as the model demands, not UTF-16 units.
    """
    quote: dict[str, Any] = {"type": "TextQuoteSelector", "exact": passage.exact}
    quote |= {name: text for name in ("prefix", "suffix") if (text := getattr(passage, name))}
    selectors = [quote]
    if passage.start is not None and passage.end is not None:
        selectors.append({"type": "TextPositionSelector", "start": passage.start, "end": passage.end})
    fragment = text_fragment(passage.exact, passage.prefix, passage.suffix)
    if fragment:
        selectors.append({"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": fragment.removeprefix("#")})
    return selectors


def from_selectors(value: object) -> Selected:
    """Read one selector or a list of them; raises SelectorRefused.

    There must be exactly one TextQuoteSelector with exactly one `exact`; selectors of other types are passed over,
    as the model allows. A TextPositionSelector is taken along if it spans as many code points as `exact`: others
    count UTF-16 units or another text, and there the words decide.
    """
    listed = value if isinstance(value, list) else [value]
    quotes, positions = [], []
    for selector in listed:
        if not isinstance(selector, Mapping):
            raise SelectorRefused("A selector is an object with a type.")
        kinds = selector.get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if not all(isinstance(kind, str) and kind for kind in kinds):
            raise SelectorRefused("A selector is an object with a type.")
        if "TextQuoteSelector" in kinds:
            quotes.append(selector)
        if "TextPositionSelector" in kinds:
            positions.append(selector)
    if len(quotes) != 1:
        raise SelectorRefused("Give exactly one TextQuoteSelector.")
    if len(positions) > 1:
        raise SelectorRefused("Give at most one TextPositionSelector.")
    exact = _text(quotes[0], "exact")
    if not exact.strip():
        raise SelectorRefused("A TextQuoteSelector has exactly one `exact`, which is not blank.")
    start, end = _position(positions[0], len(exact)) if positions else (None, None)
    return Selected(exact, _text(quotes[0], "prefix"), _text(quotes[0], "suffix"), start, end)


def _text(selector: Mapping[str, Any], name: str) -> str:
    text = selector.get(name, "" if name != "exact" else None)
    if not isinstance(text, str):
        raise SelectorRefused(f"A TextQuoteSelector has {'exactly' if name == 'exact' else 'at most'} one `{name}`.")
    if len(text) > MAX_TEXT:
        raise SelectorRefused(f"`{name}` is longer than {MAX_TEXT:,} characters.")
    return text


def _position(selector: Mapping[str, Any], length: int) -> tuple[int | None, int | None]:
    start, end = selector.get("start"), selector.get("end")
    # True and False are integers to Python and none to JSON.
    if not all(isinstance(at, int) and not isinstance(at, bool) and at >= 0 for at in (start, end)):
        raise SelectorRefused("A TextPositionSelector has one `start` and one `end`, integers from 0.")
    assert isinstance(start, int) and isinstance(end, int)
    if end < start:
        raise SelectorRefused("A TextPositionSelector ends after it starts.")
    return (start, end) if end - start == length else (None, None)
