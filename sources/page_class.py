"""What kind of page answered: the article, or something that stands in its place. Named rules (pure)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sources.addresses import registrable_domain
from sources.parsing import ParsedDocument

SHORT = 1_500  # characters; a wall or an error page seldom says more
STUB = 4_000  # characters; a paywall shows an opening before it asks
PARAGRAPHS = 5  # an article about a sale of domains has more of them than the page of such a sale
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
    """The class of a page and the rule that decided it, in words fit to show."""

    value: PageKind
    reason: str


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases))


_CAPTCHA = _any(
    r"verify (that )?you are (a )?human",
    r"are you a robot",
    r"i'?m not a robot",
    r"checking (if the site connection is secure|your browser before)",
    r"just a moment\.\.\.",
    r"unusual traffic from your",
    r"enable javascript and cookies to continue",
    r"pardon our interruption",
    r"bestätigen sie, dass sie (ein mensch|kein roboter)",
    r"vérifi\w+ que vous (êtes humain|n'êtes pas un robot)",
    r"verifi\w+ que (eres|usted es) (un )?human",
    r"no soy un robot",
    r"אני לא רובוט",
    r"أنا لست برنامج روبوت",
    r"подтвердите, что вы не робот",
)
_CONSENT = _any(
    r"before you continue to",
    r"we (and our partners )?(value|care about) your privacy",
    r"we and our (\d+ )?partners (store|process|use)",
    r"(accept|allow) all( cookies)?",
    r"manage (your )?(cookie|privacy) (settings|preferences|choices)",
    r"ihre privatsphäre",
    r"wir und unsere (\d+ )?partner",
    r"alle(n)? (cookies )?(akzeptieren|zustimmen)",
    r"mit werbung weiterlesen",
    r"nous et nos (\d+ )?partenaires",
    r"(tout accepter|accepter (tout|et fermer))",
    r"continuer sans accepter",
    r"aceptar (todo|todas|y continuar)",
    r"nosotros y nuestros (\d+ )?socios",
    r"accetta (tutto|e continua)",
    r"alles accepteren",
)
_PAYWALL = _any(
    r"subscribe (now )?to (continue|keep) reading",
    r"(already a subscriber|subscribers only|subscriber-only|exclusive to subscribers)",
    r"to (continue|keep) reading,? (please )?(subscribe|log in|sign in|register)",
    r"(this|the full) (article|story|content) is (only )?(available )?(for|to) (our )?(subscribers|members)",
    r"you('ve| have) (reached|used|read) (your|all) .{0,30}(free )?articles",
    r"jetzt (weiterlesen|abonnieren)|weiterlesen mit .{0,20}(abo|plus|\+)",
    r"(nur für abonnenten|exklusiv für abonnenten)",
    r"(article|contenu) réservé (à nos |aux )abonnés",
    r"il vous reste \d+ ?% de cet article",
    r"(contenido|artículo) (exclusivo )?para suscriptores|suscríbete para (seguir|continuar)",
    r"(contenuto|articolo) riservato agli abbonati|abbonati per continuare",
    r"כתבה זו (זמינה )?למנויים|למנויים בלבד",
    r"только для подписчиков",
)
_NOT_FOUND = _any(
    r"\b404\b",
    r"page (was |is |could )?(not|n't|cannot be|can't be) (be )?found",
    r"(page|article|story|content) (you (are|were|'re) looking for|you requested)"
    r" (does not|doesn't|no longer|can't|cannot)",
    r"(page|article|story|content) (is )?no longer (available|exists)",
    r"seite (wurde )?nicht gefunden|seite existiert nicht",
    r"(page|article) (est )?introuvable|cette page n'existe (pas|plus)",
    r"página no (encontrada|existe)|no (hemos|se ha) encontrado la página",
    r"pagina non (trovata|esiste)",
    r"pagina niet gevonden",
    r"página não (encontrada|existe)",
    r"הדף (לא נמצא|שחיפשת|המבוקש)|העמוד לא נמצא",
    r"الصفحة غير موجودة",
    r"страница не найдена",
    r"nie znaleziono strony|strona nie istnieje",
)
_PARKED = _any(
    r"(this )?domain (name )?(is |may be )?(for sale|parked|expired)",
    r"buy this domain",
    r"domain (has expired|is available for purchase)",
    r"parked (free|by|domain)",
    r"(diese )?domain (steht zum verkauf|ist geparkt)",
    r"(ce )?(nom de )?domaine est (à vendre|en vente)",
    r"(este )?dominio (está )?(en venta|a la venta)",
    r"related searches:?\s.{0,200}privacy policy",
)
_NEEDS_SCRIPT = _any(
    r"(enable|requires?|turn on|activate) javascript",
    r"javascript (is |to be )?(disabled|required|enabled)",
    r"javascript (aktivieren|activer|activar)|activez javascript|bitte aktivieren sie javascript",
)


def classify_page(
    parsed: ParsedDocument,
    *,
    http_status: int,
    final_url: str,
    url: str,
    earlier_length: int | None = None,
) -> PageClass:
    """The class of a page by the first rule that holds, with its reason; an article where none does.

    `earlier_length` is the text's length in characters when it was last an article. Files that are not HTML
    are judged by their text alone.
    """
    found = next(_verdicts(parsed, http_status, final_url, url, earlier_length), None)
    return found or PageClass(PageKind.ARTICLE, "It reads like a page of its own: no wall, no error, no parked name.")


def _verdicts(
    parsed: ParsedDocument, http_status: int, final_url: str, url: str, earlier_length: int | None
) -> Iterator[PageClass]:
    text = _plain(parsed.text)
    title = _plain(parsed.title)
    opening = f"{title}\n{text[:STUB]}"
    facts = parsed.page_facts
    size = len(text)
    shrunk = earlier_length is not None and size < earlier_length * 0.5
    if parsed.kind != "html":
        if is_blank(text):
            yield PageClass(PageKind.EMPTY, "The document has no text.")
        return
    if size < SHORT and (facts.get("has_captcha") or _CAPTCHA.search(opening)):
        yield PageClass(PageKind.CAPTCHA, "A short page that asks whether we are human.")
    if _is_home(final_url) and not _is_home(url) and _same_site(url, final_url):
        yield PageClass(PageKind.SOFT_404, "The address leads to the site's home page.")
    is_terse = size < (SHORT if facts.get("paragraphs", 0) >= PARAGRAPHS else SHORT * 2)
    if (found := _PARKED.search(opening)) and is_terse:
        yield PageClass(PageKind.PARKED, f"A short page with the words “{found.group()[:80]}”.")
    if (found := _NOT_FOUND.search(title)) and (size < STUB or shrunk):
        yield PageClass(PageKind.SOFT_404, f"The title says “{found.group()}” under status {http_status}.")
    if (found := _NOT_FOUND.search(text[:500])) and size < SHORT:
        yield PageClass(PageKind.SOFT_404, f"A short page says “{found.group()}” under status {http_status}.")
    wall = _PAYWALL.search(text)
    if facts.get("accessible_for_free") is False and (size < STUB or wall or shrunk):
        yield PageClass(PageKind.PAYWALL_STUB, "The page's own markup says it is not free to read.")
    if wall and (size < STUB or shrunk):
        yield PageClass(PageKind.PAYWALL_STUB, f"A short page with the words “{wall.group()[:80]}”.")
    consents = {match.group() for match in _CONSENT.finditer(text)}
    if size < SHORT * 2 and (len(consents) >= 2 or (consents and size < SHORT // 2)):
        yield PageClass(PageKind.CONSENT_WALL, f"A short page with the words “{sorted(consents)[0]}”.")
    asks_script = _NEEDS_SCRIPT.search(_plain(str(facts.get("noscript", ""))) + " " + text[:SHORT])
    if size < 400 and facts.get("scripts", 0) and (facts.get("has_app_root") or asks_script):
        yield PageClass(PageKind.SCRIPT_ONLY, "The page shows its text only where scripts run.")
    if is_blank(text):
        if facts.get("scripts", 0):
            yield PageClass(PageKind.SCRIPT_ONLY, "The page has scripts and no text.")
        yield PageClass(PageKind.EMPTY, "The page has no text.")


def is_blank(text: str) -> bool:
    """Whether a text has nothing a reader could see: white space, zero-width and bidi characters are nothing."""
    return not _VISIBLE.search(text)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u2026", "...")
    return " ".join(folded.casefold().split())


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    shape = re.fullmatch(r"/?(?:([a-z]{2})(?:-[a-z]{2})?/?)?(?:index\.\w+|home/?)?", parts.path, re.IGNORECASE)
    return not parts.query and shape is not None and (shape[1] is None or shape[1].lower() in _EDITIONS.split())


def _same_site(one: str, other: str) -> bool:
    return registrable_domain(urlsplit(one).hostname or "") == registrable_domain(urlsplit(other).hostname or "")
