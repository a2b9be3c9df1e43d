"""Pages on which a figure, a date, a unit or a negation differs: always `figure_changed`, whatever else is alike."""

from tests.claims.quote_pairs.pages import Pair, pair

VOTE = "The council lost 28 of its 48 seats in the spring vote"
ROAD = "The coast road is 12 km long and cost $5 million to repair"
MEET = "The pilots met on July 1, 2005 in the customs house"
TAX = "Harbour dues rose by 5 percent after three years without a change"
SIGN = "The mayor did not sign the contract with the dredging company"
CROWD = "Between 100 and 150 people waited at the pier on Monday"
LONG = (
    "The harbour office, which publishes its ledger every month and has done so since the fire, reported that "
    "6,300 crates of herring went through the cold store, more than in any autumn since the war"
)

_DIGITS = [
    ("one-digit", VOTE, "The council lost 23 of its 48 seats in the spring vote.", "23", "28"),
    ("last-digit", VOTE, "The council lost 28 of its 49 seats in the spring vote.", "49", "48"),
    ("both", VOTE, "The council lost 30 of its 50 seats in the spring vote.", "30 of its 50"),
    ("digit-added", VOTE, "The council lost 128 of its 480 seats in the spring vote.", "128"),
    ("digit-parted", VOTE, "The council lost 2 8 of its 48 seats in the spring vote.", "2"),
    ("digit-words", VOTE, "The council lost twenty-three of its 48 seats in the spring vote.", "twenty-three"),
    ("figure-gone", VOTE, "The council lost many of its seats in the spring vote.", "28 of its 48"),
    ("figure-vague", VOTE, "The council lost dozens of its 48 seats in the spring vote.", "dozens"),
    ("whole-gone", VOTE, "The council lost 28 of its seats in the spring vote.", "28"),
    ("parts-swapped", VOTE, "The council lost 48 of its 28 seats in the spring vote.", "48 of its 28"),
    ("in-a-long-quote", LONG, LONG.replace("6,300", "6,800") + ".", "6,800", "6,300"),
    ("separator-moved", LONG, LONG.replace("6,300", "63,00") + ".", "63,00"),
    ("decimal-for-thousands", LONG, LONG.replace("6,300", "6.3") + ".", "6.3"),
    ("zero-lost", LONG, LONG.replace("6,300", "630") + ".", "630"),
    ("range-low", CROWD, "Between 110 and 150 people waited at the pier on Monday.", "110"),
    ("range-high", CROWD, "Between 100 and 250 people waited at the pier on Monday.", "250"),
    ("range-to-one", CROWD, "At least 100 people waited at the pier on Monday.", "100"),
    ("range-to-point", CROWD, "Some 150 people waited at the pier on Monday.", "150"),
    ("now-about", ROAD, "The coast road is about 12 km long and cost $5 million to repair.", "about"),
    ("now-more-than", ROAD, "The coast road is 12 km long and cost more than $5 million to repair.", "more than"),
    ("now-up-to", ROAD, "The coast road is 12 km long and cost up to $5 million to repair.", "up to"),
    ("now-nearly", ROAD, "The coast road is nearly 12 km long and cost $5 million to repair.", "nearly"),
    (
        "doubled-for-tripled",
        "The rent of the sheds doubled within a year",
        "The rent of the sheds tripled within a year.",
        "tripled",
    ),
    ("model-number", "The port bought a D-16 tug from the navy", "The port bought a D-35 tug from the navy.", "D-35"),
    (
        "clock",
        "The siren sounded at 17:30 and again at dusk",
        "The siren sounded at 18:30 and again at dusk.",
        "18:30",
    ),
    ("ordinal", "It was the third strike of the dockers", "It was the fourth strike of the dockers.", "fourth"),
    ("fraction", "Half of the berths were empty all winter", "A third of the berths were empty all winter.", "third"),
    ("score", "The motion passed by 217 to 213 votes", "The motion passed by 219 to 213 votes.", "219"),
    (
        "two-figures-swapped",
        "The north pier took 28 ships and the south pier 48 ships",
        "The north pier took 48 ships and the south pier 28 ships.",
        "28",
        "48",
    ),
    ("first-word", "28 crews signed the letter to the owners", "35 crews signed the letter to the owners.", "35"),
    (
        "first-word-longer",
        "28 crews signed the letter to the owners",
        "128 crews signed the letter to the owners.",
        "128",
    ),
    ("last-word", "The crews who signed the letter numbered 28", "The crews who signed the letter numbered 35.", "35"),
    (
        "last-word-longer",
        "The crews who signed the letter numbered 28",
        "The crews who signed the letter numbered 280.",
        "280",
    ),
    (
        "last-word-thousands",
        "The crews who signed the letter numbered 28",
        "The crews who signed the letter numbered 28,000.",
        "28,000",
    ),
    (
        "last-word-percent",
        "The share of crews who signed the letter was 28",
        "The share of crews who signed the letter was 28%.",
        "28%",
    ),
    (
        "last-word-scale",
        "The loss of the fish market came to 28",
        "The loss of the fish market came to 28 million.",
        "28 million",
    ),
]
_UNITS = [
    ("billion", ROAD, "The coast road is 12 km long and cost $5 billion to repair.", "billion"),
    ("thousand", ROAD, "The coast road is 12 km long and cost $5 thousand to repair.", "thousand"),
    ("scale-gone", ROAD, "The coast road is 12 km long and cost $5 to repair.", "$5"),
    ("miles", ROAD, "The coast road is 12 miles long and cost $5 million to repair.", "miles"),
    ("metres", ROAD, "The coast road is 12 m long and cost $5 million to repair.", "12 m"),
    ("euros", ROAD, "The coast road is 12 km long and cost €5 million to repair.", "€5"),
    ("pounds", ROAD, "The coast road is 12 km long and cost £5 million to repair.", "£5"),
    ("currency-gone", ROAD, "The coast road is 12 km long and cost 5 million to repair.", "5 million"),
    (
        "percentage-points",
        TAX,
        "Harbour dues rose by 5 percentage points after three years without a change.",
        "points",
    ),
    ("percent-gone", TAX, "Harbour dues rose by 5 crowns after three years without a change.", "5"),
    ("months", TAX, "Harbour dues rose by 5 percent after three months without a change.", "months"),
    ("weeks", TAX, "Harbour dues rose by 5 percent after three weeks without a change.", "weeks"),
    ("decades", TAX, "Harbour dues rose by 5 percent after three decades without a change.", "decades"),
    ("thing-counted", VOTE, "The council lost 28 of its 48 votes in the spring vote.", "vote"),
    (
        "tonnes-kilograms",
        "The crane lifted 40 tonnes of gravel at once",
        "The crane lifted 40 kg of gravel at once.",
        "kg",
    ),
    ("hectares-acres", "The new basin covers 9 hectares of marsh", "The new basin covers 9 acres of marsh.", "acres"),
    ("litres-barrels", "The leak spilled 300 litres of oil", "The leak spilled 300 barrels of oil.", "barrels"),
    ("celsius", "The hold was kept at 4 degrees Celsius", "The hold was kept at 4 degrees Fahrenheit.", "Fahrenheit"),
]
_DATES = [
    ("day", MEET, "The pilots met on July 2, 2005 in the customs house.", "July 2"),
    ("month", MEET, "The pilots met on June 1, 2005 in the customs house.", "June 1"),
    ("year", MEET, "The pilots met on July 1, 2006 in the customs house.", "2006"),
    ("day-gone", MEET, "The pilots met in July 2005 in the customs house.", "2005"),
    ("date-gone", MEET, "The pilots met in the customs house.", "July 1, 2005"),
    (
        "no-year-day",
        "The strike began on 3 May and spread along the coast",
        "The strike began on 5 May and spread along the coast.",
        "5 May",
    ),
    ("weekday", CROWD, "Between 100 and 150 people waited at the pier on Tuesday.", "Tuesday"),
    (
        "month-alone",
        "The lock was repaired in August by divers",
        "The lock was repaired in October by divers.",
        "October",
    ),
    ("decade", "The lighthouse went dark in the 1970s", "The lighthouse went dark in the 1980s.", "1980s"),
    (
        "quarter",
        "Cargo fell in the first quarter of 2018",
        "Cargo fell in the third quarter of 2018.",
        "third quarter",
    ),
    (
        "last-week",
        "The buoys were painted last week by pupils",
        "The buoys were painted last month by pupils.",
        "month",
    ),
    (
        "next-for-last",
        "The dredger came last year from the south",
        "The dredger comes next year from the south.",
        "next",
    ),
    ("yesterday", "The yard closed its gates yesterday at noon", "The yard closed its gates today at noon.", "today"),
    (
        "period-end",
        "The quay is shut from July 1 to September 30",
        "The quay is shut from July 1 to September 15.",
        "September 15",
    ),
    (
        "iso-date",
        "The permit was filed on 2019-04-12 by the owner",
        "The permit was filed on 2019-04-22 by the owner.",
        "2019-04-22",
    ),
]
_NEGATIONS = [
    ("not-lost", SIGN, "The mayor did sign the contract with the dredging company.", "not"),
    ("not-lost-tense", SIGN, "The mayor signed the contract with the dredging company.", "not"),
    (
        "not-added",
        "The mayor will pay the crews before the winter",
        "The mayor will not pay the crews before the winter.",
        "not",
    ),
    (
        "contraction-added",
        "The mayor did pay the crews before the winter",
        "The mayor didn’t pay the crews before the winter.",
        "didn’t",
    ),
    ("never-added", VOTE, "The council never lost 28 of its 48 seats in the spring vote.", "never"),
    (
        "never-lost",
        "The pilots never used the inner channel at night",
        "The pilots used the inner channel at night.",
        "never",
    ),
    (
        "no-lost",
        "There was no fire watch on the tanker that night",
        "There was a fire watch on the tanker that night.",
        "no",
    ),
    (
        "without-with",
        "The tanker entered without a pilot after dark",
        "The tanker entered with a pilot after dark.",
        "without",
    ),
    ("cannot-can", "The lock cannot take ships of that length", "The lock can take ships of that length.", "cannot"),
    ("cant-can", "We can't take ships of that length here", "We can take ships of that length here.", "can't"),
    ("nobody", "Nobody was hurt when the crane fell over", "Somebody was hurt when the crane fell over.", "Nobody"),
    ("none", "Of the lamps on the pier none was working", "Of the lamps on the pier one was working.", "none"),
    (
        "moved",
        "The north crew did not strike but the south crew did",
        "The north crew did strike but the south crew did not.",
        "not",
    ),
    ("german", "Der Hafen wird nicht verkauft, sagte der Rat", "Der Hafen wird verkauft, sagte der Rat.", "nicht"),
    ("french", "Le port ne sera pas vendu cette saison", "Le port sera vendu cette saison.", "pas"),
    ("spanish", "El puerto nunca será vendido a la naviera", "El puerto será vendido a la naviera.", "nunca"),
    ("hebrew", "הנמל לא יימכר השנה לחברת הספנות", "הנמל יימכר השנה לחברת הספנות.", "לא"),
    ("arabic", "قال المجلس إن الميناء لن يباع هذا العام", "قال المجلس إن الميناء يباع هذا العام.", "لن"),
    ("russian", "Порт не будет продан в этом году", "Порт будет продан в этом году.", "не"),
]
_TOGETHER = [
    ("with-typography", VOTE, "The council lost&nbsp;23 of its 48 seats in the spring vote.", "23"),
    (
        "with-a-name",
        "Captain Berg counted 28 seals on the ice",
        "Captain Dahl counted 23 seals on the ice.",
        "23",
        "Dahl",
    ),
    ("with-rewording", VOTE, "In the spring vote the council was left short of 23 of its 48 seats.", "23"),
    (
        "lengthened",
        VOTE,
        "The council, to the surprise of the whole town, lost 31 of its 48 seats in the long spring vote.",
        "31",
    ),
    (
        "moved-and-changed",
        VOTE,
        "It rained. It rained again. The council lost 31 of its 48 seats in the spring vote.",
        "31",
    ),
]

PAIRS: list[Pair] = [
    pair(f"figure-{name}", quote, now, "figure_changed", *changed)
    for name, quote, now, *changed in _DIGITS + _UNITS + _DATES + _TOGETHER
]
PAIRS += [
    pair(f"negation-{name}", quote, now, "figure_changed", *changed) for name, quote, now, *changed in _NEGATIONS
]
PAIRS += [
    pair(
        "figure-in-a-table",
        VOTE,
        "<table><tr><th>Vote<th>Result<tr><td>Spring<td>The council lost<td>23 of its 48 seats"
        "<td>in the spring vote</table>",
        "figure_changed",
        "23",
        html=True,
    ),
    pair(
        "figure-in-a-list",
        VOTE,
        "<ul><li>The council lost</li><li>23 of its 48 seats</li><li>in the spring vote</li></ul>",
        "figure_changed",
        "23",
        html=True,
    ),
    pair(
        "figure-over-blocks",
        VOTE,
        "<div>The council lost 23 of its</div><div>48 seats in the spring vote.</div>",
        "figure_changed",
        "23",
        html=True,
    ),
]
