"""What changes on a page while its document stays the same: the day's date, counters, related links (pure).

A line is noise only as a whole and by a named rule; a figure inside a sentence never is. Quotes are looked for
in every new text all the same: noise says only that the document was not edited.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 120  # characters; whatever is longer is somebody's sentence
LONGEST_LABEL = 40  # characters of a heading over links or advertising
SECTION = 12  # lines that a heading of links may rule over


class Rule(StrEnum):
    """Why a line is no part of the document; the value is what a reader is told changed."""

    DAY = "the date of the day"
    CLOCK = "a time"
    COUNTER = "a counter"
    LINKS = "related links"
    ADVERTISING = "advertising"
    IMPRINT = "the year of the copyright line"


@dataclass(frozen=True)
class Drift:
    """What differs between two texts of a page: nothing of the document where `is_noise`."""

    is_noise: bool
    rules: tuple[Rule, ...] = ()

    @property
    def reason(self) -> str:
        """What changed, as a sentence; empty where the document itself did."""
        if not self.is_noise:
            return ""
        if not self.rules:
            return "Only blank lines or spaces changed."
        *most, last = self.rules
        named = f"{', '.join(most)} and {last}" if most else last
        return f"Only {named} changed."


def _phrases(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_WEEKDAYS = (
    "mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|"
    "sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|"
    "domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|"
    "zaterdag|zondag|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira"
)
_MONTHS = (
    "jan(uary|uar|vier|eiro)?|enero|gennaio|januari|feb(ruary|ruar|ruari)?|février|febrero|febbraio|fevereiro|"
    "mar(ch|s|zo|ço)?|märz|maart|apr(il|ile)?|avril|abril|may|mai|mayo|maggio|maio|mei|june?|juni|juin|junio|giugno|"
    "junho|july?|juli|juillet|julio|luglio|julho|aug(ust|ustus)?|août|agosto|sept?(ember|embre|iembre)?|setembro|"
    "settembre|o[ck]t(ober|obre|ubre)?|ottobre|outubro|nov(ember|embre|iembre|embro)?|de[cz](ember|embre)?|"
    "décembre|diciembre|dicembre|dezembro"
)
_DATE = (
    rf"(\d{{1,2}}(st|nd|rd|th|er|º|\.)?\s+(de\s+)?({_MONTHS})\.?,?(\s+(de\s+)?\d{{4}})?|"
    rf"({_MONTHS})\.?\s+\d{{1,2}}(st|nd|rd|th)?,?(\s+\d{{4}})?|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d\d-\d\d)"
)
_TIME = r"(\d{1,2}[:.h]\d\d([:.]\d\d)?(\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?)(\s?(uhr|h|utc|gmt|[a-z]{2,4}t|z))?"
_AGO = (
    r"((about )?(an?|\d+) (second|sec|minute|min|hour|hr|day|week|month)s? ago|just now|yesterday|today|"
    r"vor (einer?|einem|\d+) (sekunde|minute|stunde|tag|woche|monat)(en|n)?|"
    r"il y a (une?|\d+) (seconde|minute|heure|jour|semaine|mois)s?|"
    r"hace (una?|\d+) (segundo|minuto|hora|día|semana|mes)(e?s)?|"
    r"(un[ao]?|\d+) (second|minut|or|giorn|settiman)[aoei] fa)"
)
_UPDATED = (
    r"((page |article )?(last )?(updated|refreshed|checked)( on| at)?|as of|today is|it is|stand|aktualisiert( am)?|"
    r"zuletzt aktualisiert( am)?|mis à jour( le)?|actualizado( el)?|aggiornato( il| al)?|bijgewerkt( op)?|"
    r"atualizado( em)?)"
)
_COUNTED = (
    "views?|reads?|reading now|online|comments?|replies|reactions?|shares?|likes?|followers?|"
    "people reading|people online|people watching|reading this|aufrufe|kommentare?|mal geteilt|vues?|commentaires?|"
    "partages?|abonnés|comentarios?|compartidos?|lecturas?|visualizzazioni|commenti|condivisioni|reacties|weergaven|visualizações|comentários?"
)
# Possessive: a line of digits is read once and never again another way.
_COUNTED = "|".join(sorted(_COUNTED.split("|"), key=len, reverse=True))  # the longest first: never taken back
_FEW = r"\d[\d.,\u202f\u00a0]*+(?: ?(?:k|m|mio\.?|mln)(?!\w))?+\+?+"

_WHOLE_LINES: tuple[tuple[Rule, re.Pattern[str]], ...] = (
    (
        Rule.DAY,
        re.compile(
            rf"({_UPDATED}\s*:?\s*)?({_WEEKDAYS})(s?day)?\.?,?\s+(den |le |el |il )?{_DATE}"
            rf"([ ,|·–-]{{1,3}}(at |um |à )?{_TIME})?"
            rf"|{_UPDATED}\s*:?\s*({_DATE})([ ,|·–-]{{1,3}}(at |um |à )?{_TIME})?",
            re.IGNORECASE,
        ),
    ),
    (
        Rule.CLOCK,
        re.compile(rf"({_UPDATED}\s*:?\s*)?({_TIME}|{_AGO})([ ,|·–-]{{1,3}}({_TIME}|{_AGO}))?", re.IGNORECASE),
    ),
    (
        Rule.COUNTER,
        re.compile(
            rf"{_FEW} ?(?>{_COUNTED})"
            rf"(?:[ ,|·•]{{1,3}}+{_FEW} ?(?>{_COUNTED})){{0,3}}+|(?>{_COUNTED}) ?[:(]? ?{_FEW} ?\)?",
            re.IGNORECASE,
        ),
    ),
    (
        Rule.IMPRINT,
        re.compile(
            r"(©|\(c\)|copyright)[\s©]*\d{4}(\s?[-–]\s?\d{4})?[^.!?]{0,80}[.]?( all rights reserved\.?)?",
            re.IGNORECASE,
        ),
    ),
)
_ADVERTISING = _phrases(
    "ad|ads|advert|advertisement|advertisements|advertising|sponsored|sponsored content|sponsored by|paid content|"
    "paid post|promoted|partner content|anzeige|anzeigen|werbung|publicité|annonce|publicidad|anuncio|anuncios|"
    "pubblicità|advertentie|publicidade"
)
_LINKS = _phrases(
    "related|related articles|related stories|related content|related links|related topics|related coverage|"
    "most read|most viewed|most popular|most shared|most recent|trending|trending now|popular|popular now|"
    "popular stories|latest|latest news|latest stories|latest headlines|more stories|more news|more on this|"
    "more on this story|more on this topic|more like this|read more|read next|read also|see also|you may like|"
    "you might like|you may also like|you might also like|you may be interested in|recommended|"
    "recommended for you|recommended stories|editor's picks|editors' picks|up next|in other news|"
    "mehr zum thema|meistgelesen|auch interessant|lesen sie auch|das könnte sie auch interessieren|"
    "à lire aussi|les plus lus|sur le même sujet|lee también|lo más leído|más noticias|noticias relacionadas|"
    "leggi anche|i più letti|lees ook|meest gelezen|leia também|mais lidas"
)
_WITHOUT_FIGURE = frozenset(
    ["just now", "yesterday", "today", "a minute ago", "an hour ago", "a day ago", "a week ago", "a month ago",
     "updated just now", "updated an hour ago", "vor einer stunde", "vor einem tag", "gestern", "heute", "hier",
     "aujourd'hui", "il y a une heure", "hace una hora", "ayer", "hoy", "un'ora fa", "ieri", "oggi"]
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_SENTENCE_END = (".", "!", "?", "…", ":", ";", "。", "؟", ".”", '."', ".’", ".)", "।")


def compare(before: str, after: str) -> Drift:
    """Return whether two texts of a page are the same document, and by which rules what differs is noise.

    Lines are compared in their order; what no rule takes away has to be the same. Linear in both texts.
    """
    if before == after:
        return Drift(is_noise=True)
    # What stands in both texts is kept in both without being judged: that is nearly all of a page.
    lines_before, lines_after = before.split("\n"), after.split("\n")
    common = set(lines_before).intersection(lines_after)
    lines_before, lines_after = _around_differences(lines_before, lines_after)
    kept_before, taken_before = _split(lines_before, common)
    kept_after, taken_after = _split(lines_after, common)
    if kept_before != kept_after:
        return Drift(is_noise=False)
    return Drift(is_noise=True, rules=tuple(rule for rule in Rule if taken_before[rule] != taken_after[rule]))


def _around_differences(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The lines from the first difference to the last, and around them as many as a heading may rule over.

    What is left out is the same in both and judged the same in both: no heading reaches further.
    """
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    same_end = next((at for at in range(shorter - start) if before[-1 - at] != after[-1 - at]), shorter - start)
    start -= _reach(reversed(before[:start]))
    same_end -= _reach(before[len(before) - same_end :])
    return before[start : len(before) - same_end], after[start : len(after) - same_end]


