"""Words whose change alters what a passage says though few letters differ: language data, a list per language."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- Negations --------------------------------------------------------------------------------------------
# As words of their own; English contractions end in n't and are read by that.
NEGATIONS = {
    "en": _words("not no never none without cannot nor neither nobody nothing nowhere noone"),
    "de": _words("nicht nie niemals kein keine keinen keinem keiner keines ohne weder niemand nichts"),
    "fr": _words("pas jamais aucun aucune sans ni personne rien"),
    "es": _words("nunca jamás ningún ninguna ninguno sin tampoco nadie nada"),
    "he": _words("לא אין בלי ללא אף מעולם"),
    "ar": _words("لا لم لن ليس ليست بدون دون"),
    "ru": _words("не нет ни никогда никто ничего без"),
}
ALL_NEGATIONS = frozenset().union(*NEGATIONS.values())
CONTRACTED = "n't"
# "No. 5" and "not only … but also" deny nothing.
NOT_BEFORE = _words("only just merely least")

# --- Units ------------------------------------------------------------------------------------------------
# One name for the spellings of a measure. What is not here is a counted noun.
_SPELLINGS = {
    "km": "kilometre kilometres kilometer kilometers kms",
    "m": "metre metres meter meters",
    "cm": "centimetre centimetres centimeter centimeters",
    "mm": "millimetre millimetres millimeter millimeters",
    "mile": "miles mi",
    "foot": "feet ft",
    "yard": "yards yd yds",
    "inch": "inches",
    "kg": "kilogram kilograms kilogramme kilogrammes kilo kilos",
    "g": "gram grams gramme grammes",
    "pound": "pounds lb lbs",
    "ounce": "ounces oz",
    "tonne": "tonnes t",
    "ton": "tons",
    "litre": "litres liter liters l",
    "gallon": "gallons",
    "barrel": "barrels bbl",
    "hectare": "hectares ha",
    "acre": "acres",
    "watt": "watts w",
    "kw": "kilowatt kilowatts",
    "mw": "megawatt megawatts",
    "gw": "gigawatt gigawatts",
    "kwh": "kilowatt-hour kilowatt-hours",
    "mwh": "megawatt-hour megawatt-hours",
    "gwh": "gigawatt-hour gigawatt-hours",
    "celsius": "°c c centigrade",
    "fahrenheit": "°f f",
    "kelvin": "k",
    "second": "seconds sec secs s",
    "minute": "minutes min mins",
    "hour": "hours hr hrs h",
    "day": "days",
    "week": "weeks",
    "fortnight": "fortnights",
    "month": "months",
    "quarter": "quarters",
    "year": "years yr yrs",
    "decade": "decades",
    "century": "centuries",
    "%": "",
    "percentage point": "",
    "basis point": "",
}
MEASURES = {spelling: name for name, others in _SPELLINGS.items() for spelling in (name, *others.split())}

# --- Days and times that are no figures of their own ----------------------------------------------------------
PERIOD_NOUNS = _words("week month year quarter decade century weekend night summer winter spring autumn season")
CLOCK_TIME = r"\d{1,2}(?:\.\d{2}\s?[ap]\.?m\b\.?|:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?|\s?[ap]\.?m\b\.?)"

# --- Multiples --------------------------------------------------------------------------------------------
MULTIPLES = {
    **dict.fromkeys(["twice", "double", "doubled", "doubles", "doubling", "twofold"], "×2"),
    **dict.fromkeys(["thrice", "triple", "tripled", "triples", "tripling", "treble", "trebled", "threefold"], "×3"),
    **dict.fromkeys(["quadruple", "quadrupled", "quadruples", "quadrupling", "fourfold"], "×4"),
    **dict.fromkeys(["fivefold"], "×5"),
    **dict.fromkeys(["tenfold"], "×10"),
    **dict.fromkeys(["halve", "halved", "halves", "halving"], "×½"),
}
