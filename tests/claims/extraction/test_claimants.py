import pytest

from claims.extraction import find_claimant, find_claimants, split_sentences


def claimants(text):
    return [who and who.name for who in find_claimants(text, split_sentences(text))]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The ministry said exports fell by a tenth.", "The ministry"),
        ("According to the ministry, exports fell.", "the ministry"),
        ("Exports fell by a tenth, according to the harbour office.", "the harbour office"),
        ("“We lost nine boats,” said Ola Berg, a skipper.", "Ola Berg"),
        ("“We lost nine boats,” Ola Berg, a skipper, said.", "Ola Berg"),
        ("The second dock worker source said: “They moved the cranes.”", "The second dock worker source"),
        ("US officials said the base was empty.", "US officials"),
        ("Harbour spokesman Jon Vik told reporters that the gate was shut.", "Jon Vik"),
        (
            "A report issued by the city’s Chief Auditor for Roads (CAR) said costs doubled.",
            "the city’s Chief Auditor for Roads",
        ),
        ("Mayor Roe, who opened the bridge last year, said it was safe.", "Mayor Roe"),
        ("The Herald quoted two port officials who said the crane had failed.", "two port officials"),
        ("The Navy reported to the Audit Office that fuel was short.", "The Navy"),
        ("The report, however, added that nobody was hurt.", "The report"),
        ("The mayor’s office, which ordered the survey, denied that it was late.", "The mayor’s office"),
        ("As prices rose, analysts say the roughly 900 shops still open face closure.", "analysts"),
        ("The largest group is Blue Dawn, which police officials said had bought rifles.", "police officials"),
        ("White House aide Jane Poole went further in a statement, warning that aid would end.", "Jane Poole"),
        ("A study of 9,300 homes published in May found that one in five was damp.", "A study of 9,300 homes"),
        ("The dockers’ union, which has 400 members, said it would appeal.", "The dockers’ union"),
    ],
)
def test_a_sentence_names_its_speaker(sentence, name):
    found = find_claimant(sentence)

    assert found.name == name
    assert sentence[found.start : found.end] == name


@pytest.mark.parametrize(
    "sentence",
    [
        "The port was full.",
        "The company added 200 jobs in May.",
        "The United States continued to send ships.",
        "Crews were told that the dock was closed.",
        "The ministry’s stated aim is to cut costs.",
        "The president dismissed his chief of staff on Monday.",
        "He said it twice.",
        "It is said to be haunted.",
        "",
    ],
)
def test_an_article_speaking_in_its_own_voice_has_no_claimant(sentence):
    assert find_claimant(sentence) is None


def test_a_surname_is_answered_with_the_full_name():
    text = "“It rained,” said Ola Berg, a skipper. Mr Berg said the pier was gone."

    assert claimants(text) == ["Ola Berg", "Ola Berg"]


def test_a_pronoun_means_the_last_speaker_of_its_kind():
    text = "Ola Berg said it rained. The port office said ships waited. He said 40 left. It reported that six stayed."

    assert claimants(text) == ["Ola Berg", "The port office", "Ola Berg", "The port office"]


def test_a_pronoun_means_whoever_the_sentence_before_was_about():
    text = "Ola Berg said it rained. The port office gave Ana Roe no answer. She had said that she would wait."

    assert claimants(text) == ["Ola Berg", None, "Ana Roe"]


def test_a_quotation_keeps_its_speaker_over_sentences_and_paragraphs():
    text = (
        "“It rained,” said Ola Berg. “Nine boats sank. We lost two men.\n\n“The pier went at noon.”\n\n"
        "The storm passed on Sunday."
    )

    assert claimants(text) == ["Ola Berg"] * 4 + [None]


def test_a_quotation_waits_for_the_speaker_named_after_it():
    assert claimants("“Nine boats sank.” “We lost two men,” said Ola Berg.") == ["Ola Berg"] * 2
    assert claimants("“Nine boats sank.”\n\nOla Berg said the pier was gone.") == ["Ola Berg"] * 2


def test_words_in_marks_alone_are_no_quotation():
    assert claimants("Ola Berg said it rained. The “great pier” fell.") == ["Ola Berg", None]
