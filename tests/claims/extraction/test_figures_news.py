"""Counts, ranges, parts, money and percentages as the news words them; sentences of our own."""

import pytest

from claims.extraction import read_figures

SAME = object()


def fig(text, low, high=SAME, qualifier="", unit="", whole=None, kind="cardinal"):
    return (text, low, low if high is SAME else high, qualifier, unit, whole, kind)


def read(text):
    keys = ("text", "low", "high", "qualifier", "unit", "whole", "kind")
    return [tuple(figure.as_dict()[key] for key in keys) for figure in read_figures(text)]


COUNTS = [
    ("Police arrested 14 protesters near the town hall.", [fig("14", 14, unit="protesters")]),
    ("The storm killed 2,024 cattle.", [fig("2,024", 2024, unit="cattle")]),
    ("Twelve miners were rescued overnight.", [fig("Twelve", 12, unit="miners")]),
    ("Two Dutch police officers were hurt.", [fig("Two", 2, unit="officers")]),
    ("Seven United Nations peacekeepers died.", [fig("Seven", 7, unit="peacekeepers")]),
    ("The navy sent 300 Royal Marines Commando personnel north.", [fig("300", 300, unit="personnel")]),
    (
        "They deployed 40 to 60 Northern Coast Guards Corps— Harbour Forces (NCGC-Harbour Force) and Ministry of "
        "Transport personnel.",
        [fig("40 to 60", 40, 60, unit="personnel", kind="range")],
    ),
    ("About 90 National Guard members arrived.", [fig("90", 90, qualifier="about", unit="members")]),
    ("Officials counted 12 Palestinians and Israeli troops withdrew.", [fig("12", 12, unit="Palestinians")]),
    ("There are at least fifty different village bands here.", [fig("at least fifty", 50, None, "at_least", "bands")]),
    ("The club has about 150,000 members in total.", [fig("150,000", 150000, qualifier="about", unit="members")]),
    ("Roughly 2,500 Swedish troops still train there.", [fig("2,500", 2500, qualifier="about", unit="troops")]),
    ("The mill shed up to 1,200 jobs.", [fig("up to 1,200", None, 1200, "up_to", "jobs")]),
    ("No fewer than 12 ministers resigned.", [fig("No fewer than 12", 12, None, "at_least", "ministers")]),
    ("The port lost nearly 1,000 workers.", [fig("1,000", 1000, qualifier="nearly", unit="workers")]),
    ("Fewer than 30 families stayed.", [fig("Fewer than 30", None, 30, "fewer_than", "families")]),
    ("More than 400 homes burned.", [fig("More than 400", 400, None, "more_than", "homes")]),
    ("Over 5,000 fans sang.", [fig("Over 5,000", 5000, None, "more_than", "fans")]),
    ("As many as 70 sheep drowned.", [fig("As many as 70", None, 70, "up_to", "sheep")]),
    ("Almost two hundred trains were late.", [fig("two hundred", 200, qualifier="nearly", unit="trains")]),
    ("Some 40 villages lost power.", [fig("40", 40, qualifier="about", unit="villages")]),
    ("Around 3 million people watched.", [fig("3 million", 3000000, qualifier="about", unit="people")]),
    ("An estimated 650 seals came ashore.", [fig("650", 650, qualifier="about", unit="seals")]),
    ("Exactly 17 ballots were spoiled.", [fig("Exactly 17", 17, qualifier="exactly", unit="ballots")]),
    ("Fifty or more guests fell ill.", [fig("Fifty or more", 50, None, "at_least", "guests")]),
    ("It takes 20-odd volunteers.", [fig("20", 20, qualifier="about", unit="volunteers")]),
    ("The firm employs 1.5 million people.", [fig("1.5 million", 1500000, unit="people")]),
    ("Half a million eggs broke.", [fig("Half a million", 500000, unit="eggs", kind="fraction")]),
    ("Half a dozen boats sank.", [fig("Half a dozen", 6, unit="boats", kind="fraction")]),
    ("A dozen goats escaped.", [fig("A dozen", 12, unit="goats")]),
    ("Nobody counted the three hundred and twelve chairs.", [fig("three hundred and twelve", 312, unit="chairs")]),
    ("Twenty-one cyclists crashed.", [fig("Twenty-one", 21, unit="cyclists")]),
    (
        "Two and a half million trees were planted.",
        [fig("Two and a half million", 2500000, unit="trees", kind="fraction")],
    ),
    ("One nurse and two doctors left.", [fig("One", 1, unit="nurse"), fig("two", 2, unit="doctors")]),
    ("Dozens of tents were burned.", [fig("Dozens", 24, 100, "about", "tents", kind="range")]),
    ("Several hundreds waited outside.", [fig("Several hundreds", 200, 1000, "about", "", kind="range")]),
    ("Several hundred pilgrims waited.", [fig("Several hundred", 200, 1000, "about", "pilgrims", kind="range")]),
    (
        "Hundreds of thousands of birds died.",
        [fig("Hundreds of thousands", 200000, 1000000, "about", "birds", kind="range")],
    ),
    ("Tens of thousands marched.", [fig("Tens of thousands", 20000, 100000, "about", "", kind="range")]),
    ("A few thousand settlers remain.", [fig("A few thousand", 2000, 10000, "about", "settlers", kind="range")]),
    ("Thousands of people fled.", [fig("Thousands", 2000, 10000, "about", "people", kind="range")]),
    ("Four attacks, 11 arrests.", [fig("Four", 4, unit="attacks"), fig("11", 11, unit="arrests")]),
    (
        "All 2,500 soldiers in the north and nearly 1,000 in the south stay.",
        [fig("2,500", 2500, unit="soldiers"), fig("1,000", 1000, qualifier="nearly", unit="soldiers")],
    ),
    ("Its three-pronged policy failed.", []),
    ("She is a four-time champion.", []),
    ("Exports saw a threefold rise.", []),
    ("Exports saw a three-fold rise.", []),
    ("The five-star hotel closed.", []),
    ("A two-thirds majority is needed.", [fig("two-thirds", 0.666667, kind="fraction")]),
    ("Every pupil got 2 litres of milk.", [fig("2", 2, unit="litres")]),
    ("The tunnel is 12 km long.", [fig("12 km", 12, unit="km")]),
    ("It weighs 40kg.", [fig("40kg", 40, unit="kg")]),
    ("The council has 60 seats; the party holds 31.", [fig("60", 60, unit="seats"), fig("31", 31)]),
    ("Gunmen killed 12 and wounded 30 others.", [fig("12", 12), fig("30", 30, unit="others")]),
    ("Twelve took hostages.", [fig("Twelve", 12)]),
    ("They had 88 reported cases.", [fig("88", 88, unit="cases")]),
    ("He has scored 31 goals this season.", [fig("31", 31, unit="goals")]),
    (
        "The inquiry heard 46 witnesses over nine weeks.",
        [fig("46", 46, unit="witnesses"), fig("nine weeks", 9, unit="weeks", kind="duration")],
    ),
    ("Wildfires destroyed 3,400 hectares of forest.", [fig("3,400", 3400, unit="hectares")]),
    ("The city’s 40 bridges are sound.", [fig("40", 40, unit="bridges")]),
    ("A crowd of 80,000 cheered.", [fig("80,000", 80000)]),
    ("Each of the three men faces trial.", [fig("three", 3, unit="men")]),
    ("A 400-strong force withdrew.", [fig("400", 400)]),
    ("Divers found 18 bodies, bringing the toll to 94.", [fig("18", 18, unit="bodies"), fig("94", 94)]),
    ("The plane carried 176 people.", [fig("176", 176, unit="people")]),
]
RANGES = [
    ("The ferry lost 100 to 150 boats.", [fig("100 to 150", 100, 150, unit="boats", kind="range")]),
    ("The fleet lost 100–150 nets.", [fig("100–150", 100, 150, unit="nets", kind="range")]),
    ("Between 10 and 12 wolves live there.", [fig("Between 10 and 12", 10, 12, unit="wolves", kind="range")]),
    ("It costs 2 to 3 million euros.", [fig("2 to 3 million euros", 2000000, 3000000, unit="EUR", kind="money")]),
    ("It costs $2-3 million.", [fig("$2-3 million", 2000000, 3000000, unit="USD", kind="money")]),
    ("It costs £20 to £30.", [fig("£20 to £30", 20, 30, unit="GBP", kind="money")]),
    ("Turnout was 40% to 45%.", [fig("40% to 45%", 40, 45, unit="%", kind="percent")]),
    ("Turnout was between 40 and 45 per cent.", [fig("between 40 and 45 per cent", 40, 45, unit="%", kind="percent")]),
    ("The vote passed 217 to 213.", [fig("217", 217), fig("213", 213)]),
    ("The bill failed by 48 votes to 52.", [fig("48", 48, unit="votes"), fig("52", 52, unit="votes")]),
    ("They lost 48 to 52.", [fig("48", 48), fig("52", 52)]),
    ("United won 3-1.", [fig("3", 3), fig("1", 1)]),
    ("An 8-1 ruling came.", [fig("8", 8), fig("1", 1)]),
    ("City lost 1-3 at home.", [fig("1", 1), fig("3", 3)]),
    ("Prices rose from 10 to 15.", [fig("10", 10), fig("15", 15)]),
    (
        "Membership rose from 1,800 to 2,400 people.",
        [fig("1,800", 1800, unit="people"), fig("2,400", 2400, unit="people")],
    ),
    (
        "Unemployment fell from 7.2% to 6.9%.",
        [fig("7.2%", 7.2, unit="%", kind="percent"), fig("6.9%", 6.9, unit="%", kind="percent")],
    ),
    ("Temperatures ranged from 12 to 18 degrees.", [fig("from 12 to 18", 12, 18, unit="degrees", kind="range")]),
    ("The trip takes two to three hours.", [fig("two to three hours", 2, 3, unit="hours", kind="duration")]),
    ("Children aged 5 to 11 are eligible.", [fig("5 to 11", 5, 11, unit="years", kind="duration")]),
    ("It needs five or six engineers.", [fig("five or six", 5, 6, unit="engineers", kind="range")]),
    ("It sells for €5 or €6.", [fig("€5", 5, unit="EUR", kind="money"), fig("€6", 6, unit="EUR", kind="money")]),
]
PARTS = [
    ("The fleet lost 28 of its 48 boats.", [fig("28 of its 48", 28, unit="boats", whole=48)]),
    ("One in five children is hungry.", [fig("One in five", 1, unit="children", whole=5, kind="fraction")]),
    ("Three out of four farms failed.", [fig("Three out of four", 3, unit="farms", whole=4, kind="fraction")]),
    ("Some 9 in 10 doctors agree.", [fig("9 in 10", 9, qualifier="about", unit="doctors", whole=10, kind="fraction")]),
    ("At least 12 of the 30 crew survived.", [fig("At least 12 of the 30", 12, None, "at_least", "crew", 30)]),
    (
        "More than half of the 120 beds are empty.",
        [fig("More than half of the 120", 60, None, "more_than", "beds", 120, "fraction")],
    ),
    ("Half of the 120 beds are empty.", [fig("Half of the 120", 60, unit="beds", whole=120, kind="fraction")]),
    ("Half the 120 beds are empty.", [fig("Half the 120", 60, unit="beds", whole=120, kind="fraction")]),
    (
        "Two thirds of the 90 delegates left.",
        [fig("Two thirds of the 90", 60, unit="delegates", whole=90, kind="fraction")],
    ),
    ("None of the 12 lifeboats was used.", [fig("None of the 12", 0, unit="lifeboats", whole=12)]),
    ("A third of voters stayed home.", [fig("A third", 0.333333, unit="voters", kind="fraction")]),
    ("Nearly half of the town’s shops shut.", [fig("half", 0.5, qualifier="nearly", unit="shops", kind="fraction")]),
    ("Three quarters of pupils passed.", [fig("Three quarters", 0.75, unit="pupils", kind="fraction")]),
    ("The risk is 1 in 5,000 births.", [fig("1 in 5,000", 1, unit="births", whole=5000, kind="fraction")]),
    ("Three of the four suspects confessed.", [fig("Three of the four", 3, unit="suspects", whole=4)]),
    ("One of the 16 hostages escaped.", [fig("One of the 16", 1, unit="hostages", whole=16)]),
    ("Only two of 31 wells work.", [fig("two of 31", 2, unit="wells", whole=31)]),
    ("He is one of the best goalkeepers.", []),
    ("Two of the best players left.", [fig("Two", 2, unit="players")]),
    ("Cases fell by a third among nurses.", [fig("a third", 0.333333, kind="fraction")]),
    ("A tenth of a million was lost.", [fig("A tenth of a million", 100000, kind="fraction")]),
]
PERCENTS = [
    ("per cent of 210", [fig("per cent of 210", 210, unit="%", kind="percent")]),
    ("The page shows the % of growth.", [fig("%", None, unit="%", kind="percent")]),
    ("What percent of 210 farms closed?", [fig("210", 210, unit="farms")]),
    ("More than 80% of shops closed.", [fig("More than 80%", 80, None, "more_than", "%", kind="percent")]),
    ("Output fell 17.8 per cent.", [fig("17.8 per cent", 17.8, unit="%", kind="percent")]),
    ("Some 46 per cent agreed.", [fig("46 per cent", 46, qualifier="about", unit="%", kind="percent")]),
    ("Ten percent of cows are ill.", [fig("Ten percent", 10, unit="%", kind="percent")]),
    ("It has a 5-percent stake.", [fig("5-percent", 5, unit="%", kind="percent")]),
    (
        "Support rose by three percentage points.",
        [fig("three percentage points", 3, unit="percentage points", kind="percent")],
    ),
    ("The bank cut rates by 25 basis points.", [fig("25 basis points", 25, unit="basis points", kind="percent")]),
    ("Sales shrank 0.4%.", [fig("0.4%", 0.4, unit="%", kind="percent")]),
    ("Up to 60 percent of wells are dry.", [fig("Up to 60 percent", None, 60, "up_to", "%", kind="percent")]),
    ("Growth was -0.3% in the spring.", [fig("-0.3%", -0.3, unit="%", kind="percent")]),
    (
        "The town grew by 7 percent to 31 million people.",
        [fig("7 percent", 7, unit="%", kind="percent"), fig("31 million", 31000000, unit="people")],
    ),
    ("Growth was 2½ per cent.", [fig("2½ per cent", 2.5, unit="%", kind="percent")]),
]
MONEY = [
    ("The stadium cost €118.4 million.", [fig("€118.4 million", 118400000, unit="EUR", kind="money")]),
    ("It lost $3.5bn.", [fig("$3.5bn", 3500000000, unit="USD", kind="money")]),
    ("A loaf costs £4.35.", [fig("£4.35", 4.35, unit="GBP", kind="money")]),
    ("Der Umsatz lag bei 47,3 Millionen Euro.", [fig("47,3 Millionen Euro", 47300000, unit="EUR", kind="money")]),
    ("A US$50 fine was paid.", [fig("US$50", 50, unit="USD", kind="money")]),
    ("He won five million dollars.", [fig("five million dollars", 5000000, unit="USD", kind="money")]),
    ("The $1.2 trillion plan passed.", [fig("$1.2 trillion", 1.2e12, unit="USD", kind="money")]),
    ("It raised £30m from investors.", [fig("£30m", 30000000, unit="GBP", kind="money")]),
    ("They owe about 2 billion yen.", [fig("2 billion yen", 2000000000, qualifier="about", unit="JPY", kind="money")]),
    ("Debt exceeds $100,000.", [fig("exceeds $100,000", 100000, None, "more_than", "USD", kind="money")]),
    ("A $20-a-day allowance ended.", [fig("$20", 20, unit="USD", kind="money")]),
    ("It fined them CHF 300.", [fig("CHF 300", 300, unit="CHF", kind="money")]),
    ("Nurses get at least €2,900 a month.", [fig("at least €2,900", 2900, None, "at_least", "EUR", kind="money")]),
    ("The bank paid a $5-million bonus.", [fig("$5-million", 5000000, unit="USD", kind="money")]),
]
SPANS_OF_TIME = [
    ("He served two and a half years.", [fig("two and a half years", 2.5, unit="years", kind="duration")]),
    (
        "The nearly two-decade-old dam leaks.",
        [fig("two-decade", 2, qualifier="nearly", unit="decade", kind="duration")],
    ),
    ("A three-day strike began.", [fig("three-day", 3, unit="day", kind="duration")]),
    ("The war is now in its 8th year.", [fig("8th", 8, unit="year", kind="ordinal")]),
    ("The victim, aged 34, was a baker.", [fig("34", 34, unit="years", kind="duration")]),
    ("A 34-year-old baker was hurt.", [fig("34-year", 34, unit="year", kind="duration")]),
    ("Patients are waiting over a year for it.", [fig("over a year", 1, None, "more_than", "year", kind="duration")]),
    (
        "Men over the age of 65 agreed.",
        [fig("over the age of 65", 65, None, "more_than", "years", kind="duration")],
    ),
    ("Peace is years, if not decades, away.", []),
    ("It took 90 minutes to land.", [fig("90 minutes", 90, unit="minutes", kind="duration")]),
    (
        "For more than six months nothing moved.",
        [fig("more than six months", 6, None, "more_than", "months", kind="duration")],
    ),
    ("The lease runs 99 years.", [fig("99 years", 99, unit="years", kind="duration")]),
    ("He waited 24 hours.", [fig("24 hours", 24, unit="hours", kind="duration")]),
    (
        "He was jailed for 12 years and six months.",
        [fig("12 years", 12, unit="years", kind="duration"), fig("six months", 6, unit="months", kind="duration")],
    ),
    ("It was her third title.", [fig("third", 3, unit="title", kind="ordinal")]),
    ("A second Danish security source confirmed it.", [fig("second", 2, unit="source", kind="ordinal")]),
    ("His fifth goal came late.", [fig("fifth", 5, unit="goal", kind="ordinal")]),
    ("It was the first time the dam broke.", [fig("first", 1, unit="time", kind="ordinal")]),
]


@pytest.mark.parametrize(("text", "expected"), COUNTS + RANGES + PARTS + PERCENTS + MONEY + SPANS_OF_TIME)
def test_each_figure_of_a_sentence_is_read_with_bounds_qualifier_unit_and_whole(text, expected):
    assert [(t, *(round(v, 6) if isinstance(v, float) else v for v in rest)) for t, *rest in read(text)] == expected
