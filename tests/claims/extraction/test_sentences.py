import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction import split_sentences


def texts(text):
    return [sentence.text for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The mayor resigned.", "Her deputy takes over on Monday."],
        ["Mr. Okoro met Gen. Brandt in the U.S. Senate.", "They spoke for an hour."],
        ["The convoy left the U.S.", "It arrived in Germany at 5 p.m. Tuesday."],
        ["“The bridge is closed.”", "Drivers were sent back."],
        ["“We lost nine boats,” she said.", "“We will rebuild. … It takes a year.”"],
        ["The army depends on foreign help.19", "According to the ministry, that will change."],
        ["The levy rose in May.[4]", "It fell again in June."],
        ["He cited article No. 5 of the treaty.", "Was it signed?", "No.", "It was not."],
        ["Sales reached $3.5 million.", "Costs were 2.1 percent lower."],
        ["1. Close the gate.", "2. Call the warden."],
        ["• 9. Roads and paths", "• 10. Parks"],
        ["The plant shut last year.", "“Nobody told us,” Ms. Lind said."],
        ["Shares of Brandt & Co. fell.", "The board met at 9 a.m."],
    ],
)
def test_sentences_of_a_line_are_told_apart(sentences):
    assert texts(" ".join(sentences)) == sentences


def test_a_forgotten_blank_still_ends_the_sentence():
    assert texts("The dam held last year.The town did not flood.") == [
        "The dam held last year.",
        "The town did not flood.",
    ]


def test_a_heading_and_a_list_item_are_sentences_of_their_own():
    text = "Harbour to close\nBy Ina Roth\n\nThe port closes in May.\n- two cranes\n- a ferry"

    assert texts(text) == [
        "Harbour to close",
        "By Ina Roth",
        "The port closes in May.",
        "- two cranes",
        "- a ferry",
    ]


def test_wrapped_lines_are_read_on_and_their_line_ends_kept():
    text = "The council voted late on Monday to close the old\r\nharbour market. Traders were told\r\nby letter."

    assert texts(text) == [
        "The council voted late on Monday to close the old\r\nharbour market.",
        "Traders were told\r\nby letter.",
    ]


def test_a_stray_full_stop_before_a_small_letter_ends_nothing():
    assert texts("She met the chief. of staff. He left.") == ["She met the chief. of staff.", "He left."]


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "\r\n\r\n", "\u200f\u202e", "."])
def test_odd_texts_are_answered(text):
    assert [s.text for s in split_sentences(text)] == ([text] if text.strip() else [])


@given(st.text(alphabet=st.characters() | st.sampled_from(".!?“”\"'\n\r 1a)•A"), max_size=300))
def test_every_sentence_is_a_slice_and_nothing_but_blanks_is_lost(text):
    sentences = split_sentences(text)

    for sentence in sentences:
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
    ends = [0, *(position for s in sentences for position in (s.start, s.end)), len(text)]
    assert ends == sorted(ends)
    between = "".join(text[low:high] for low, high in zip(ends[::2], ends[1::2], strict=True))
    assert not between.strip()


@pytest.mark.parametrize("unit", ["“", "“a b. C ", '"', "a.\n", "1. A ", "x\n", ". ", "(", "aaa.Abc ", "A", "' "])
def test_hostile_texts_are_split_to_their_end(unit):
    text = unit * (200_000 // len(unit))

    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in split_sentences(text))
