import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction import extract_candidates, score_sentence

ARTICLES = sorted((Path(__file__).parent / "articles").glob("*.txt"))
ARTICLE = (
    "Harbour to close\nBy Ina Roth\n\n“We lost nine boats in March,” said Ola Berg, a skipper.\n\n"
    "The port handled 1,200 ships in 2019.\n\nWill it ever open again?\n\nComments are closed."
)


def annotated(path):
    notes = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return path.read_text(encoding="utf-8"), notes


def of_kind(notes, kind):
    return [note for note in notes if note["kind"] == kind]


def plain(name):
    """The words of a name that tell who it is: without article, in small letters."""
    return {word.strip(".,").lower() for word in (name or "").split()} - {"the", "a", "an", "of", "for"}


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_the_main_claims_of_an_article_come_first(path):
    text, notes = annotated(path)
    claims = of_kind(notes, "claim")

    first = extract_candidates(text)[: int(1.5 * len(claims))]

    found = [note for note in claims if any(c.text.startswith(note["starts"]) for c in first)]
    assert len(found) >= 0.9 * len(claims), [note["starts"] for note in claims if note not in found]


def test_most_statements_are_given_to_whoever_made_them():
    total, wrong = 0, []
    for text, notes in map(annotated, ARTICLES):
        candidates = extract_candidates(text)
        for note in of_kind(notes, "claim") + of_kind(notes, "said"):
            candidate = next(c for c in candidates if note["starts"] in c.text)
            expected, got = plain(note["claimant"]), plain(candidate.claimant)
            total += 1
            if not (expected & got if expected else not got):
                wrong.append((note["starts"], note["claimant"], candidate.claimant))

    assert len(wrong) <= 0.1 * total, wrong


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_the_furniture_of_a_page_is_never_a_candidate(path):
    text, notes = annotated(path)

    furniture = {
        c.text for c in extract_candidates(text) for n in of_kind(notes, "furniture") if c.text.startswith(n["starts"])
    }

    assert not furniture


@pytest.mark.parametrize(
    "line",
    [
        "By Ina Roth, Harbour Correspondent.",
        "Posted on March 4, 2024 by admin.",
        "Follow @harbournews on social media.",
        "This article was amended on 4 March 2024.",
        "A man walks past a boat in Vik. REUTERS/Ina Roth",
        "Contact Ina Roth at ina@example.org.",
        "Home » World » Europe",
        "© 2024 Harbour News Ltd. All rights reserved.",
        "Enjoy what you read? Please support us.",
        "Please consider supporting us.",
        "Donate today to keep the harbour pages free.",
        "Please share this article with your neighbours.",
        "Subscribe to our weekly letter.",
        "Follow us on every channel.",
        "Support us!",
    ],
)
def test_a_line_about_the_page_is_no_candidate(line):
    candidates = extract_candidates(f"The pier fell in 2019.\n\n{line}\n\nTwo men died.")

    assert {candidate.text for candidate in candidates} == {"The pier fell in 2019.", "Two men died."}


@pytest.mark.parametrize(
    "sentence",
    [
        "By March the force had lost 300 officers.",
        "Photos of the crash were shared 4,000 times on Tuesday.",
        "Published on Tuesday, the study found 40 deaths.",
        "Related crimes rose by 14% in 2020.",
        "Police said the website example.com took £4m from 900 victims.",
        "Unions follow us in 40 towns, Ina Roth said.",
        "“Please support the families of the crew,” the mayor said.",
        "Donate blood on Monday, the hospital urged its 4,000 neighbours.",
    ],
)
def test_news_that_begins_like_a_line_about_the_page_stays(sentence):
    assert [c.text for c in extract_candidates(sentence)] == [sentence]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\u2028"])
def test_offsets_are_those_of_the_article_as_given(line_end):
    article = ARTICLE.replace("\n", line_end)

    candidates = extract_candidates(article)

    assert [c.text for c in candidates] == [article[c.start : c.end] for c in candidates]
    assert all(article[f.start : f.end] == f.text for c in candidates for f in c.figures)
    assert not {"Harbour to close", "By Ina Roth", "Comments are closed."} & {c.text for c in candidates}
    assert candidates[0].figures and candidates[-1].text == "Will it ever open again?"


