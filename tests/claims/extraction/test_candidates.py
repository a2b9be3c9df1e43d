import pytest

from claims.extraction import extract_candidates, find_claimant

ARTICLE = (
    "Harbour to close\nBy Ina Roth\n\n“We lost nine boats in March,” said Ola Berg, a skipper.\n\n"
    "The port handled 1,200 ships in 2019.\n\nWill it ever open again?\n\nComments are closed."
)


def test_headings_bylines_and_footers_are_no_candidates_and_figures_come_first():
    candidates = extract_candidates(ARTICLE)

    assert {ARTICLE[c.start : c.end] for c in candidates} == {c.text for c in candidates}
    assert not {"Harbour to close", "By Ina Roth", "Comments are closed."} & {c.text for c in candidates}
    assert candidates[-1].text == "Will it ever open again?"
    assert candidates[0].figures
    for figure in (figure for c in candidates for figure in c.figures):
        assert ARTICLE[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("“We lost nine boats,” said Ola Berg, a skipper.", "Ola Berg"),
        ("According to the ministry, exports fell.", "the ministry"),
        ("Berg said the port was full.", "Berg"),
        ("The port was full.", None),
    ],
)
def test_a_statement_is_attributed_to_whoever_made_it(sentence, name):
    found = find_claimant(sentence)

    assert (found and found.name) == name


@pytest.mark.parametrize("text", ["", "\x00", "A " * 50_000, "said " * 20_000, "\u202eabc. "])
def test_odd_articles_are_answered(text):
    extract_candidates(text)
