"""Charts as places on a drawing, for a template to write down as SVG (pure: no database, no markup)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 200, 34, 22, 8
GAP = 0.25  # of a group's width that stays empty


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    series: int
    says: str


@dataclass(frozen=True)
class Line:
    """A level across the drawing, with what it stands for."""

    y: float
    value: int


@dataclass(frozen=True)
class Chart:
    """What is drawn: groups of bars over their labels, or dots joined by a line."""

    bars: list[Bar]
    points: list[tuple[float, float, str]]
    lines: list[Line]
    labels: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def path(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in self.points)


def grouped_bars(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """Return one group of bars for each label, a bar for each series; the scale begins at 0."""
    most = max((value for _, values in series for value in values), default=0)
    top, lines = _levels(most)
    step = (WIDTH - LEFT) / max(1, len(labels))
    thick = step * (1 - GAP) / max(1, len(series))
    bars = []
    for group, label in enumerate(labels):
        for number, (name, values) in enumerate(series):
            height = _height(values[group], top)
            x = LEFT + group * step + step * GAP / 2 + number * thick
            says = f"{label}: {values[group]} {name.lower()}"
            bars.append(
                Bar(round(x, 1), round(HEIGHT - BOTTOM - height, 1), round(thick, 1), round(height, 1), number, says)
            )
    return Chart(bars, [], lines, _labels(labels, step))


def percent_line(labels: Sequence[str], values: Sequence[int | None]) -> Chart:
    """Return a dot for each label that has a percentage, on a scale from 0 to 100."""
    step = (WIDTH - LEFT) / max(1, len(labels))
    points = [
        (LEFT + (place + 0.5) * step, HEIGHT - BOTTOM - _height(value, 100), f"{labels[place]}: {value} %")
        for place, value in enumerate(values)
        if value is not None
    ]
    lines = [Line(round(HEIGHT - BOTTOM - _height(value, 100), 1), value) for value in (0, 50, 100)]
    return Chart([], [(round(x, 1), round(y, 1), says) for x, y, says in points], lines, _labels(labels, step))


def _height(value: int, top: int) -> float:
    return (HEIGHT - BOTTOM - TOP) * value / top


def _levels(most: int) -> tuple[int, list[Line]]:
    """Return the top of the scale, and its levels: whole numbers, at most five."""
    step = next(size for size in (1, 2, 5, *(10**n * m for n in range(1, 9) for m in (1, 2, 5))) if most <= size * 4)
    count = max(1, ceil(most / step))
    top = step * count
    return top, [Line(round(HEIGHT - BOTTOM - _height(step * n, top), 1), step * n) for n in range(count + 1)]


def _labels(labels: Sequence[str], step: float) -> list[tuple[float, str]]:
    every = max(1, ceil(len(labels) / 8))
    last = len(labels) - 1
    shown = [(n, text) for n, text in enumerate(labels) if (last - n) % every == 0]
    # The last one moves in a little: on a phone its letters are larger than the room beside it.
    return [(round(min(LEFT + (n + 0.5) * step, WIDTH - 34), 1), text) for n, text in shown]
