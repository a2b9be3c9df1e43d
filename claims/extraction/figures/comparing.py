"""Compare two figures as a careful reader would, and say which rule decided."""

from dataclasses import replace
from decimal import Decimal

from claims.extraction import lang_en as words
from claims.extraction import things_en as lang
from claims.extraction.figures.extents import Extent, as_kept, literal, meant, precision
from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.results import FigureComparison, Result, number, said
from claims.extraction.figures.spans import as_count, compare_days
from claims.extraction.figures.things import is_wider, may_be_same, measure, thing

_SHARES = (Kind.PERCENT, Kind.FRACTION)
_POINTS = ("percentage points", "basis points")
_COUNTS = (Kind.CARDINAL, Kind.RANGE, Kind.FRACTION)


def compare_figures(claim: Figure, source: Figure, *, opposed: bool | None = None) -> FigureComparison:
    """Say how a claim's figure stands to a source's; the result is the same both ways round.

    "within" says that one lies inside what the other says or, hedged or rounded, means. What the two figures are
    about must be settled by the caller: only the unit or counted thing of each is looked at. `opposed` says whether
    the texts say opposite things of parts of one whole ("lost", "kept"): 20 of 48 is then what 28 of 48 leaves, and
    where it is None such a pair is given the benefit of the doubt. Nothing is raised.
    """
    if claim.is_calendar != source.is_calendar:
        claim, source = as_count(claim), as_count(source)
    if claim.is_calendar != source.is_calendar:
        return _not_comparable("different_kind", claim, source, "one is a time and the other is none")
    if claim.is_calendar:
        return compare_days(claim, source)
    if (claim.low is None and claim.high is None) or (source.low is None and source.high is None):
        return _not_comparable("no_number", claim, source, "one gives no number")
    return (
        _ordinals(claim, source)
        or _shares(claim, source, opposed)
        or _parts(claim, source, opposed)
        or _quantities(claim, source)
    )


def _not_comparable(rule: str, claim: Figure, source: Figure, why: str) -> FigureComparison:
    reason = f"“{said(claim)}” and “{said(source)}” cannot be compared: {why}."
    return FigureComparison(Result.NOT_COMPARABLE, rule, reason)


def _ordinals(claim: Figure, source: Figure) -> FigureComparison | None:
    if Kind.ORDINAL not in (claim.kind, source.kind):
        return None
    if claim.kind != source.kind:
        return _not_comparable("ordinal_and_count", claim, source, "one is a place in an order")
    return _units_differ(claim, source) or _extents(claim, source, literal(claim), literal(source))


def _shares(claim: Figure, source: Figure, opposed: bool | None) -> FigureComparison | None:
    """Compare where one of the two is a share: 58 % with 28 of 48, "half" with 24 of 48."""
    points = [figure.unit in _POINTS for figure in (claim, source)]
    if any(points):
        if all(points):
            return None
        return _not_comparable("points_and_percent", claim, source, "a change in points is no share")
    is_share = [_is_share(figure) for figure in (claim, source)]
    if not any(is_share):
        return None
    if any(_is_counted_share(one) and not _is_share(other) for one, other in ((claim, source), (source, claim))):
        return None  # "half of the 120 beds" counts beds too
    extents = [_share(figure) for figure in (claim, source)]
    if extents[0] is None or extents[1] is None:
        return _not_comparable("whole_unknown", claim, source, "one is a share and nobody says of how many")
    if opposed:
        return _opposed_shares(claim, source, extents[0], extents[1])
    steps = [_share_step(figure) for figure in (claim, source)]
    if claim.unit == source.unit == "%":
        return _extents(claim, source, literal(claim), literal(source))
    found = _extents(claim, source, extents[0], extents[1], steps=(steps[0], steps[1]))
    parts = [f"{said(f)} is {_percent(e)}" for f, e in ((claim, extents[0]), (source, extents[1])) if f.whole]
    if not parts:
        return found
    return FigureComparison(found.result, "share_of_whole", f"{' and '.join(parts)}. {found.reason}"[:1000])


def _opposed_shares(claim: Figure, source: Figure, a: Extent, b: Extent) -> FigureComparison:
    """Compare 58 % for with 42 % against; others may be neither, so they never conflict."""
    rest = Extent(1 - b.high, 1 - b.low, b.takes_high, b.takes_low)
    found = _extents(claim, source, a, rest, steps=(_share_step(claim), _share_step(source)))
    if found.result in (Result.EQUAL, Result.WITHIN):
        reason = f"{said(source)} leaves {_percent(rest)}, which is what the claim says of the others."
        return FigureComparison(found.result, "rest_of_whole", reason)
    return _not_comparable(
        "rest_of_whole", claim, source, "they are said of opposite parts, and others may be neither"
    )


def _is_share(figure: Figure) -> bool:
    if figure.unit == "%":
        return True
    if figure.kind != Kind.FRACTION:
        return False
    return figure.whole is not None or bool(figure.low is not None and figure.low < 1)  # type: ignore[operator]


