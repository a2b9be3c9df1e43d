"""English: the words figures are written in. Another language is a module with the same names."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _counted(first: int, text: str) -> dict[str, int]:
    return {word: first + place for place, word in enumerate(text.split())}


# --- Numbers ----------------------------------------------------------------------------------------------
UNITS = {"nought": 0, "naught": 0, **_counted(0, "zero one two three four five six seven eight nine")}
TEENS = _counted(10, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
TENS = {word: 20 + 10 * place for place, word in enumerate(_TENS)}
SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
# After a numeral, glued or apart: "3.5bn", "100k". A lone "m" may also be metres and is decided by context.
SCALE_MARKS = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12, "trn": 10**12}
# Written after numerals in quotations from other languages: "47,3 Millionen Euro".
SCALE_MARKS |= {"mio": 10**6, "millionen": 10**6, "millones": 10**6, "mrd": 10**9, "milliarden": 10**9}
SURE_SCALE_MARKS = frozenset(SCALE_MARKS) - {"k", "m", "b"}
SMALL = {**UNITS, **TEENS, **TENS}

_UNIT_ORDINALS = _counted(1, "first second third fourth fifth sixth seventh eighth ninth")
_TEEN_ORDINALS = _counted(
    10,
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
)
_TENS_ORDINALS = {word[:-1] + "ieth": value for word, value in TENS.items()}
SCALE_ORDINALS = {word + "th": value for word, value in SCALES.items() if word not in {"dozen", "lakh", "crore"}}
UNIT_ORDINALS = _UNIT_ORDINALS
ORDINALS = {**_UNIT_ORDINALS, **_TEEN_ORDINALS, **_TENS_ORDINALS, **SCALE_ORDINALS}
ORDINAL_ENDINGS = _words("st nd rd th")
# Words that divide: "two thirds", "a half". Halves and quarters are never part of a longer ordinal.
DENOMINATORS = {
    **{word: value for word, value in ORDINALS.items() if value > 2},
    **{word + "s": value for word, value in ORDINALS.items() if value != 2},
    "half": 2,
    "halves": 2,
    "quarter": 4,
    "quarters": 4,
}
PLURAL_DENOMINATORS = frozenset(word for word in DENOMINATORS if word.endswith("s"))
PLAIN_DENOMINATORS = _words("half halves quarter quarters") | frozenset(
    form for word in SCALE_ORDINALS for form in (word, word + "s")
)
# What may follow "a third" for it to be a share; "a third man" is an ordinal.
AFTER_SHARE = _words(
    "of or the to in from more less higher lower since on over after by than and were was are is have had its "
    "their said say million billion trillion as at for with between compared among amongst before this last percent "
    "percentage per"
)
VAGUE_SCALES = {word + "s": value for word, value in SCALES.items() if word not in {"lakh", "crore"}}
SCORES = "scores"  # "scores of people", twenty each; elsewhere they are results
SCORE = 20
PLURAL_SCALES = {word + "s": word for word in ("dozen", "hundred", "thousand", "million", "billion", "trillion")}
# "the dozen boats": a scale that counts by itself.
BARE_SCALES = _words("hundred dozen")
VAGUE_COUNTS = {"several": 2, "few": 2, "many": 2}
COUPLE = "couple"
TENS_OF = {"tens": 10, "hundreds": 100}
ARTICLES = _words("a an")
AND, OF, POINT, OVER, OUT, IN, HALF, ONE, NONE = "and", "of", "point", "over", "out", "in", "half", "one", "none"
HYPHENS = frozenset("-\u2011")
RATE_WORDS = frozenset({IN, OUT})  # "one in five", "three out of ten"
STRONG = "strong"  # "a 400-strong force"
# "250 of an estimated 1,000": between a part and its whole.
WHOLE_HEDGES = _words("an a estimated about some around roughly approximately nearly almost total")
DETERMINERS = _words("the its their his her our my your all these those every")
MINUS = _words("minus negative")
# "one" is a figure only before what can be counted.
NOT_AFTER_ONE = _words(
    "of another is was who that which can could would should must might may will has had by and or to thing "
    "as at if in on it he she they we you i from for with the a an does did do more less than but so not "
    "side hand way day time area reason does s ’s 's when where because whose else such only might knows "
    "wants who're after before until about off up down out into over between among"
)
NOT_BEFORE_ONE = _words("no this that which each every any some the another last next first loved either neither")
# "second thoughts", "the first half": an ordinal that orders nothing.
# "one day they will know" counts no days.
AFTER_SOME_DAY = _words("it he she they we you i the this that soon")
ORDINAL_IDIOMS = _words(
    "thought thoughts half halves nature lady minister aid class hand degree name names glance sight instance "
    "responder responders opinion cousin cousins world person"
)
HALF_NAMES = _words("first second other better latter former top bottom front back")
CERTAIN_SHARES = _words("a an the its their nearly almost over than about around roughly least most under only")
BEFORE_HALF_OK = _words("of the a an its their his her our all that those these my million billion dozen hour")

# --- Qualifiers: phrase -> name in Qualifier ---------------------------------------------------------------
QUALIFIERS_BEFORE = {
    "about": "about|around|roughly|approximately|approx|circa|estimated|an estimated|in the region of|"
    "on the order of|in the order of|something like|some|or so|~|≈|somewhere around|in the neighborhood of",
    "nearly": "nearly|almost|close to|approaching|not quite|nearing|virtually|practically",
    "at_least": "at least|no less than|no fewer than|not less than|not fewer than|a minimum of|minimum of|"
    "upwards of|upward of|at a minimum|≥|> =|> =|greater than or equal to|more than or equal to|"
    "higher than or equal to|larger than or equal to|higher or equal than|greater or equal than|"
    "larger or equal than|more or equal than|bigger or equal than|bigger than or equal to|"
    "equal to or more than|equal to or greater than|equal or more than|equal or greater than|"
    "equal to or higher than|equal to or larger than|higher or equal to|greater or equal to|"
    "larger or equal to|at the least|starting at|as few as|as little as|as low as",
    "more_than": "more than|over|above|exceeding|exceed|exceeds|exceeded|in excess of|greater than|"
    "larger than|higher than|bigger than|surpass|surpasses|surpassed|surpassing|north of|topped|topping|"
    "just over|well over|a little over|slightly over|slightly more than|just above|well above|>|older than|"
    "longer than|better than|over the age of|above the age of",
    "up_to": "at most|up to|no more than|not more than|no greater than|not greater than|no higher than|"
    "no larger than|a maximum of|maximum of|as many as|as much as|as high as|≤|< =|less than or equal to|"
    "fewer than or equal to|lower than or equal to|smaller than or equal to|smaller or equal than|"
    "less or equal than|lower or equal than|equal to or less than|equal to or fewer than|"
    "equal to or lower than|equal to or smaller than|equal or less than|smaller or equal to|"
    "less or equal to|lower or equal to|at the most|not exceeding|not over|capped at",
    "fewer_than": "less than|fewer than|under|below|smaller than|lower than|short of|south of|just under|"
    "well under|slightly under|slightly less than|a little under|just below|well below|<|younger than|"
    "shorter than|under the age of|below the age of",
    "exactly": "exactly|precisely|equal to|equals|equals to|equaling|equaling to|equalling|equalling to|"
    "is equal to|equivalent to",
}
QUALIFIERS_AFTER = {
    "at_least": "or more|or greater|or higher|or above|or over|or larger|or bigger|or older|and over|"
    "and above|and up|and older|and more|+|- plus|plus|or longer|or greater than|or more than|"
    "or higher than|or larger than|at least",
    "up_to": "or less|or fewer|or lower|or below|or under|or smaller|or younger|and under|and below|"
    "and younger|or shorter|at most|or less than|or fewer than|or lower than",
    "about": "or so|or thereabouts|- odd|odd|- ish|or more or less",
}
# --- Ranges ------------------------------------------------------------------------------------------------
RANGE_JOINS = _words("to through thru till until – — - ~ ‑ −")
RANGE_OPENERS = {"between": "and", "from": "to"}
SCORE_WORDS = _words("vote voted votes voting score scores won lost beat beaten defeated margin passed win")
# "served under 3 presidents" is no bound.
SERVED = _words("served serve serves serving worked working fought trained")
# "lasted a month": the article counts.
LASTED = _words("lasted lasts lasting last took takes taken spent")
# "for over six weeks" is more than six; "over six weeks" alone is a span of time.
BEFORE_OVER_A_SPAN = _words(
    "for after just well a lasted lasting lasts last took takes take taken spent served in of by is was be been "
    "waited wait waits waiting stayed staying detained jailed within every"
)
AGE_WORDS = _words("age aged ages")
OLDER = _words("older younger")
# Whose number after "over" or "under", or between commas, is an age: "people over 65", "the baker, 34, said".
PERSONS = _words(
    "people persons person men women man woman children child adults adult girls girl boys boy pupils pupil students "
    "student anyone everyone those youths youth teenagers teenager patients patient voters residents resident workers "
    "worker players drivers driver citizens pensioners mothers mother fathers father victim suspect gunman baker "
    "teacher doctor nurse soldier officer player son daughter wife husband brother sister who"
)
FROM_CHANGE = _words(
    "rose fell rise fall risen fallen increased decreased climbed dropped grew grown cut raised lifted "
    "lowered reduced jumped slipped up down went gone moved changed revised declined increase decrease drop "
    "slumped shrank shrunk plunged surged edged slid dipped doubled swelled dwindled improved expanded"
)
COMPARE_JOINS = _words("and but , ;")
CHANGE_JOINS = _words("to from and or")
# A unit is taken over from the figure before across these: "2,500 troops in Iraq and nearly 1,000 in Syria".
UNIT_JOINS = _words("and or but")
# --- Units -------------------------------------------------------------------------------------------------
PERCENT = _words("% percent percents pct percentage")
CURRENCY_SIGNS = {
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₴": "UAH",
    "₦": "NGN",
}
DOLLARS = {
    "us": "USD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "nz": "NZD",
    "hk": "HKD",
    "s": "SGD",
    "r": "BRL",
}
CURRENCY_CODES = _words(
    "USD EUR GBP JPY CNY INR CHF SEK NOK DKK CAD AUD NZD RUB UAH PLN TRY ZAR BRL MXN KRW NGN ILS SAR AED IQD IRR THB "
    "HUF MYR IDR HKD SGD"
)
CURRENCY_WORDS = {
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rupee": "INR",
    "rouble": "RUB",
    "ruble": "RUB",
    "hryvnia": "UAH",
    "peso": "MXN",
    "rand": "ZAR",
    "naira": "NGN",
    "zloty": "PLN",
    "lira": "TRY",
    "sterling": "GBP",
    "franc": "CHF",
    "krona": "SEK",
    "kronor": "SEK",
    "krone": "NOK",
    "kroner": "NOK",
    "shekel": "ILS",
    "riyal": "SAR",
    "dirham": "AED",
    "dinar": "IQD",
    "rial": "IRR",
    "baht": "THB",
    "forint": "HUF",
    "ringgit": "MYR",
    "rupiah": "IDR",
}
CURRENCY_ADJECTIVES = {"us": "USD", "u.s.": "USD", "american": "USD", "canadian": "CAD", "australian": "AUD"}
CURRENCY_ADJECTIVES |= {"swiss": "CHF", "british": "GBP", "hong": "HKD", "singapore": "SGD"}
CURRENCY_ADJECTIVES |= {"danish": "DKK", "norwegian": "NOK", "swedish": "SEK", "indian": "INR", "japanese": "JPY"}
WEIGHED = _words("weigh weighs weighed weighing heavy lb lbs lost gained")
DURATIONS = {
    form: word
    for word in "second minute hour day week fortnight month year decade century".split()  # noqa: SIM905
    for form in (word, word + "s")
} | {"centuries": "century", "yr": "year", "yrs": "year", "hrs": "hour", "mins": "minute", "mph": "mph"}
del DURATIONS["second"], DURATIONS["mph"]  # "the second" is an ordinal
AREA_AND_VOLUME = {"square": "square", "sq": "square", "cubic": "cubic", "cu": "cubic"}
DEGREES = _words("degree degrees")
TEMPERATURE_SCALES = _words("celsius centigrade fahrenheit c f")
DISTANCES = _words("km kilometres kilometers kilometre kilometer miles mile m metres meters feet knots ft mi")
PER_HOUR = _words("h hr hour s sec second")
# A single letter is a unit only as written here: "5 g" weighs, "5G" does not.
GLUED_UNITS = {
    form: unit
    for unit in _words(
        "km kg g mg cm mm m ft lb lbs oz t ha MW GW kW MWh GWh kWh GB MB TB Hz MHz mph kph km² m² °C °F C F in mi "
        "ml l cc bpm pts pp bp bps"
    )
    for form in ({unit, unit.lower(), unit.upper()} if len(unit) > 1 else {unit})
}
GLUED_UNITS["p"] = "pence"
LINES_OF_A_PICTURE = _words("480 720 1080 1440 2160")  # "a 1080p screen" costs no pence
IRREGULAR_PLURALS = _words(
    "people men women children personnel staff police cattle sheep fish aircraft feet media lives mice teeth "
    "troops spacecraft servicemen policemen firefighters species series degrees alumni bacteria hectares "
    "servicewomen policewomen businessmen fishermen congressmen congresswomen crew dead wounded injured "
    "homeless feet geese oxen phenomena criteria data deer salmon celsius fahrenheit"
)
PLURAL_ENDINGS = ("children", "women", "smen", "rmen", "nmen", "hmen", "tmen", "dmen")
SINGULAR_IN_S = _words(
    "gas bus business class news press process success access analysis crisis basis status virus campus focus "
    "bonus census economics politics mathematics physics loss pass boss mass address congress"
)
# Plurals that only modify the noun after them: "sports fans".
PLURAL_MODIFIERS = _words(
    "sports arms rights sales savings games systems operations goods women police staff crew aircraft cattle sheep "
    "fish media data deer salmon personnel communications customs drugs "
    "relations materials earnings futures singles doubles elections forces services affairs resources"
)
# Words ending in "s" that are not the counted thing.
NOT_PLURAL = SINGULAR_IN_S | _words(
    "is was has does this its his hers ours yours theirs us as thus plus versus perhaps always besides says "
    "goes less minus across towards afterwards whereas famous serious various religious previous dangerous "
    "numerous anonymous yes means remains makes takes gives comes includes lies sits stands shows costs gets "
    "overseas indoors outdoors ones needs wants seems"
)
# Past and present forms that end the noun phrase before them and do not end in "ed".
VERBS = _words(
    "came went got took made won lost gave left fell rose saw held hit cut put set let ran sat stood began became "
    "brought bought built caught chose drew drove fed fought found flew forgot froze grew heard hid kept knew laid "
    "led lent lay meant met paid read sold sent shook shot shut spent spoke stole struck swam taught thought threw "
    "understood wore wrote involved come go get take make give leave fall rise see hold keep say says need want show "
    "shows still now also then only even just never ever often later already soon ended"
)
# People of an organisation, counted behind its name.
PEOPLE_OF_A_NAME = _words(
    "personnel staff members officers officials employees workers agents fighters troops soldiers forces operatives "
    "inspectors engineers volunteers advisers experts lawmakers senators delegates"
)
# "three-pronged", "five-star": adjectives that count nothing.
COMPOUND_ADJECTIVES = _words(
    "pronged time times fold star tier tiered way sided step stage dimensional part piece handed edged headed eyed "
    "legged winged size track tone ply liner legger man one off upmanship on nil all up down in out"
)
NOUN_STOPS = _words(
    "of in on at for from to with by and or but nor as than that which who whom whose when while where is are "
    "was were be been being has have had will would could should may might must can do did does the a an this "
    "these those their its his her our my your after before during since until against into over under about "
    "between among through across per if because so not no said says say told killed died were each apiece i he "
    "she it they we you all both more less fewer higher lower ago later earlier old up down out off away "
    "including according despite among amid around near"
)
# --- Labels: what stands before a number that names rather than counts --------------------------------------
LABELS = _words(
    "article section chapter p pp fig figure route highway no nos number flight resolution act version v vol "
    "step apt psalm verse windows ios android python interstate junction exit grade category type model formula "
    "terminal phase iphone paragraph footnote clause annex appendix episode apollo fortune studio fahrenheit"
)
# These label only where no thing counted follows: "page 4", but "a room 12 people shared".
WEAK_LABELS = _words(
    "page pages table room volume line channel gate platform apartment building bay title bus track unit suite "
    "area zone sector district ward class group note season"
)
STREETS = _words("street avenue road lane drive boulevard square court place terrace crescent way st ave rd blvd")
TELEPHONE = _words(
    "call called calling dialled dialed dialling dialing phone telephone tel dial text ring fax hotline"
)
CLOCK = _words("am pm a.m p.m a.m. p.m. o'clock o’clock gmt utc bst cet et edt est hours’")
FAMED = ("9/11", "24/7", "7/7", "20/20", "50/50", "50-50")
TALL = _words("long high wide deep tall away from offshore north south east west")  # "300 m long" are metres
# --- Calendar ----------------------------------------------------------------------------------------------
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
MONTHS = {month: place for place, month in enumerate(_MONTHS, 1)}
MONTHS |= {month[:3]: place for place, month in enumerate(_MONTHS, 1)} | {"sept": 9}
# Also verbs and adverbs: a month only when written with a capital and a day or year beside it.
AMBIGUOUS_MONTHS = _words("may march mar jun dec sep")
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
WEEKDAYS = {day: place for place, day in enumerate(_WEEKDAYS)}
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
RELATIVE = {"last": -1, "this": 0, "next": 1, "past": -1, "previous": -1, "current": 0, "coming": 1}
LONG_SPANS = {"decade": 10, "century": 100}
RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1, "tonight": 0}
PARTS_OF_YEAR = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}
FIRST_LAST = {"first": 1, "opening": 1, "last": -1, "final": -1, "closing": -1}
QUARTER_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}
YEAR_INTROS = _words(
    "in since of by from until till during throughout through to early late mid year fiscal spring summer "
    "autumn fall winter after before around between the and late- ( [ , end for last calendar about – - within"
)
# Before such a word a four-digit numeral counts: "2000 people".
FROM_TO_DATES = _words("to through thru until till – — - and")
SPAN_OPENERS = _words("from between")
