"""Citations: the same facts in six forms, and nothing of a claim becomes a command in any of them."""

import json

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware

from claims.formats import citation

from .documents import HELD, document

FORMS = [
    citation.house_style,
    citation.plain,
    citation.markdown,
    citation.html,
    citation.bibtex,
    lambda cited: json.dumps(citation.csl_json(cited), ensure_ascii=False),
]


def cited(**given):
    return citation.cite(document(**given), site_name="Fact Desk")


@pytest.mark.parametrize("form", FORMS)
def test_each_form_names_id_version_date_and_both_addresses(form):
    text = form(cited())

    assert "7K3M-Q9TX" in text
    assert "ersion" in text and "2" in text
    assert "2026" in text
    assert "https://desk.example/claims/7K3M-Q9TX" in text
    assert "https://desk.example/claims/7K3M-Q9TX/versions/2" in text


@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_that_a_claim_is_on_hold(form):
    assert "on hold since 5 march 2026" in form(cited(**HELD)).lower()


@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_that_a_claim_was_corrected(form):
    corrections = [{"at": "2026-03-02T09:00:00Z"}]

    assert "corrected on 2 march 2026" in form(cited(citability="corrected", corrections=corrections)).lower()


def test_html_is_escaped():
    text = citation.html(cited(text="<script>alert(1)</script> & \"so\" 'on'", language='"><img>'))

    assert "<script" not in text and "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;" in text


def test_markdown_is_escaped():
    text = citation.markdown(cited(text="[click](https://evil.example) **bold** <b> `x`"))

    assert r"\[click\](https://evil.example) \*\*bold\*\* \<b\> \`x\`" in text


def test_bibtex_is_escaped():
    text = citation.bibtex(cited(text=r"100% of {x} & #1 a_b \input $5 ~ ^"))

    assert r"100\% of \{x\} \& \#1 a\_b \textbackslash{}input \$5 \textasciitilde{} \textasciicircum{}" in text
    assert text.startswith("@misc{factcheck-7K3M-Q9TX,\n")
    assert text.count("{") == text.count("}")


def test_bibtex_keeps_the_capitals_of_names():
    assert "{Fatah} lost 28 of {IRGC-QF}" in citation.bibtex(cited(text="Fatah lost 28 of IRGC-QF"))


def test_csl_json_is_one_report():
    (item,) = citation.csl_json(cited())

    assert item["type"] == "report"
    assert item["id"] == "factcheck-7K3M-Q9TX"
    assert item["issued"] == {"date-parts": [[2026, 3, 2]]}
    assert item["author"] == [{"literal": "Fact Desk"}]


def test_a_claim_of_several_lines_is_cited_on_one():
    assert "one two" in citation.house_style(cited(text="one\n two"))


def test_bibtexparser_reads_every_field_back():
    hostile = "Up 50% & {more} \\b # $5 ~x_3 at NATO"
    entry = citation.bibtex(cited(text=hostile))

    library = bibtexparser.parse_string(entry, append_middleware=[LatexDecodingMiddleware()])

    assert not library.failed_blocks
    [read] = library.entries
    assert (read.entry_type, read.key) == ("misc", "factcheck-7K3M-Q9TX")
    assert read["title"] == f"Fact check: {hostile}"
    assert (read["year"], read["month"], read["day"], read["version"]) == ("2026", "3", "2", "2")
    assert read["url"] == "https://desk.example/claims/7K3M-Q9TX"
    assert "https://desk.example/claims/7K3M-Q9TX/versions/2" in read["note"]
