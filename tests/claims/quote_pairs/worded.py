"""Pages on which the quote is reworded, gone, or behind a wall."""

from tests.claims.quote_pairs.pages import AFTER, Pair, page, pair

VOTE = "The council lost 28 of its 48 seats in the spring vote"
SAID = "Captain Berg told the harbour board that the northern channel had silted up"
TWO = "Captain Berg counted the boats. Pilot Dahl kept the book of arrivals"

_NAMES = [
    ("person", SAID, "Captain Dahl told the harbour board that the northern channel had silted up.", "Dahl", "Berg"),
    (
        "first-word",
        "Ostmark sold the old pier to a private owner",
        "Vestmark sold the old pier to a private owner.",
        "Vestmark",
    ),
    (
        "acronym",
        "The tug belongs to the fleet of ODK since spring",
        "The tug belongs to the fleet of ODP since spring.",
        "ODP",
    ),
    ("two-names", TWO, "Captain Dahl counted the boats. Pilot Berg kept the book of arrivals.", "Dahl", "Berg"),
    (
        "surname-added",
        SAID,
        "Captain Berg Olsen told the harbour board that the northern channel had silted up.",
        "Olsen",
    ),
    (
        "possessive",
        "They towed the Aurora's barge to the slip",
        "They towed the Boreal's barge to the slip.",
        "Boreal",
    ),
    (
        "place",
        "The herring were sold to buyers from Lisvik that day",
        "The herring were sold to buyers from Grenvik that day.",
        "Grenvik",
    ),
    (
        "roles-swapped",
        "On the quay Hansen thanked Moller for the rescue",
        "On the quay Moller thanked Hansen for the rescue.",
        "Moller",
    ),
]
_ALTERED = [
    ("zero-width", "The coun\u200bcil lost 28 of its 48 seats in the spring vote.", "U+200B"),
    ("zero-width-everywhere", "\u200b".join("The council lost 28 of its 48 seats in the spring vote") + ".", "U+200B"),
    ("joiner", "The coun\u200dcil lost 28 of its 48 seats in the spring vote.", "U+200D"),
    ("word-joiner-in-figure", "The council lost 2\u20608 of its 48 seats in the spring vote.", "U+2060"),
    ("byte-order-mark", "The council\ufeff lost 28 of its 48 seats in the spring vote.", "U+FEFF"),
    ("bidi-override", "The council lost \u202e28\u202c of its 48 seats in the spring vote.", "U+202E"),
    ("bidi-isolate", "The council lost \u206628\u2069 of its 48 seats in the spring vote.", "U+2066"),
    ("cyrillic-o", "The c\u043euncil lost 28 of its 48 seats in the spring vote.", "U+043E"),
    ("cyrillic-word", "The council lost 28 of its 48 \u0455\u0435ats in the spring vote.", "U+0455"),
    ("greek-omicron", "The c\u03bfuncil lost 28 of its 48 seats in the spring vote.", "U+03BF"),
    ("full-width-digits", "The council lost ２８ of its ４８ seats in the spring vote.", "２８"),
    ("full-width-letters", "The ｃｏｕｎｃｉｌ lost 28 of its 48 seats in the spring vote.", "ｃｏｕｎｃｉｌ"),
    ("circled-digit", "The council lost 2⑧ of its 48 seats in the spring vote.", "2⑧"),
    ("bold-mathematical", "The council lost 28 of its 48 𝐬eats in the spring vote.", "𝐬eats"),
    ("superscript", "The council lost 28 of its 4⁸ seats in the spring vote.", "4⁸"),
]
_WORDING = [
    (
        "one-word",
        SAID,
        "Captain Berg told the harbour board that the northern channel had filled up.",
        "filled",
        "silted",
    ),
    ("word-dropped", SAID, "Captain Berg told the board that the northern channel had silted up.", "harbour"),
    (
        "word-added",
        SAID,
        "Captain Berg told the harbour board again that the northern channel had silted up.",
        "again",
    ),
    ("tense", SAID, "Captain Berg tells the harbour board that the northern channel has silted up.", "tells"),
    ("typo", SAID, "Captain Berg told the harbour baord that the northern channel had silted up.", "baord"),
    ("clauses-swapped", VOTE, "In the spring vote the council lost 28 of its 48 seats.", "spring"),
    ("passive", VOTE, "28 of its 48 seats were lost by the council in the spring vote.", "were"),
    (
        "lengthened",
        VOTE,
        "The council, to the surprise of the whole town, lost 28 of its 48 seats in the long spring vote.",
        "surprise",
    ),
    ("shortened", SAID, "Captain Berg told the board the channel had silted up.", "northern"),
    ("words-for-digits", VOTE, "The council lost twenty-eight of its 48 seats in the spring vote.", "twenty-eight"),
    (
        "separator-dropped",
        "The yard paid 1,500 crowns for the old ropes",
        "The yard paid 1500 crowns for the old ropes.",
        "1500",
    ),
    (
        "blank-in-figure",
        "The yard paid 1,500 crowns for the old ropes",
        "The yard paid 1 500 crowns for the old ropes.",
        "",
    ),
    (
        "inflected-unit",
        "It was a three-year lease of the dry dock",
        "It was a three years lease of the dry dock.",
        "three",
    ),
    ("percent-sign", "Dues rose by 5 percent over the whole season", "Dues rose by 5% over the whole season.", "5%"),
    (
        "unit-spelled-out",
        "The coast road is 12 km long and badly lit",
        "The coast road is 12 kilometres long and badly lit.",
        "kilometres",
    ),
    (
        "currency-spelled-out",
        "The new lamps cost $300 at the spring fair",
        "The new lamps cost 300 dollars at the spring fair.",
        "300",
    ),
    (
        "date-turned",
        "They met on July 1, 2005 in the customs house",
        "They met on 1 July 2005 in the customs house.",
        "1 July 2005",
    ),
    (
        "date-moved",
        "In 2005 the yard built a ferry for the islands",
        "The yard built a ferry for the islands in 2005.",
        "2005",
    ),
    (
        "contracted",
        "The mayor did not sign the dredging contract",
        "The mayor didn't sign the dredging contract.",
        "didn't",
    ),
    (
        "never-for-not",
        "The mayor did not sign the dredging contract",
        "The mayor never did sign the dredging contract.",
        "never",
    ),
    ("capitals", SAID, "CAPTAIN BERG TOLD THE HARBOUR BOARD THAT THE NORTHERN CHANNEL HAD SILTED UP.", ""),
    ("comma-added", SAID, "Captain Berg told the harbour board, that the northern channel had silted up.", ""),
    ("comma-to-semicolon", "The lock was dry, the crew was away", "The lock was dry; the crew was away.", ""),
    ("note-mark", SAID, "Captain Berg told the harbour board[4] that the northern channel had silted up.", ""),
    (
        "accent-lost",
        "The café on the quay burned down overnight",
        "The cafe on the quay burned down overnight.",
        "cafe",
    ),
    ("middle-elided", SAID, "Captain Berg told the harbour board that … had silted up.", "northern"),
    ("order-of-names", "The board thanked Berg for his work", "Berg was thanked by the board for his work.", "was"),
]
_GONE = [
    ("sentence", f"<p>{AFTER[5]}</p>"),
    ("another-topic", "<p>The choir of the mission sang on the steps of the hall.</p>"),
    ("same-topic", "<p>The council will meet again before the vote, the clerk announced.</p>"),
    ("only-little-words", "<p>It was the one of the many that had been in there for so long.</p>"),
    ("only-the-figures", "<p>Buses 28 and 48 stop at the fish market.</p>"),
    ("hidden", f"<p hidden>{VOTE}.</p>"),
    ("display-none", f"<p style='display: none'>{VOTE}.</p>"),
    ("in-a-comment", f"<!-- {VOTE}. --><p>{AFTER[1]}</p>"),
    ("in-a-script", f"<script>var old = '{VOTE}';</script><p>{AFTER[1]}</p>"),
    ("alternative-text", f"<img src=x.png alt='{VOTE}'><p>{AFTER[1]}</p>"),
]
_SHORT_WALLS = [
    (
        "consent-wall",
        "<h1>Before you continue to Ostmark Post</h1><p>We and our partners store cookies.</p><button>Accept "
        "all</button><button>Manage your privacy settings</button>",
        "Ostmark Post",
    ),
    (
        "consent-wall-german",
        "<h1>Ihre Privatsphäre</h1><p>Wir und unsere 120 Partner verarbeiten Daten.</p><button>Alle "
        "akzeptieren</button>",
        "Ostmark Post",
    ),
    ("soft-404", "<h1>404</h1><p>The page you are looking for does not exist.</p>", "Page not found"),
    ("soft-404-french", "<p>Cette page n'existe plus.</p>", "Page introuvable"),
    ("captcha", "<p>Please verify you are human to continue.</p>", "One moment"),
    ("paywall", f"<p>{AFTER[0]}</p><p>Subscribe to continue reading.</p>", "Ostmark Post"),
    ("parked", "<p>This domain is for sale. Buy this domain today.</p>", "ostmark.example"),
    (
        "script-only",
        "<div id=root></div><noscript>Please enable JavaScript to run this app.</noscript><script src=a.js></script>",
        "Ostmark Post",
    ),
    ("empty", "", ""),
]


def _wall(name: str, body: str, title: str) -> Pair:
    after = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return Pair(f"wall-{name}", VOTE, page(f"<p>{VOTE}.</p>"), after, "not_checkable")


PAIRS: list[Pair] = [
    *(pair(f"name-{name}", quote, now, "reworded", *changed) for name, quote, now, *changed in _NAMES),
    *(pair(f"altered-{name}", VOTE, now, "reworded", *changed) for name, now, *changed in _ALTERED),
    *(
        pair(f"wording-{name}", quote, now, "reworded", *filter(None, changed))
        for name, quote, now, *changed in _WORDING
    ),
    *(pair(f"gone-{name}", VOTE, now, "missing", html=True) for name, now in _GONE),
    *(_wall(*wall) for wall in _SHORT_WALLS),
    Pair("gone-page-cut", VOTE, page(f"<p>{VOTE}.</p>"), page("").split(AFTER[0])[0], "missing"),
    Pair(
        "altered-raised-power",
        "The list named 10² ships in the outer roads",
        page("<p>The list named 10² ships in the outer roads.</p>"),
        page("<p>The list named 102 ships in the outer roads.</p>"),
        "reworded",
        ("102",),
    ),
]