def _is_counted_share(figure: Figure) -> bool:
    """Tell "half of the 120 beds", which is a count, from "one in five adults", which is none."""
    is_rate = not words.RATE_WORDS.isdisjoint(figure.source.lower().split())
    return figure.kind == Kind.FRACTION and figure.whole is not None and not is_rate


def _share(figure: Figure) -> Extent | None:
    """Return a figure as a share of one, or None where its whole is not known."""
    if figure.unit == "%":
        return literal(figure).times(Decimal("0.01"))
    if figure.whole:
        extent = literal(figure)
        return extent._replace(low=as_kept(extent.low / figure.whole), high=as_kept(extent.high / figure.whole))
    return literal(figure) if _is_share(figure) else None


def _share_step(figure: Figure) -> Decimal:
    if figure.unit == "%":
        return precision(figure) / 100
    if figure.whole:
        is_worded = figure.kind == Kind.FRACTION and not any(char.isdigit() for char in figure.source)
        return Decimal("0.02") if is_worded else Decimal(0)
    return precision(figure)


def _percent(extent: Extent) -> str:
    ends = [f"{number(end * 100)} %" for end in (extent.low, extent.high) if end.is_finite()]
    return " to ".join(dict.fromkeys(ends))


def _parts(claim: Figure, source: Figure, opposed: bool | None) -> FigureComparison | None:
    """Compare counts of which at least one says of how many: 28 of 48 with 23 of 48, with 20, with 48."""
    if claim.whole is None and source.whole is None:
        return None
    if found := _units_differ(claim, source):
        return found
    if claim.whole is not None and source.whole is not None and claim.whole != source.whole:
        reason = f"The claim counts {said(claim)}, the source {said(source)}: the wholes differ."
        return FigureComparison(Result.CONFLICTS, "different_wholes", reason)
    found = _extents(claim, source, literal(claim), literal(source))
    if found.result != Result.CONFLICTS and not opposed:
        return FigureComparison(found.result, "part_of_whole", found.reason)
    return _remainder(claim, source, opposed) or found


def _remainder(claim: Figure, source: Figure, opposed: bool | None) -> FigureComparison | None:
    """Explain two parts that differ by what each leaves; 28 of 48 leaves 20."""
    is_claim = claim.whole is not None
    known, other, who = (claim, source, "source") if is_claim else (source, claim, "claim")
    whole, part, value = known.whole, known.low, other.low
    if not isinstance(whole, Decimal) or not isinstance(part, Decimal) or part != known.high:
        return None
    rest = whole - part
    leaves = f"{number(part)} of {number(whole)} leaves {number(rest)}"
    if value == other.high == whole and other.whole is None and opposed is not False:
        reason = f"{said(other)} is the whole of which the other counts {number(part)}."
        return FigureComparison(Result.WITHIN, "whole", reason)
    if opposed is not False:
        left = replace(known, low=rest, high=rest, source=number(rest), qualifier=Qualifier.NONE, whole=None)
        found = _extents(left, other, literal(left), literal(other))
        is_same = found.result in (Result.EQUAL, Result.WITHIN)
        if opposed or (is_same and value == other.high):
            if is_same:
                reason = f"{leaves}, which is what the {who} says of the others."
                return FigureComparison(found.result if opposed else Result.WITHIN, "rest_of_whole", reason)
            return FigureComparison(found.result, "rest_of_whole", f"{leaves}; the {who} says {said(other)}.")
    return FigureComparison(Result.CONFLICTS, "part_of_whole", f"{leaves}; the {who} says {said(other)}.")


def _units_differ(claim: Figure, source: Figure) -> FigureComparison | None:
    """Tell why two figures do not count or measure the same, or None where they may."""
    kinds = {claim.kind, source.kind}
    if Kind.MONEY in kinds and claim.unit != source.unit:
        if claim.kind == source.kind:
            return _not_comparable("different_currency", claim, source, "the currencies differ")
        if (claim.unit and source.unit) or Kind.DURATION in kinds or Kind.PERCENT in kinds:
            return _not_comparable("different_kind", claim, source, "one is a sum of money")
    if not claim.unit or not source.unit or claim.unit == source.unit:
        return None
    one, other = measure(claim.unit), measure(source.unit)
    if one and other:
        if one.dimension != other.dimension:
            return _not_comparable("different_units", claim, source, "they measure different things")
        return None
    things = thing(claim.unit), thing(source.unit)
    if things[0] == things[1] or may_be_same(*things):
        return None
    if is_wider(*things):
        return _wider(claim, source)
    why = f"one counts {claim.unit}, the other {source.unit}"
    return _not_comparable("different_things", claim, source, why)


def _wider(claim: Figure, source: Figure) -> FigureComparison | None:
    """Let "120 people" stand for "120 soldiers", but never contradict them."""
    if literal(claim).meets(literal(source)) or meant(claim, literal(claim)).meets(meant(source, literal(source))):
        return None
    why = f"{claim.unit} may count others than {source.unit}"
    return _not_comparable("wider_thing", claim, source, why)


