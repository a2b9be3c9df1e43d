"""Who a sentence attributes its statement to."""

import re
from dataclasses import dataclass

_VERB = (
    r"(?:said|says|told|reported|reports|stated|states|added|adds|noted|notes|claimed|claims|argued|argues|warned|"
    r"warns|announced|announces|acknowledged|insisted|insists|explained|testified|stressed|confirmed|confirms|"
    r"reiterated|revealed|estimated|estimates|found|wrote|tweeted|alleged|denied|denies|concluded|declared|"
    r"predicted|believe|believes|suggested|continued|showed|shows|admitted)"
)
_NAME = r"(?:[A-Z][\w’'&.-]*)(?:\s+(?:of|for|the|and|de|al|bin|van|von)?\s?(?:[A-Z][\w’'&.-]*)){0,6}"
_ROLE = (
    r"(?:[Tt]he|[Aa]n?|[Mm]any|[Ss]ome|[Ss]everal)\s(?:[\w’'.-]+\s){0,6}?"
    r"(?:officials?|sources?|report|spokes\w+|ministry|analysts?|critics|experts?|department|agency|police|"
    r"researchers|authorities|government|council|company|study|survey|witnesses|general|mayor|minister|IG|[A-Z]{2,})"
)
_ADVERBS = r"(?:\s(?:also|further|explicitly|later|previously|has|have|had|then|has also|repeatedly))*"
# The part between commas after a name: "Dan Caldwell, a Navy veteran, said".
_ASIDE = r"(?:,[^,“”\"]{1,120},|\s\([^)]{1,60}\))?"
_OFFICIALS = r"(?:[A-Z][\w.’-]*\s){0,4}(?:officials|analysts|critics|experts|police|researchers|prosecutors)"

_SUBJECT = re.compile(rf"(?P<name>{_ROLE}|{_OFFICIALS}|{_NAME}){_ASIDE}{_ADVERBS}\s(?P<verb>{_VERB})\b")
_INVERTED = re.compile(rf"[”\"’']\s(?P<verb>{_VERB})\s(?P<name>{_ROLE}|{_NAME})")
_ACCORDING = re.compile(rf"\b(?P<verb>[Aa]ccording to)\s(?P<name>{_ROLE}|{_OFFICIALS}|{_NAME}|some \w+|the \w+)")
_PRONOUN = re.compile(rf"\b(?P<name>[Hh]e|[Ss]he|[Ii]t|[Tt]hey){_ADVERBS}\s(?P<verb>{_VERB})\b")
_LONG_REPORT = re.compile(rf"^(?P<name>A (?:report|study|survey)\b[^,“”]{{0,140}}?)\s(?P<verb>{_VERB})\b")
_NOT_NAMES = frozenset(["He", "She", "It", "They", "We", "I", "But", "However", "In", "The", "This", "That", "You"])
# Attribution stands near an end or a quotation; longer sentences are read in part, which bounds the cost.
MAX_LENGTH = 1_500


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said it, in the words of the text, with the code points of the name in the sentence and the verb.

    For a pronoun or a continued quotation `name` is the person meant and the offsets are those of the
    pronoun, or empty (0, 0).
    """

    name: str
    start: int
    end: int
    verb: str


def find_claimant(sentence: str, previous: Attribution | None = None) -> Attribution | None:
    """Return whom a sentence attributes its statement to, or None.

    `previous` is the last attribution of the article: "he said" and a quotation without a speaker of its
    own are given to it. Nothing is raised for any string.
    """
    sentence = sentence[:MAX_LENGTH]
    for pattern in (_INVERTED, _LONG_REPORT, _ACCORDING, _SUBJECT):
        for match in pattern.finditer(sentence):
            name = match["name"].rstrip(" ,.’'")
            if name and name not in _NOT_NAMES:
                return Attribution(name, match.start("name"), match.start("name") + len(name), match["verb"])
    if pronoun := _PRONOUN.search(sentence):
        if previous is None:
            return None
        return Attribution(previous.name, *pronoun.span("name"), pronoun["verb"])
    return None
