"""What differs between a sealed quote and the passage in its place, named token by token (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from claims.comparison.altered import plain_form
from claims.comparison.tokens import Token, TokenKind
from claims.extraction.figures import Qualifier, compare_figures
from claims.extraction.figures.results import Result
from claims.extraction.lang_en import ARTICLES

_MAX_TOKENS = 700  # of a quote of 2,000 characters; the passage is about as long
_MAX_PAIRS = 400  # of figures compared by value; a passage with more differs anyway


@dataclass(frozen=True)
class Change:
    """One difference: `kind` is figure, negation, name, altered or wording; an empty side is nothing there."""

    kind: str
    before: str
    after: str

    def __str__(self) -> str:
        if self.before and self.after:
            return f"“{self.after}” for “{self.before}”"
        return f"“{self.before}” is gone" if self.before else f"“{self.after}” is new"


def find_changes(before: Sequence[Token], after: Sequence[Token]) -> list[Change]:
    """Every difference, figures first, then negations, names and wording; nothing for the same tokens in order.

    A figure, negation or name that only moved along with its words is wording; one that changed places with
    another of its kind is a change of both.
    """
    before, after = before[:_MAX_TOKENS], after[:_MAX_TOKENS]
    codes = SequenceMatcher(None, [t.key for t in before], [t.key for t in after], autojunk=False).get_opcodes()
    changes = _counted_changes(before, after, codes)
    for kind in (TokenKind.FIGURE, TokenKind.NEGATION, TokenKind.NAME):
        changes += _changes_of(kind, before, after, codes)
    for code, a, b, c, d in codes:
        if code == "equal":
            pairs = zip(before[a:b], after[c:d], strict=True)
            changes += [Change(TokenKind.WORD, o.text, n.text) for o, n in pairs if _looks(o.text) != _looks(n.text)]
            continue
        gone, came = (" ".join(token.text for token in tokens) for tokens in (before[a:b], after[c:d]))
        if not any((change.before, change.after) == (gone, came) for change in changes):
            changes.append(Change(TokenKind.WORD, gone, came))
    return changes


def _looks(text: str) -> str:
    """A token as it looks: the same value may be worded otherwise, "28" as "twenty-eight"."""
    return plain_form(text).casefold()


_Code = tuple[str, int, int, int, int]


def _counted_changes(before: Sequence[Token], after: Sequence[Token], codes: Sequence[_Code]) -> list[Change]:
    """Figures of the same value that count another thing: "28 votes" for "28 seats"."""
    changes = []
    for code, a, b, c, _ in codes:
        if code != "equal":
            continue
        for place in range(b - a):
            old, new = before[a + place], after[c + place]
            if old.counted and new.counted and old.counted != new.counted:
                shown = (_with_thing(old), _with_thing(new))
                changes.append(Change(TokenKind.FIGURE, *shown))
    return changes


def _with_thing(token: Token) -> str:
    return f"{token.text} {token.figure.unit if token.figure else token.counted}"


def _changes_of(
    kind: TokenKind, before: Sequence[Token], after: Sequence[Token], codes: Sequence[_Code]
) -> list[Change]:
    gone: list[tuple[int, int]] = []  # the token's place, and the number of its opcode
    came: list[tuple[int, int]] = []
    for number, (code, a, b, c, d) in enumerate(codes):
        if code != "equal":
            gone += [(at, number) for at in range(a, b) if before[at].kind == kind]
            came += [(at, number) for at in range(c, d) if after[at].kind == kind]
    if kind == TokenKind.NEGATION:
        _take_out_paired(gone, came, codes)
    if kind == TokenKind.FIGURE:
        _take_out_equal(before, after, gone, came, codes)
    _take_out_moved(before, after, gone, came)
    changes = []
    for number in sorted({number for _, number in gone + came}):
        old = [before[at] for at, n in gone if n == number]
        new = [after[at] for at, n in came if n == number]
        for place in range(max(len(old), len(new))):
            was = old[place].text if place < len(old) else ""
            now = new[place].text if place < len(new) else ""
            changes.append(Change(kind, was, now))
    return changes


def _take_out_paired(gone: list[tuple[int, int]], came: list[tuple[int, int]], codes: Sequence[_Code]) -> None:
    """Drop negations that another one stands in for: "never did" for "did not" leaves the sense."""
    for was in list(gone):
        for now in came:
            between = codes[min(was[1], now[1]) + 1 : max(was[1], now[1])]
            if abs(was[1] - now[1]) <= 2 and sum(b - a for _, a, b, _, _ in between) <= 2:
                gone.remove(was)
                came.remove(now)
                break


def _take_out_equal(
    before: Sequence[Token],
    after: Sequence[Token],
    gone: list[tuple[int, int]],
    came: list[tuple[int, int]],
    codes: Sequence[_Code],
) -> None:
    """Drop figures replaced by the same value in other words: "half an hour" for "30 minutes", "one" for "a"."""
    few = len(gone) * len(came) <= _MAX_PAIRS
    for was in list(gone) if few else []:
        for now in came:
            if was[1] == now[1] and _is_same_value(before[was[0]], after[now[0]]):
                gone.remove(was)
                came.remove(now)
                break
    for place in list(came):
        _, a, b, _, _ = codes[place[1]]
        if _is_one(after[place[0]]) and any(other.key in ARTICLES for other in before[a:b]):
            came.remove(place)
    for place in list(gone):
        _, _, _, c, d = codes[place[1]]
        if _is_one(before[place[0]]) and any(other.key in ARTICLES for other in after[c:d]):
            gone.remove(place)


def _is_same_value(old: Token, new: Token) -> bool:
    """Whether two figures say exactly the same of the same thing; hedges, bounds and rounding count."""
    one, other = old.figure, new.figure
    if one is None or other is None or bool(one.unit) != bool(other.unit):
        return False
    if (one.whole is None) != (other.whole is None):
        return False
    if {one.qualifier, other.qualifier} - {Qualifier.NONE, Qualifier.EXACTLY} and one.qualifier != other.qualifier:
        return False
    return compare_figures(one, other, opposed=False).result == Result.EQUAL


def _is_one(token: Token) -> bool:
    figure = token.figure
    return figure is not None and figure.low == figure.high == 1 and not figure.qualifier


def _take_out_moved(
    before: Sequence[Token], after: Sequence[Token], gone: list[tuple[int, int]], came: list[tuple[int, int]]
) -> None:
    """Drop pairs that moved along with words of theirs; not where another of their kind took their place.

    A date may go anywhere in its sentence, and so may a name or number that is the only one.
    """
    free = {token.key for token in before if token.is_calendar}
    kinds = {before[at].kind for at, _ in gone}
    keys = {token.key for token in before if token.kind in kinds and not token.is_calendar}
    if len(keys) == 1 and TokenKind.NEGATION not in kinds:
        free |= keys
    replaced = {number for _, number in gone} & {number for _, number in came}
    for was in list(gone):
        for now in came:
            if before[was[0]].key != after[now[0]].key or was[1] in replaced or now[1] in replaced:
                continue
            if before[was[0]].key in free or _neighbours(before, was[0]) & _neighbours(after, now[0]):
                gone.remove(was)
                came.remove(now)
                break


def _neighbours(tokens: Sequence[Token], at: int) -> set[str]:
    """The four words on each side, those that say something; little words stand beside everything."""
    near = [*tokens[max(0, at - 4) : at], *tokens[at + 1 : at + 5]]
    return {token.key for token in near if len(token.key) > 3 or token.kind != TokenKind.WORD}
