"""APA, Chicago and MLA, as their handbooks set a page on the web."""

import pytest

from claims.formats import citation
from claims.formats.styled_citation import STYLES, styled

from .documents import HELD, document


def cited(**given):
    return citation.cite(document(**given), site_name="Fact Desk")


GENRE = "Fact check: mostly correct; claim 7K3M-Q9TX, version 2"
WANTED = {
    "apa": f"Fact Desk. (2026, March 2). The harbour counted 412 arrivals [{GENRE}]. ",
    "chicago": f"Fact Desk. 2026. “The Harbour Counted 412 Arrivals.” {GENRE}. March 2. ",
    "mla": f"Fact Desk. The Harbour Counted 412 Arrivals. {GENRE}. 2 Mar. 2026, ",
}


@pytest.mark.parametrize("style", STYLES)
def test_a_style_sets_the_claim_with_its_version_and_both_addresses(style):
    text = styled(cited(text="The harbour counted 412 arrivals."), style)

    addresses = (
        "https://desk.example/claims/7K3M-Q9TX/versions/2. Kept current at https://desk.example/claims/7K3M-Q9TX."
    )
    assert text == WANTED[style] + addresses


@pytest.mark.parametrize("style", STYLES)
def test_a_style_says_that_a_claim_is_on_hold(style):
    assert "On hold since 5 March 2026" in styled(cited(**HELD), style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "text", ["<b>x</b> & {y} \\z &lt;", "Was it 50%?", "He said “never”. And then?", "حققت البلاد ٥٠ مليون", "(.*)["]
)
def test_a_style_keeps_the_words_of_any_claim(style, text):
    told = styled(cited(text=text), style)

    assert text.rstrip(".").lower() in told.lower()
    assert "?." not in told and "??" not in told
