"""Made-up claims in any number, the same each time, with words as unevenly used as in a language."""

import random
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate

from claims.matching import Entry

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeio"]
WORDS, NAMES, TOPICS = 60_000, 80_000, 60
FORMS = (
    "{name} {verb} {number} {noun} in {place} in {year}.",
    "The {noun} of {place} {verb} by {number} percent between {year} and {later}.",
    "{number} of {whole} {noun} in {place} are {word}, {name} said.",
    "{place} has spent {number} million on {noun} and {other} since {year}.",
    "A video shows {name} {word} the {noun} of {place}.",
    "No {noun} was {word} when {name} {verb} the {other}.",
)


class Crowd:
    """A world of words and names to make claims of."""

    def __init__(self, seed: int = 8) -> None:
        self._choose = random.Random(seed)
        self._words = [self._made(2, 4) for _ in range(WORDS)]
        self._names = [self._made(2, 3).title() for _ in range(NAMES)]
        # Zipf: the word of rank n is used 1/n as often as the first.
        self._weights = list(accumulate(1 / rank for rank in range(3, WORDS + 3)))
        self._name_weights = list(accumulate(1 / rank for rank in range(20, NAMES + 20)))

    def _made(self, least: int, most: int) -> str:
        return "".join(self._choose.choices(SYLLABLES, k=self._choose.randint(least, most)))

    def word(self) -> str:
        return self._words[bisect(self._weights, self._choose.random() * self._weights[-1])]

    def name(self) -> str:
        return self._names[bisect(self._name_weights, self._choose.random() * self._name_weights[-1])]

    def statement(self) -> str:
        year, whole = self._choose.randint(1990, 2025), self._choose.randint(2, 5000)
        return self._choose.choice(FORMS).format(
            name=f"{self.name()} {self.name()}",
            place=self.name(),
            verb=self.word(),
            noun=self.word(),
            other=self.word(),
            word=self.word(),
            number=self._choose.randint(1, whole),
            whole=whole,
            year=year,
            later=min(2026, year + self._choose.randint(1, 9)),
        )

    def entries(self, count: int) -> Iterator[Entry]:
        """Yield so many claims, each with another wording and its labels."""
        for number in range(1, count + 1):
            text = self.statement()
            said = f"{self.name()}: {text.rstrip('.').lower()}, as {self.word()} {self.word()} {self.word()} goes."
            labels = {
                "verdict": (self._choose.choice(("correct", "misleading", "incorrect", "unproven")),),
                "citability": ("citable",),
                "workflow": ("completed",),
                "topic": (f"topic-{number % TOPICS}",),
                "language": ("en",),
            }
            yield Entry(str(number), (text, said), claimant=self.name(), labels=labels, changed=number)

    def question(self, text: str) -> str:
        """Say a claim in other words: some left out, some added, one misspelled."""
        words = [word for word in text.split() if self._choose.random() > 0.2]
        words += [self.word() for _ in range(self._choose.randint(2, 25))]
        at = self._choose.randrange(len(words))
        words[at] = words[at][:-2] + words[at][-1:]
        self._choose.shuffle(words)
        return " ".join(words)
