"""What somebody types into a search box, read and run against an index of our own, in several scripts."""

import pytest

from claims.matching import Entry, MatchIndex
from claims.matching.queries import FieldValue, Phrase, read_query
from claims.matching.searching import Kept, Search, highlights

TEXTS = {
    "en": ("The Havnsund ferry carried 41,000 passengers in 2021.", "en"),
    "de": ("Die Häuser am Hafen kosteten 3 Millionen.", "de"),
    "ar": ("خَسِرَت القائمة ٢٨ من أصل ٤٨ مقعدًا في المدرسة.", "ar"),
    "he": ("הרשימה איבדה 28 מתוך 48 מושבים.", "he"),
    "zh": ("港口在五月记录了四百艘船。", "zh"),
    "ru": ("Волки убили девяносто овец.", "ru"),
}


@pytest.fixture(scope="module")
def index():
    made = MatchIndex()
    made.rebuild(
        Entry(str(number), (text,), language=language, labels={"language": (language,)})
        for number, (text, language) in enumerate(TEXTS.values())
    )
    return made


def run(index, query):
    return Search(index, read_query(query), Kept()).run()


def found(index, query) -> list[str]:
    return [list(TEXTS)[hit.number] for hit in run(index, query).hits]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("passengers", "en"), ("passenger ferries", "en"), ("41000", "en"), ("41,000", "en"), ("ferri", "en"),
        ("haus", "de"), ("Hauser", "de"), ("hafen kosten", "de"),
        ("المدرسه", "ar"), ("مدرسة", "ar"), ("خسرت", "ar"), ("מושבים", "he"), ("הרשימה 48", "he"),
        ("五月", "zh"), ("四百艘", "zh"), ("волк", "ru"), ("ВОЛКИ УБИЛИ", "ru"),
    ],
)  # fmt: skip
def test_words_are_found_by_their_stems_in_the_language_of_the_claim(index, query, wanted):
    assert wanted in found(index, query)


@pytest.mark.parametrize(
    ("name", "query", "marked"),
    [
        ("en", "passenger", ["passengers"]),
        ("en", "ferry 2021", ["ferry", "2021"]),
        ("en", "pasengers", ["passengers"]),
        ("ar", "مدرسة", ["المدرسة"]),
        ("he", "מושבים", ["מושבים"]),
        ("zh", "五月记录", ["五月记录"]),
        ("de", "haus", ["Häuser"]),
    ],
)
def test_what_was_looked_for_is_marked_as_it_stands_in_the_text(index, name, query, marked):
    text = TEXTS[name][0]

    assert [text[start:end] for start, end in highlights(text, run(index, query).terms, index)] == marked


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted", "fields"),
    [
        ("lost seats", ["lost", "seats"], [], []),
        ('"lost 28" seats', ["lost 28", "seats"], [], []),
        ("“lost 28” „seats“", ["lost 28", "seats"], [], []),
        ('seats -"lost 28" -rumour', ["seats"], ["lost 28", "rumour"], []),
        ("claimant:ekblad -verdict:correct", [], [], [("claimant", "ekblad", False), ("verdict", "correct", True)]),
        ('source:"Tidewater Post" figure:28', [], [], [("source", "Tidewater Post", False), ("figure", "28", False)]),
        ("by:ekblad Rating:outdated", [], [], [("claimant", "ekblad", False), ("verdict", "outdated", False)]),
        ("https://a.example time:12", ["https://a.example", "time:12"], [], []),
        ('"never closed', ["never", "closed"], [], []),
        ("- -- claimant: x", ["-", "claimant:", "x"], ["-"], []),
        ("", [], [], []),
    ],
)
def test_a_query_is_read_as_people_write_it(typed, wanted, unwanted, fields):
    query = read_query(typed)

    assert [phrase.text for phrase in query.wanted] == wanted
    assert [phrase.text for phrase in query.unwanted] == unwanted
    assert list(query.fields) == [FieldValue(*field) for field in fields]


def test_a_query_is_bounded_and_says_so():
    query = read_query("word " * 5_000)

    assert len(query.wanted) == 32
    assert query.is_cut
    assert query.wanted[0] == Phrase("word")
