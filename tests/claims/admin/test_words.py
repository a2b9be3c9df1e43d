"""The words and numbers of the desk: figures as a reader would write them."""

import pytest
from django.urls import reverse

from claims.extraction.figures import read_figures
from claims.models import Evidence, Figure
from claims.services import intake
from claims.templatetags.desk import after, before, figure
from sources.models import Snapshot
from tests.factories import NOW

READ = {
    "It lost 28 of its 48 seats.": "28 of 48 seats",
    "They counted 100 to 150 people.": "100–150 people",
    "It cost €210 million.": "€210 million",
    "A lunch costs €3.10.": "€3.10",
    "It took $2.5bn.": "$2.5 billion",
    "It cost between 2 and 3 million euros.": "€2–3 million",
    "They paid 40% to 45% of it.": "40–45%",
    "At least fifty people came.": "at least 50 people",
    "Up to 300 people came.": "up to 300 people",
    "Fewer than 20 people came.": "fewer than 20 people",
    "Nearly 1,000 troops left.": "nearly 1,000 troops",
    "About 1,234,567 people live there.": "about 1,234,567 people",
    "It lost more than half of its seats.": "more than half",
    "It was built in 2025.": "2025",
    "It opened on 10 January 2020.": "10 January 2020",
}


@pytest.mark.parametrize("sentence", READ)
def test_a_figure_is_shown_as_a_reader_would_write_it(sentence):
    assert figure(next(iter(read_figures(sentence)))) == READ[sentence]


def test_a_row_with_one_end_alone_says_which():
    assert figure(Figure(text="x", low=None, high=20, unit="people")) == "up to 20 people"
    assert figure(Figure(text="x", low=20, high=None, unit="people")) == "at least 20 people"


def test_an_article_with_days_and_periods_opens(reviewer, at_desk):
    text = "In 2003 the port shipped 150,000 tonnes, the authority said.\nOn 10 January 2020 it shipped 40 more."
    article, _ = intake.add_article_text(text=text, by=reviewer, now=NOW)

    page = at_desk.get(reverse("desk-article", args=[article.pk]))

    assert page.status_code == 200
    assert "10 January 2020</span>" in page.content.decode()


TEXT = "It began well. Then the line lost ships. Then it ended badly."


def quoted(prefix, suffix):
    start = TEXT.index("the line")
    return Evidence(start=start, end=start + 18, prefix=prefix, suffix=suffix, snapshot=Snapshot(text=TEXT))


def test_what_stands_around_a_passage_is_cut_at_words_and_dotted_only_where_the_text_goes_on():
    whole = quoted(TEXT[: TEXT.index("the line")], TEXT[TEXT.index("the line") + 18 :])
    part = quoted("gan well. Then ", "s. Then it end")

    assert (before(whole), after(whole)) == ("It began well. Then ", "s. Then it ended badly.")
    assert (before(part), after(part)) == ("… well. Then ", "s. Then it …")
    assert (before(quoted("", "")), after(quoted("", ""))) == ("", "")
