"""Pages of a small made-up press, before and after somebody touched them."""

from dataclasses import dataclass

ABOUT = (
    "The harbour of Ostmark lies where the river meets the fjord, and most of the town lives from it.",
    "Its council sits in a brick hall on the quay and publishes every decision on the following morning.",
    "Reporters of this paper attend the sessions and keep the notes in the archive behind the printing room.",
    "Readers who find a mistake are asked to write to the desk, which answers within a working week.",
    "The ferry leaves from the old pier in summer and from the new terminal when the ice comes.",
    "A museum beside the customs house shows the ropes, lamps and ledgers of an earlier trade.",
)
AFTER = (
    "Fishing boats left before dawn as they do whenever the weather holds.",
    "The café on the corner opened late because its oven had to be swept.",
    "School classes walked along the breakwater to draw the gulls and the cranes.",
    "Two bakers argued over the price of flour until the market master sent them home.",
    "The librarian asked for chairs, and the carpenters promised to look for some.",
    "In the evening the band practised a march that nobody had asked for.",
)


def page(body: str, *, title: str = "Notes from the harbour", before: str = "", after: str = "") -> str:
    """An article with a body between paragraphs of its own."""
    opening = "".join(f"<p>{line}</p>" for line in ABOUT)
    closing = "".join(f"<p>{line}</p>" for line in AFTER)
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head><body><main><h1>{title}</h1>"
        f"{opening}{before}{body}{after}{closing}</main></body></html>"
    )


@dataclass(frozen=True)
class Pair:
    """A page before and after, the quote sealed on the first, and what must be said of it on the second.

    `changed` are words of which each must stand in what is named as changed.
    """

    id: str
    quote: str
    before: str
    after: str
    expected: str
    changed: tuple[str, ...] = ()
    context: bool = True  # whether the seal kept the words around the quote


def pair(
    name: str,
    quote: str,
    now: str,
    expected: str,
    *changed: str,
    was: str = "",
    html: bool = False,
    context: bool = True,
) -> Pair:
    """A pair whose quote stands as a sentence of its own, `was` if the page words it otherwise, and then `now`."""
    before = page(f"<p>{was or quote + '.'}</p>")
    after = page(now if html else f"<p>{now}</p>")
    return Pair(name, quote, before, after, expected, changed, context)
