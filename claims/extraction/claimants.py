"""Who a sentence attributes its statement to.

Three steps: read the speaker a sentence itself names (`speakers`), pass the speaker of a quotation on to the
sentences that only quote, and put a name in place of a pronoun or a bare surname.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction import words_en as lang
from claims.extraction.quotations import Quotation, find_quotations
from claims.extraction.sentences import Sentence
from claims.extraction.speakers import Speaker, opening_subject, read_speaker

_LINE_END = re.compile(r"[\r\n\u2028\u2029\x0b\x0c\x85]")
_NAME_WORD = r"[A-Z][\w’'-]{0,30}"
_FULL_NAME = re.compile(rf"(?<![\w.’'-]){_NAME_WORD}(?: (?:[A-Z]\.|al|bin|de|van|von|der|la|{_NAME_WORD})){{1,3}}")
_WORD = re.compile(r"[A-Z][\w-]*")
_POSSESSIVE = re.compile(r"[’']s?$")
# A quotation goes on over at most this many sentences that name nobody.
REACH = 12


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said so: the fullest name the text has for them, where that stands, and the verb that says it.

    `text[start:end] == name`. That place may lie outside the sentence: a surname or a pronoun is answered
    with the name it stands for, a quotation with the speaker named before or after it.
    """

    name: str
    start: int
    end: int
    verb: str


def find_claimant(sentence: str) -> Attribution | None:
    """Return who one sentence, read alone, attributes its statement to, or None."""
    return find_claimants(sentence, [Sentence(0, len(sentence), sentence)])[0]


def find_claimants(text: str, sentences: Sequence[Sentence]) -> list[Attribution | None]:
    """Return for each sentence who it attributes its statement to; None where the article speaks itself.

    `sentences` are those of `text` in order. Nothing is raised for any string; the time is linear.
    """
    turns = _turns(text, sentences)
    named = _resolve(text, turns)
    _pass_on(turns, named)
    return named


@dataclass(slots=True)
class _Turn:
    """A sentence with what decides its speaker."""

    sentence: Sentence
    paragraph: int
    speaker: Speaker | None
    subject: Speaker | None
    is_quotation: bool
    quotations: range


def _turns(text: str, sentences: Sequence[Sentence]) -> list[_Turn]:
    quotations = find_quotations(text)
    turns: list[_Turn] = []
    paragraph = first = 0
    for place, sentence in enumerate(sentences):
        if place and _LINE_END.search(text, sentences[place - 1].end, sentence.start):
            paragraph += 1
        while first < len(quotations) and quotations[first].end <= sentence.start:
            first += 1
        last = first
        while last < len(quotations) and quotations[last].start < sentence.end:
            last += 1
        turns.append(_turn(sentence, paragraph, range(first, last), quotations[first:last]))
    return turns


def _turn(sentence: Sentence, paragraph: int, places: range, inside: list[Quotation]) -> _Turn:
    spans = [(max(q.start - sentence.start, 0), min(q.end, sentence.end) - sentence.start) for q in inside]
    said = sum(_letters(sentence.text[start:end]) for start, end in spans)
    is_quotation = bool(spans) and said >= 0.9 * _letters(sentence.text)
    return _Turn(
        sentence=sentence,
        paragraph=paragraph,
        speaker=read_speaker(sentence.text, spans),
        subject=None if is_quotation else opening_subject(sentence.text, spans),
        is_quotation=is_quotation,
        quotations=places,
    )


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _resolve(text: str, turns: list[_Turn]) -> list[Attribution | None]:
    """Name the speakers the sentences themselves give: full names for surnames, names for pronouns."""
    names = _full_names(text)
    named: list[Attribution | None] = []
    memory = _Memory()
    for turn in turns:
        offset = turn.sentence.start
        found: Attribution | None = None
        if speaker := turn.speaker:
            if speaker.pronoun:
                found = memory.recall(speaker.pronoun, speaker.verb)
            else:
                found = _fullest(text, offset + speaker.start, offset + speaker.end, speaker.verb, names)
            if found:
                memory.keep(found)
        elif not turn.is_quotation:
            memory.seen.clear()
            for word in _WORD.finditer(turn.sentence.text):
                if span := names.get(word.group()):
                    memory.glimpse(Attribution(text[slice(*span)], *span, ""))
            if turn.subject:
                start, end = offset + turn.subject.start, offset + turn.subject.end
                memory.glimpse(_fullest(text, start, end, "", names))
        named.append(found)
    return named


