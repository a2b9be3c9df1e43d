"""English: words that do not tell two statements apart. Another language is a module with the same names."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GRAMMAR = _words(
    "a an the this that these those its his her their our my your it he she they we you i of in on at to for and or "
    "but nor as by with from into over under near via up than per out off about after before between during since "
    "until through within without not no only also more most less least fewer at all some any each every both other "
    "another one two there here then now was were is are be been being has have had do does did will would can could "
    "may might must shall should who whom which what when where while whose"
)
# How a number is told rather than what it is of: "counted", "recorded" and "reached" are no difference.
_TELLING = _words(
    "say says said report reports reported count counts counted counting record records recorded recording register "
    "registers registered total totals totalled totaled reach reaches reached show shows showed shown find finds "
    "found give gives gave given number numbers numbered figure figures put puts stand stands stood account accounts "
    "accounted amount amounts amounted see sees saw seen get gets got make makes made come comes came according "
    "estimated estimate estimates roughly nearly almost around exactly approximately year years month months week "
    "weeks day days quarter time times percent percentage"
)
COMMON = _GRAMMAR | _TELLING