def _reach(lines: Iterable[str]) -> int:
    """How many of these lines hold more lines that are not blank than a heading may rule over, or all of them."""
    count = filled = 0
    for line in lines:
        count += 1
        filled += bool(line.strip())
        if filled > SECTION:
            break
    return count


def _split(lines: list[str], common: set[str]) -> tuple[list[str], dict[Rule, list[str]]]:
    kept: list[str] = []
    taken: dict[Rule, list[str]] = {rule: [] for rule in Rule}
    for line, rule in _judged(lines, common):
        if rule is None:
            kept.append(line)
        else:
            taken[rule].append(line)
    return kept, taken


def _judged(lines: list[str], common: set[str]) -> Iterator[tuple[str, Rule | None]]:
    """Yield each line that holds anything, with the rule that makes it noise, or None.

    A row of a table is data, whatever it looks like, and so is a line with a figure under a heading of links.
    """
    section, left = None, 0
    for raw in lines:
        line = raw.strip()
        if not line:
            continue
        if len(line) > LONGEST or "\t" in line:
            section = None
            yield line, None
            continue
        line = " ".join(line.split())
        opened = _opening(line)
        if opened is not None:
            section, left = opened, SECTION if opened is Rule.LINKS else 1
            yield line, opened
            continue
        if section is not None and left and not line.endswith(_SENTENCE_END) and not _DIGIT.search(line):
            left -= 1
            yield line, section
            continue
        section = None
        yield line, None if raw in common else _whole(line)


def _opening(line: str) -> Rule | None:
    if len(line) > LONGEST_LABEL:
        return None
    label = line.casefold().rstrip(" :–-").replace("’", "'")
    if label in _ADVERTISING:
        return Rule.ADVERTISING
    return Rule.LINKS if label in _LINKS else None


def _whole(line: str) -> Rule | None:
    """The rule that takes the whole line; nearly all lines have no figure, and need no expression."""
    if not _DIGIT.search(line):
        return Rule.CLOCK if line.casefold().rstrip(".") in _WITHOUT_FIGURE else None
    return next((rule for rule, pattern in _WHOLE_LINES if pattern.fullmatch(line)), None)