class _Memory:
    """Who spoke last of each kind, and whom the sentence just before was about."""

    def __init__(self) -> None:
        self.spoke: dict[str, tuple[int, Attribution]] = {}
        self.seen: dict[str, Attribution] = {}
        self.about: dict[str, Attribution] = {}
        self.turn = 0

    def keep(self, who: Attribution) -> None:
        """Remember a speaker."""
        self.seen.clear()
        if who.name.lower().startswith(("his ", "her ")):
            return  # "her son said … she said": the pronoun goes on meaning somebody else
        self.turn += 1
        self.spoke[_kind(who.name)] = (self.turn, who)

    def glimpse(self, who: Attribution) -> None:
        """Remember somebody the sentence is about, the subject last."""
        kind = _kind(who.name)
        self.seen[kind] = self.about[kind] = who

    def recall(self, pronoun: str, verb: str) -> Attribution | None:
        """Return whom a pronoun means: somebody of the sentence before, or else the last speaker of its kind."""
        kinds = {"it": ("thing",), "they": ("many", "thing")}.get(pronoun, ("person", "role"))
        found = next((self.seen[kind] for kind in kinds if kind in self.seen), None)
        if found is None:
            spoken = [self.spoke[kind] for kind in kinds if kind in self.spoke]
            found = max(spoken, key=lambda item: item[0])[1] if spoken else self.about.get(kinds[0])
        if found is None:
            return None
        return Attribution(found.name, found.start, found.end, verb)


def _kind(name: str) -> str:
    """Tell whether a name is of a person, a person by role, several, or a thing such as a body or a report."""
    words = name.lower().replace(",", " ").split()
    head = words[0]
    for place, word in enumerate(words):
        if word in lang.PREPOSITIONS_KEPT and place:
            break
        head = word
    if head in _PLURAL_GROUPS:
        return "many"
    if head in lang.ROLE_NOUNS:
        return "role"
    if head in lang.GROUP_NOUNS | lang.DOCUMENTS or words[0] in {"the", "a", "an"} or name.isupper():
        return "thing"
    return "person" if name[0].isupper() else "thing"


_PLURAL_GROUPS = frozenset(word for word in lang.GROUP_NOUNS if word.endswith("s")) | {"police"}
_NO_FIRST_NAMES = (
    lang.GROUP_NOUNS
    | lang.CLAUSE_OPENERS
    | lang.DETERMINERS
    | lang.AFTER_SPEAKER
    | lang.TIME_WORDS
    | lang.PREPOSITIONS_KEPT
    | lang.RELATIVE
    | lang.PLACES
)
_NO_SURNAMES = lang.GROUP_NOUNS | lang.TIME_WORDS | lang.ROLE_NOUNS | lang.DOCUMENTS


def _full_names(text: str) -> dict[str, tuple[int, int]]:
    """Map each surname to the place of the first full name that ends in it."""
    names: dict[str, tuple[int, int]] = {}
    for match in _FULL_NAME.finditer(text):
        start, words = match.start(), match.group().split(" ")
        while len(words) > 1 and (words[0].lower() in lang.TITLES or words[0].lower() in _NO_FIRST_NAMES):
            start += len(words[0]) + 1
            del words[0]
        surname = _POSSESSIVE.sub("", words[-1])
        if len(words) < 2 or surname.lower() in _NO_SURNAMES or surname.isupper() or words[0].isupper():
            continue
        end = start + len(" ".join(words)) - len(words[-1]) + len(surname)
        names.setdefault(surname, (start, end))
    return names


def _fullest(text: str, start: int, end: int, verb: str, names: dict[str, tuple[int, int]]) -> Attribution:
    """Exchange a surname, alone or after a title, for the full name the text has for it."""
    words = text[start:end].split()
    is_bare = all(word.lower() in lang.TITLES or word.lower() in lang.ROLE_NOUNS for word in words[:-1])
    if is_bare and words[-1] in names:
        start, end = names[words[-1]]
    return Attribution(text[start:end], start, end, verb)


def _pass_on(turns: list[_Turn], named: list[Attribution | None]) -> None:
    """Give sentences that only quote the speaker of their quotation, or of the nearest one around."""
    speakers: dict[int, Attribution] = {}
    for turn, who in zip(turns, named, strict=True):
        if who is not None:
            speakers.update((quotation, who) for quotation in turn.quotations if quotation not in speakers)
    carried: Attribution | None = None
    carried_from = 0
    for place, turn in enumerate(turns):
        if named[place] is None and turn.is_quotation:
            who = next((speakers[quotation] for quotation in turn.quotations if quotation in speakers), None)
            if who is None and carried is not None and turn.paragraph - carried_from <= 1:
                who = carried
            named[place] = who or _coming(turns, named, place)
        if (said := named[place]) is not None:
            speakers.update((quotation, said) for quotation in turn.quotations if quotation not in speakers)
            carried, carried_from = said, turn.paragraph
        elif turn.paragraph > carried_from:
            carried = None


def _coming(turns: list[_Turn], named: list[Attribution | None], place: int) -> Attribution | None:
    """Look ahead, to the next paragraph at most, for whoever goes on speaking."""
    for later in range(place + 1, min(place + REACH, len(turns))):
        if turns[later].paragraph > turns[place].paragraph + 1:
            return None
        if named[later] is not None:
            return named[later]
        if not turns[later].is_quotation:
            return None
    return None
