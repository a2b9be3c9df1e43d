"""What kind of page answered: the article, or something that stands in its place. Named rules (pure)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit

from sources.addresses import registrable_domain
from sources.folding import has_endless_marks
from sources.parsing import ParsedDocument

# Characters of running text, the wall's own words aside: what tells a wall from an article that speaks of one.
LITTLE = 300  # an error page, a captcha or a consent wall seldom has more
OPENING = 1_500  # what a paywall shows before it asks
ASKING = 1_200  # what such a page says of itself; one with more than that to say besides is not searched
SENTENCE = 40  # running text has none shorter
BARE = 400  # all the text of a page that waits for its scripts
_VISIBLE = re.compile(r"[^\s\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# ISO 639-1, and two regions that sites use for an edition. Any two letters would do for "/ok" and "/qa" as well.
_EDITIONS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el "
    "en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu "
    "ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na "
    "nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so "
    "sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu us "
    "gb"
)


class PageKind(StrEnum):
    """What a page is, beyond its status code."""

    ARTICLE = "article"
    CONSENT_WALL = "consent_wall"
    PAYWALL_STUB = "paywall_stub"
    CAPTCHA = "captcha"
    SOFT_404 = "soft_404"
    PARKED = "parked"
    SCRIPT_ONLY = "script_only"
    EMPTY = "empty"


@dataclass(frozen=True)
class PageClass:
    """The class of a page, the name of the rule that decided it, and why in words fit to show."""

    value: PageKind
    rule: str
    reason: str


with Path(__file__).with_name("page_phrases.toml").open("rb") as file:
    _PHRASES = tomllib.load(file)


@cache
def _phrases(name: str) -> re.Pattern[str]:
    """What pages of a kind say, in every language; compiled when first asked for."""
    phrases = "|".join(phrase for of_language in _PHRASES[name].values() for phrase in of_language)
    return re.compile(rf"\b(?:{phrases})")  # tried where a word begins alone: several times as fast


_ERROR_NUMBER = re.compile(
    r"(?:(?:error|erreur|fehler|errore|erro|fout|http)\s+)?404(?:\s+(?:error|erreur|fehler|errore|erro))?"
)
_SENTENCE_ENDS = frozenset(".!?…。؟")
_CLOSING = "\"'”’»)]"  # what may stand after the end of a sentence
_PARTS_OF_TITLE = re.compile(r"\s+[|–—·•»:/-]+\s+|\s*\|\s*")
_MAX_READ = 60_000  # characters of a page that are searched for phrases; a wall stands before that


def classify_page(
    parsed: ParsedDocument,
    *,
    http_status: int,
    final_url: str,
    url: str,
    earlier_length: int | None = None,
) -> PageClass:
    """The class of a page by the first rule that holds, with its name and reason; an article where none does.

    `earlier_length` is the text's length in characters when it was last an article. Files that are not HTML
    are judged by their text alone.
    """
    page = _Page(parsed, http_status, final_url, url, earlier_length)
    found = next(_verdicts(page), None)
    return found or PageClass(
        PageKind.ARTICLE, "no_wall", "It reads like a page of its own: no wall, no error, no parked name."
    )


class _Page:
    """A page as the rules read it: its sentences, and which of them say something rather than mention it."""

    def __init__(
        self, parsed: ParsedDocument, http_status: int, final_url: str, url: str, earlier_length: int | None
    ) -> None:
        self.kind, self.facts = parsed.kind, parsed.page_facts
        self.http_status, self.final_url, self.url = http_status, final_url, url
        self.size, self.is_blank = len(parsed.text.strip()), is_blank(parsed.text)
        self.has_shrunk = earlier_length is not None and self.size < earlier_length * 0.5
        self._text = parsed.text[:_MAX_READ]
        self._statements: dict[tuple[str, str], str] = {}
        self.title = _plain(parsed.title)

    @cached_property
    def opening(self) -> list[str]:
        """The first sentences, as many as tell an article from what has little text; most pages need no more."""
        found: list[str] = []
        size = 0
        for line in self._text.split("\n"):
            if len(line) < SENTENCE:
                continue
            sentences = _sentences(_units(line))
            found += sentences
            size += sum(map(len, sentences))
            if size >= OPENING + ASKING:
                break
        return found

    @cached_property
    def units(self) -> list[str]:
        return _units(self._text)

    @cached_property
    def sentences(self) -> list[str]:
        return _sentences(self.units)

    @cached_property
    def text_size(self) -> int:
        """Characters of running text; of an article, what its opening has of it."""
        opening = sum(map(len, self.opening))
        if opening >= OPENING + ASKING:
            return opening
        return sum(map(len, self.sentences)) + max(0, self.size - _MAX_READ)

    def says(self, kind: str) -> str:
        """The first words of a kind that a sentence consists of, rather than mentions in passing; or nothing."""
        return next((words for unit in self.units if (words := self.statement(unit, kind))), "")

    def has_little(self, kind: str, size: int = LITTLE) -> bool:
        """Whether there is less running text than `size` beside sentences of that kind."""
        if self.text_size >= size + ASKING:
            return False
        return self.text_size - sum(len(unit) for unit in self.sentences if self.statement(unit, kind)) < size

    def is_about(self, vocabulary: str) -> bool:
        """Whether nearly all its running text has words of this vocabulary."""
        words = _phrases(vocabulary)
        # An article is known by its first sentences; the rest need not be searched.
        return self._is_little(words, self.opening) and self._is_little(words, self.sentences)

    def _is_little(self, words: re.Pattern[str], sentences: list[str]) -> bool:
        """Whether little of these sentences is without such words."""
        other = max(0, self.size - _MAX_READ)
        for unit in sentences:
            other += 0 if words.search(unit) else len(unit)
            if other >= LITTLE:
                return False
        return other < LITTLE

    def error_number(self) -> str:
        """The number of an error that stands by itself among the first units, or nothing."""
        return next((unit for unit in self.units[:20] if _ERROR_NUMBER.fullmatch(unit)), "")

    def statement(self, unit: str, kind: str) -> str:
        """The words of a kind that a sentence consists of, or nothing."""
        key = (unit, kind)
        if key not in self._statements:
            self._statements[key] = _statement(unit, kind)
        return self._statements[key]


def _statement(unit: str, kind: str) -> str:
    found = [match.group() for match in _phrases(kind).finditer(unit)] if len(unit) < 600 else []
    says = found and (len(unit) <= 60 or sum(map(len, found)) >= len(unit) * 0.2)
    return max(found, key=len)[:80] if says else ""


def _verdicts(page: _Page) -> Iterator[PageClass]:
    if page.kind != "html":
        if page.is_blank:
            yield PageClass(PageKind.EMPTY, "no_text", "The document has no text.")
        return
    yield from _walls_before_a_page(page)
    yield from _pages_gone(page)
    yield from _walls_within_a_page(page)
    if page.size < BARE and page.facts.get("scripts", 0) and page.has_little("script_only", LITTLE // 2):
        asks = _phrases("script_only").search(_plain(str(page.facts.get("noscript", "")))) or page.says("script_only")
        if asks or page.facts.get("has_app_root"):
            reason = "The page shows its text only where scripts run."
            yield PageClass(PageKind.SCRIPT_ONLY, "waits_for_scripts", reason)
    if page.is_blank:
        if page.facts.get("scripts", 0):
            yield PageClass(PageKind.SCRIPT_ONLY, "scripts_and_no_text", "The page has scripts and no text.")
        yield PageClass(PageKind.EMPTY, "no_text", "The page has no text.")


def _walls_before_a_page(page: _Page) -> Iterator[PageClass]:
    if page.has_little("captcha") and (words := page.says("captcha") or _statement(page.title, "captcha")):
        yield PageClass(PageKind.CAPTCHA, "captcha_words", f"It asks whether we are human: “{words}”.")
    if page.facts.get("has_captcha") and page.size < BARE and page.has_little("captcha", LITTLE // 3):
        reason = "Its scripts ask whether we are human, and it says little else."
        yield PageClass(PageKind.CAPTCHA, "captcha_script", reason)


def _pages_gone(page: _Page) -> Iterator[PageClass]:
    if _is_home(page.final_url) and not _is_home(page.url) and _same_site(page.url, page.final_url):
        yield PageClass(PageKind.SOFT_404, "leads_home", "The address leads to the site's home page.")
    if page.has_little("parked") and (words := page.says("parked") or _statement(page.title, "parked")):
        yield PageClass(PageKind.PARKED, "parked_words", f"It offers its name rather than a page: “{words}”.")
    words = _title_of_an_error(page.title)
    if words and (page.has_shrunk or page.has_little("soft_404", OPENING)):
        reason = f"The title says “{words}” under status {page.http_status}."
        yield PageClass(PageKind.SOFT_404, "not_found_title", reason)
    if page.has_little("soft_404") and (words := page.says("soft_404") or page.error_number()):
        reason = f"It says “{words}” under status {page.http_status}, and little else."
        yield PageClass(PageKind.SOFT_404, "not_found_words", reason)


def _walls_within_a_page(page: _Page) -> Iterator[PageClass]:
    is_opening = page.has_shrunk or page.has_little("paywall_stub", OPENING)
    if is_opening and page.facts.get("accessible_for_free") is False:
        yield PageClass(PageKind.PAYWALL_STUB, "not_for_free", "The page's own markup says it is not free to read.")
    if is_opening and (words := page.says("paywall_stub")):
        yield PageClass(PageKind.PAYWALL_STUB, "paywall_words", f"It shows an opening and asks: “{words}”.")
    if not page.is_about("consent_vocabulary"):
        return
    asking = [unit for unit in page.units if page.statement(unit, "consent_wall")]
    consents = {match.group() for unit in asking for match in _phrases("consent_wall").finditer(unit)}
    if len(consents) > 1 or (consents and page.size < BARE):
        words = max(consents, key=len)[:80]
        reason = f"It asks for consent and says little else: “{words}”."
        yield PageClass(PageKind.CONSENT_WALL, "consent_words", reason)


def _title_of_an_error(title: str) -> str:
    """The words by which a title, or a part of it, is that of an error page; an article may mention them."""
    for part in _PARTS_OF_TITLE.split(title):
        found = [match.group() for match in _phrases("soft_404").finditer(part[:200])]
        if _ERROR_NUMBER.fullmatch(part):
            return part
        if found and sum(map(len, found)) >= len(part) * 0.45:
            return max(found, key=len)[:80]
    return ""


def is_blank(text: str) -> bool:
    """Whether a text has nothing a reader could see: white space, zero-width and bidi characters are nothing."""
    return not _VISIBLE.search(text)


def _plain(text: str) -> str:
    return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    text = text if has_endless_marks(text) else unicodedata.normalize("NFC", text)
    return text.replace("\u2019", "'").replace("\u2026", "...").casefold()


def _units(text: str) -> list[str]:
    """The plain sentences of a text, and its lines; string methods, several times as fast as an expression."""
    text = "\n".join([" ".join(line.split()) for line in _folded(text).split("\n")])
    for end in _SENTENCE_ENDS:
        text = text.replace(f"{end} ", f"{end}\n")
    return [unit for unit in text.split("\n") if unit]


def _sentences(units: list[str]) -> list[str]:
    return [
        unit
        for unit in units
        if len(unit) >= SENTENCE and (unit[-1] in _SENTENCE_ENDS or unit.rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS)
    ]


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    shape = re.fullmatch(r"/?(?:([a-z]{2})(?:-[a-z]{2})?/?)?(?:index\.\w+|home/?)?", parts.path, re.IGNORECASE)
    return not parts.query and shape is not None and (shape[1] is None or shape[1].lower() in _EDITIONS.split())


def _same_site(one: str, other: str) -> bool:
    return registrable_domain(urlsplit(one).hostname or "") == registrable_domain(urlsplit(other).hostname or "")