def test_a_sentence_behind_a_dateline_begins_behind_it():
    [candidate] = extract_candidates("PORTO, March 3 (Wire) — The dam broke on Sunday and flooded 40 houses.")

    assert candidate.text == "The dam broke on Sunday and flooded 40 houses."
    assert candidate.start == 24


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The army sent 2,500 troops north.", "figure: 2,500 troops"),
        ("The Pentagon closed four bases.", "named entity: Pentagon"),
        ("The shop was destroyed in the attack.", "event in the past: destroyed"),
        ("Taxes went up in Ohio.", "policy: Taxes"),
        ("Why did nobody close the gate?", "minus question"),
        ("It was a wonderful evening for the whole town.", "minus opinion: wonderful"),
        ("The bridge could fall next year.", "minus prediction: could"),
        ("I sold my boat in May.", "minus first person: I"),
        ("“We should be proud of ourselves,” she said.", "minus quotation of mood"),
    ],
)
def test_every_feature_that_fires_is_among_the_reasons(sentence, reason):
    assert reason in score_sentence(sentence).reasons


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Conversely, the port earned more in May.", None),
        ("Tensions rose in the harbour on Monday.", None),
        ("Worries about the pier were old.", None),
        ("Attacks by Vikland pirates doubled.", "Vikland"),
        ("The U.S. Coast Guard sent two ships.", "U.S. Coast Guard"),
        ("The U.S.-built ship sank.", "U.S.-built"),
        ("Mr. Berg’s boat sank in Vik.", "Mr. Berg"),
        ("The Department of Harbours closed the pier.", "Department of Harbours"),
        ("Berg said the pier was closed.", "Berg"),
        ("Norwegian Shipping closed the pier.", "Norwegian Shipping"),
        ("Germany closed the pier.", "Germany"),
        ("UNESCO listed the pier.", "UNESCO"),
        ("The Bank of Vikland closed.", "Bank of Vikland"),
        ("The skipper said: “No boat left. They stayed.”", None),
    ],
)
def test_a_name_is_more_than_a_capital(sentence, names):
    assert _evidence(score_sentence(sentence).reasons).get("named entity") == names


def test_a_first_word_is_a_name_where_the_text_uses_it_as_one():
    [berg] = [c for c in extract_candidates("The owner is Berg. Berg closed the pier.") if c.text[0] == "B"]
    [piers] = [c for c in extract_candidates("The port has piers. Piers closed in May.") if c.text[0] == "P"]

    assert "named entity: Berg" in berg.reasons
    assert "named entity" not in _evidence(piers.reasons)


def test_words_are_read_beside_their_neighbours():
    reasons = score_sentence(
        "The ministry declined to comment on the cuts of last fall in at least one school."
    ).reasons

    assert _evidence(reasons).get("change") == "cuts"
    assert "comparison" not in _evidence(reasons)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The minister said the pier was unsafe.", "attribution: said"),
        ("Soldiers of Isis held the pier.", "conflict: Isis"),
        ("The pier was old.", "past tense: was"),
        ("The Bank of Vikland raised its rate to 5% in May.", "figure: 5%"),
        ("The Bank of Vikland raised its rate to 5% in May.", "institution: Bank"),
    ],
)
def test_reasons_are_in_plain_words(sentence, reason):
    assert reason in score_sentence(sentence).reasons


def test_reasons_are_few_and_named_once():
    sentence = (
        "Under pressure, the Vik council said on Monday that it would probably have closed 12 of its 40 schools "
        "since 2019 if the highest court had not stopped it against the advice of many experts."
    )

    reasons = extract_candidates(sentence)[0].reasons

    assert len(reasons) == 7 and reasons[-1].startswith("also: ")
    labels = [reason.split(":")[0] for reason in reasons[:-1]] + reasons[-1].removeprefix("also: ").split(", ")
    assert len(labels) == len(set(labels))
    assert {"figure", "named entity", "attribution", "event in the past", "minus prediction"} <= set(labels)


def _evidence(reasons):
    return dict(reason.split(": ", 1) for reason in reasons if ": " in reason)


@pytest.mark.parametrize(
    ("fact", "other"),
    [
        (
            "The ferry line cancelled 37 of its 120 crossings in January, Ola Berg said.",
            "The crossing takes 40 minutes.",
        ),
        (
            "The Harbour Ministry moved all its divers out of Vik on Friday.",
            "The Harbour Ministry has the goal of keeping its divers safe in Vik.",
        ),
        (
            "The audit said the port still has serious gaps in its safety drills this quarter.",
            "The port stressed that its strategy is focused on the safety of its drills.",
        ),
        (
            "The Vikland navy suspended its patrols on Tuesday after the storm.",
            "Critics fear that patrols might be suspended.",
        ),
        ("A drone strike killed Vik governor Ola Berg in March 2021.", "The mood in Vik has become tense."),
    ],
)
def test_an_act_outweighs_a_stance_or_a_mood(fact, other):
    first, last = extract_candidates(f"{other} {fact}")

    assert first.text == fact and first.score > last.score + 0.2


def test_a_figure_outweighs_a_feeling():
    fact = score_sentence("Unemployment fell to 4.1 percent in June.")
    feeling = score_sentence("I think we should all be very proud of that.")

    assert fact.score > 0.5 > 0.1 > feeling.score


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "\ud800 said. He said it.",
        "\u202eقال الوزير إن 40 شخصا قتلوا.",
        "“" * 500,
        "said " * 500,
        "A. " * 500,
    ],
)
def test_odd_texts_are_answered(text):
    assert [c.text for c in extract_candidates(text)] == [text[c.start : c.end] for c in extract_candidates(text)]


@given(st.text(st.sampled_from('aB.,“”"‘’ \n\r?said he 1%(—\x00\u202e'), max_size=120))
@settings(max_examples=150, deadline=None)
def test_candidates_are_slices_of_any_text(text):
    for candidate in extract_candidates(text):
        assert text[candidate.start : candidate.end] == candidate.text
        assert 0 <= candidate.score <= 1


def test_a_long_text_is_read_to_its_end():
    article = ARTICLES[0].read_text(encoding="utf-8") + "\n\n"

    candidates = extract_candidates(article * 100)

    assert max(candidate.end for candidate in candidates) > 99 * len(article)
