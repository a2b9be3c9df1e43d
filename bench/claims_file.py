"""Claims in any number, as JSON Lines: `claims_file.py COUNT [SEED] > FILE`. The same for the same seed.

Every line has a claim with a figure and somebody who made it; most have a context and topics, one in five a quote
with the address it was read at, one in four a verdict of another desk. Names, places and subjects come from lists
that follow a long tail, as a desk's do: a few claimants make most of the claims.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta

FIRST = [
    "Ada",
    "Bo",
    "Cem",
    "Dara",
    "Eli",
    "Fay",
    "Gus",
    "Hana",
    "Ivo",
    "Jun",
    "Kim",
    "Lea",
    "Mads",
    "Nia",
    "Otto",
    "Pia",
    "Quin",
    "Rui",
    "Siv",
    "Tom",
    "Una",
    "Vera",
    "Wim",
    "Yara",
    "Zoe",
]
LAST = (  # noqa: SIM905
    "Abel Brandt Castro Dalgaard Eriksen Farrow Gomes Hartley Ibsen Jansen Keller Lund Moreau Nadir Okafor Petrov "
    "Quist Rahman Solberg Tanaka Ueda Vance Weiss Xu Young Zhang"
).split()
BODIES = (  # noqa: SIM905
    "ministry council agency committee union office court hospital port authority police institute chamber board party"
).split()
PLACES = (  # noqa: SIM905
    "Altensiel Barrow Carnwell Dunmere Eastholm Farleigh Grantby Harrowgate Ilsworth Jutfield Kesterby Lindholm "
    "Marsden Northwick Ostrand Pelham Quarrington Ravensby Selmouth Tideford Ullbridge Varnham Westerby Yarrow"
).split()
SUBJECTS = (
    ("arrivals", "Harbours"), ("jobs", "Labour"), ("seats", "Elections"), ("hospital beds", "Health"),
    ("school meals", "Schools"), ("arrests", "Crime"), ("homes", "Housing"), ("tonnes of waste", "Environment"),
    ("trains", "Transport"), ("cases of measles", "Health"), ("wind turbines", "Energy"),
    ("asylum requests", "Migration"),
    ("votes", "Elections"), ("complaints", "Government"), ("soldiers", "Defence"), ("cyclists", "Transport"),
)  # fmt: skip
VERBS = "counted reported registered lost gained closed opened cancelled approved rejected".split()  # noqa: SIM905
CHANGES = (
    "{p} percent more than the year before", "{n} fewer than in {y}", "twice as many as promised",
    "the most since {y}", "about {p} percent of the whole", "{n} of them in {place2} alone",
)  # fmt: skip
RATINGS = (("False", 1), ("Mostly false", 2), ("Half true", 3), ("Mostly true", 4), ("True", 5), ("Unproven", None))


def tail(chance: random.Random, length: int) -> int:
    """Draw a place in a list so that the first are met far more often than the last."""
    return min(length - 1, int(length * chance.random() ** 3))


def claimant(chance: random.Random, number: int) -> dict[str, str]:
    if number % 3 == 0:
        place, body = PLACES[number % len(PLACES)], BODIES[number // len(PLACES) % len(BODIES)]
        return {"name": f"{place} {body} {number // 360 or ''}".strip(), "kind": "organisation"}
    return {"name": f"{FIRST[number % 25]} {LAST[number // 25 % 26]} {number // 650 or ''}".strip(), "kind": "person"}


def claim(chance: random.Random, number: int) -> dict[str, object]:
    """Return one claim as a member of the file."""
    subject, topic = chance.choice(SUBJECTS)
    place, place2 = chance.choice(PLACES), chance.choice(PLACES)
    year, figure = chance.randint(2005, 2026), chance.choice((3, 40, 500, 6000, 70000))
    count = chance.randint(figure, figure * 9)
    change = chance.choice(CHANGES).format(
        p=chance.randint(2, 80), n=chance.randint(2, 400), y=chance.randint(1990, year), place2=place2
    )
    who = claimant(chance, tail(chance, 20_000))
    text = f"{place} {chance.choice(VERBS)} {count:,} {subject} in {year}, {change}, according to case file {number}."
    counted = {"text": f"{count:,} {subject}", "low": count, "high": count, "unit": subject, "period": str(year)}
    row: dict[str, object] = {
        "id": f"made-{number}",
        "text": text,
        "claimants": [who],
        "topics": [topic],
        "figures": [counted],
    }
    if number % 3 == 0:
        row["topics"] = [topic, place]
    if number % 2 == 0:
        row["context"] = f"Said at the {chance.choice(BODIES)} of {place} when the yearly figures came out."
    day = (date(2015, 1, 1) + timedelta(days=chance.randint(0, 4300))).isoformat()
    if number % 5 == 0:
        quote = (
            f"“We {chance.choice(VERBS)} {count:,} {subject},” the office of {place} said on its page no. {number}."
        )
        row["appearances"] = [
            {"url": f"https://{place.lower()}.example/{year}/{number}", "quote": quote, "said_on": day}
        ]
    if number % 4 == 0:
        label, value = chance.choice(RATINGS)
        row |= {"review_publisher": f"{place2} Check", "review_url": f"https://check.example/{number}"}
        row |= {"review_rating": label, "review_date": day}
        if value is not None:
            row |= {"review_value": value, "review_best": 5, "review_worst": 1}
    return row


def lines(count: int, seed: int = 1) -> Iterator[str]:
    chance = random.Random(seed)
    for number in range(count):
        yield json.dumps(claim(chance, number), ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.writelines(lines(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
