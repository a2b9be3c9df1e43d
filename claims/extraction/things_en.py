"""English: what counted things and measures are to each other. Another language is a module with the same names."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- Counted things -------------------------------------------------------------------------------------------
PLURALS = {
    "people": "person", "persons": "person", "men": "man", "women": "woman", "children": "child", "lives": "life",
    "mice": "mouse", "teeth": "tooth", "feet": "foot", "geese": "goose", "oxen": "ox", "wives": "wife",
    "servicemen": "serviceman", "servicewomen": "servicewoman", "policemen": "policeman", "media": "medium",
    "policewomen": "policewoman", "businessmen": "businessman", "fishermen": "fisherman", "halves": "half",
    "congressmen": "congressman", "congresswomen": "congresswoman", "criteria": "criterion", "wolves": "wolf",
    "phenomena": "phenomenon", "alumni": "alumnus", "bacteria": "bacterium", "degrees": "degree", "knives": "knife",
}  # fmt: skip
# Words that a careful reader takes for the same thing when it is counted; the first stands for all.
_SAME = (
    "person individual human",
    "death fatality dead killed",
    "injured wounded",
    "troop soldier serviceman trooper",
    "militant fighter gunman",
    "job post position",
    "child kid youngster",
    "car automobile",
    "seat mandate",
    "home house dwelling",
    "firm company business",
    "pupil schoolchild",
    "ballot vote",
    "protester demonstrator",
    "worker employee staff",
    "case infection",
    "reporter journalist",
    "aircraft plane airplane aeroplane",
    "lawmaker legislator",
    "boat vessel",
    "refugee asylum-seeker",
    "doctor physician",
)
SAME_THING = {word: group.split()[0] for group in _SAME for word in group.split()}
_SCALES = {"celsius": "°c", "c": "°c", "centigrade": "°c", "fahrenheit": "°f", "f": "°f"}
SAME_THING |= {f"{degree} {scale}": sign for degree in ("degree", "degrees") for scale, sign in _SCALES.items()}
SAME_THING |= _SCALES  # a lone letter is a unit only where it is glued to its number: "40C"
BARE_DEGREE, CELSIUS, FAHRENHEIT = "degree", "°c", "°f"
TEMPERATURES = frozenset({CELSIUS, FAHRENHEIT})
# The wide word may count others besides: "120 people" says nothing certain about "120 soldiers".
WIDE_THINGS = _words("person personnel other member victim casualty")
HUMANS = _words(
    "adult agent child civilian councillor delegate demonstrator detainee doctor employee engineer expat farmer "
    "firefighter fisherman girl boy guard guest hostage immigrant injured inmate journalist judge lawmaker man member "
    "migrant militant miner minister nurse officer official operative other passenger patient person personnel pilot "
    "police policeman prisoner protester pupil recruit refugee reporter rescuer resident sailor senator settler staff "
    "student supporter survivor suspect teacher tourist troop victim villager visitor volunteer voter woman worker "
    "youth adviser expert inspector fan casualty death citizen pensioner spectator client candidate"
)
# --- Measures: (dimension, size in the dimension's base). Sizes are exact by definition (NIST SP 811, table 8). ----
_MEASURES = {
    "length": "km 1000|kilometre 1000|kilometer 1000|m 1|metre 1|meter 1|cm 0.01|centimetre 0.01|centimeter 0.01|"
    "mm 0.001|millimetre 0.001|millimeter 0.001|mi 1609.344|mile 1609.344|yard 0.9144|foot 0.3048|ft 0.3048|"
    "inch 0.0254|in 0.0254",
    "mass": "kg 1|kilogram 1|kilogramme 1|kilo 1|g 0.001|gram 0.001|gramme 0.001|mg 0.000001|tonne 1000|t 1000|"
    "lb 0.45359237|lbs 0.45359237|pound 0.45359237|oz 0.028349523125|ounce 0.028349523125",
    "area": "km² 1000000|hectare 10000|ha 10000|acre 4046.8564224",
    "volume": "l 1|litre 1|liter 1|ml 0.001|millilitre 0.001|milliliter 0.001|cc 0.001",
    "power": "kW 1|kilowatt 1|MW 1000|megawatt 1000|GW 1000000|gigawatt 1000000",
    "energy": "kWh 1|kilowatt-hour 1|MWh 1000|GWh 1000000",
    "data": "MB 1|megabyte 1|GB 1000|gigabyte 1000|TB 1000000|terabyte 1000000",
    "speed": "kph 1|kmh 1|mph 1.609344",
    "time": "second 1|minute 60|hour 3600|day 86400|week 604800|fortnight 1209600",
    "months": "month 1|year 12|decade 120|century 1200",
    "points": "percentage point 1|point 1|pp 1|basis point 0.01|bp 0.01|bps 0.01",
}
MEASURES = {
    entry.rsplit(" ", 1)[0]: (dimension, entry.rsplit(" ", 1)[1])
    for dimension, entries in _MEASURES.items()
    for entry in entries.split("|")
}
# A calendar month has 28 to 31 days, so months and days agree only about.
SECONDS_IN_A_MONTH = (28 * 86400, 31 * 86400)
# --- What is done to a part of a whole: "lost 28 of 48" against "kept 20" ------------------------------------------
TAKEN = _words(
    "lost lose loses losing shed sheds gave conceded surrendered dropped cut destroyed died dead killed perished "
    "drowned failed absent rejected against missing closed shut burned sank unemployed jobless empty refused opposed "
    "lapsed eliminated"
)
KEPT = _words(
    "kept keep keeps keeping retained retain retains retaining held hold holds holding remain remains remained "
    "remaining left still survived survive surviving alive passed present accepted approved open saved employed "
    "supported favour favor favoured favored won win wins"
)
VOTED, IN_FAVOUR, AGAINST = _words("vote voted votes voting"), _words("for yes aye"), _words("no nay")
NOT_WORDS = _words("not no never without neither nor cannot n't")
CLAUSE_ENDS = _words(", ; . : ! ? and but while whereas — – ( )")
# --- What stands around a figure -----------------------------------------------------------------------------------
RATES = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "annually": "year", "annual": "year", "yearly": "year",
}  # fmt: skip
PER = _words("a an per each every")
PLACE_WORDS = _words("in at near across inside around")
SAME_NAME = {
    "american": "us",
    "u.s.": "us",
    "usa": "us",
    "america": "us",
    "british": "uk",
    "u.k.": "uk",
    "britain": "uk",
}
# Words too common to tell what a figure is about.
COMMON = _words(
    "the a an of in on at for from to with by and or but as than that which who its his her their our this these "
    "those it he she they we you was were is are be been has have had will would said says say not no more less "
    "fewer some about around roughly nearly almost at least most up over under between out all new other also into"
)