def _quantities(claim: Figure, source: Figure) -> FigureComparison:
    if found := _months_and_days(claim, source) or _temperatures(claim, source) or _units_differ(claim, source):
        return found
    a, b = literal(claim), literal(source)
    one, other = measure(claim.unit), measure(source.unit)
    if one is None or other is None or one == other:
        return _extents(claim, source, a, b)
    steps = precision(claim) * one.size, precision(source) * other.size
    wide = meant(claim, a).times(one.size), meant(source, b).times(other.size)
    found = _extents(claim, source, a.times(one.size), b.times(other.size), steps=steps, wide=wide)
    converted = f"{said(source)} is {_ends(b.times(other.size / one.size))} {claim.unit}."
    return FigureComparison(found.result, "unit_conversion", f"{converted} {found.reason}")


def _months_and_days(claim: Figure, source: Figure) -> FigureComparison | None:
    """Compare spans in months or years with spans in days or weeks: a month has 28 to 31 days."""
    one, other = measure(claim.unit), measure(source.unit)
    if one is None or other is None or {one.dimension, other.dimension} != {"time", "months"}:
        return None
    extents = []
    for figure, unit in ((claim, one), (source, other)):
        extent = meant(figure, literal(figure)).times(unit.size)
        if unit.dimension == "months":
            shortest, longest = lang.SECONDS_IN_A_MONTH
            extent = extent._replace(low=extent.low * shortest, high=extent.high * longest)
        extents.append(extent)
    if extents[0].meets(extents[1]):
        reason = f"{said(claim)} and {said(source)} agree, as a month has 28 to 31 days."
        return FigureComparison(Result.WITHIN, "unit_conversion", reason)
    reason = f"{said(claim)} and {said(source)} differ, though a month has 28 to 31 days."
    return FigureComparison(Result.CONFLICTS, "unit_conversion", reason)


def _temperatures(claim: Figure, source: Figure) -> FigureComparison | None:
    """Compare Celsius with Fahrenheit (NIST SP 811, B.8) as temperatures or, where that agrees, as a change."""
    scales = thing(claim.unit), thing(source.unit)
    if set(scales) != lang.TEMPERATURES:
        return None
    ratio = Decimal(5) / 9 if scales[1] == lang.FAHRENHEIT else Decimal(9) / 5
    # The zero of the source's scale on the claim's.
    zero = Decimal(-160) / 9 if scales[1] == lang.FAHRENHEIT else Decimal(32)
    steps = precision(claim), precision(source) * ratio
    found = []
    for offset in (zero, Decimal(0)):
        a, b = literal(claim), literal(source).times(ratio).plus(offset)
        wide = meant(claim, a), meant(source, literal(source)).times(ratio).plus(offset)
        one = _extents(claim, source, a, b, steps=steps, wide=wide)
        reason = f"{said(source)} is {_ends(b)} {claim.unit}. {one.reason}"
        found.append(FigureComparison(one.result, "unit_conversion", reason))
    is_change = found[0].result == Result.CONFLICTS != found[1].result
    return found[1] if is_change else found[0]


def _ends(extent: Extent) -> str:
    return " to ".join(dict.fromkeys(number(end) for end in (extent.low, extent.high) if end.is_finite()))


def _extents(
    claim: Figure,
    source: Figure,
    a: Extent,
    b: Extent,
    *,
    steps: tuple[Decimal, Decimal] | None = None,
    wide: tuple[Extent, Extent] | None = None,
) -> FigureComparison:
    """Compare what two figures say, then what they mean: hedges first, then rounding."""
    one, other = said(claim), said(source)
    hedges = (Qualifier.ABOUT, Qualifier.NEARLY)
    hedge = [figure.qualifier if figure.qualifier in hedges else "" for figure in (claim, source)]
    if a == b and hedge[0] == hedge[1]:
        rule = "same_value" if a.is_point else "same_range"
        return FigureComparison(Result.EQUAL, rule, f"The claim says {one}, the source {other}: the same.")
    wide_a, wide_b = wide or (meant(claim, a), meant(source, b))
    for inner, outer, reach, first, second, rule in (
        (a, b, wide_b, one, other, hedge[1]),
        (b, a, wide_a, other, one, hedge[0]),
    ):
        if reach.holds(inner) and rule:
            return FigureComparison(Result.WITHIN, str(rule), f"{first} is within what “{second}” means.")
        if outer.holds(inner) and outer != inner:
            rule = "in_range" if outer.low.is_finite() and outer.high.is_finite() else "open_range"
            return FigureComparison(Result.WITHIN, rule, f"{first} fits “{second}”.")
    steps = steps or (precision(claim), precision(source))
    if (
        a.is_point
        and b.is_point
        and Qualifier.NEARLY not in hedge
        and steps[0] != steps[1]
        and abs(a.low - b.low) <= max(steps)
    ):
        rounded, exact = (one, other) if steps[0] > steps[1] else (other, one)
        return FigureComparison(Result.WITHIN, "rounding", f"{exact} rounds to {rounded}.")
    if wide_a.meets(wide_b):
        return FigureComparison(
            Result.OVERLAPS, "ranges_overlap", f"{one} and {other} have only some values in common."
        )
    rule = "different_value" if a.is_point and b.is_point else "outside_range"
    return FigureComparison(Result.CONFLICTS, rule, f"The claim says {one}; the source says {other}.")
