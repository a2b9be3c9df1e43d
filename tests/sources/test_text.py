import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.folding import has_endless_marks
from sources.quotes import normalise
from sources.text import (
    ParseLimit,
    decode_text,
    find_quote,
    html_to_text,
    nearest_passage,
    quote_context,
    text_fragment,
)

QUOTE = "Fatah lost 28 of 48 seats in the vote"
PLACES = {
    "paragraph": f"<p>Before. {QUOTE}, officials said.</p>",
    "quote": f"<blockquote><p>{QUOTE}.</p></blockquote>",
    "caption": f"<figure><img src=x alt='no'><figcaption>{QUOTE}</figcaption></figure>",
    "table": f"<table><tr><td>Result</td><td>{QUOTE}</td></tr></table>",
    "list": f"<ul><li>One</li><li>{QUOTE}</li></ul>",
    "pull quote": f"<aside class=pull>{QUOTE}</aside>",
}
TRAPS = {
    "link before a comma": "Fatah lost <a href=x>28 of 48 seats</a> in the vote, they said",
    "drop cap": "<span class=cap>F</span>atah lost 28 of 48 seats in the vote",
    "soft hyphen": "Fatah lost 28 of 48 se&shy;ats in the vote",
    "no-break space": "Fatah lost 28&nbsp;of&nbsp;48 seats in the vote",
    "line breaks": "Fatah lost\n   28 of\t48 seats<br>in the vote",
    "bold figure": "Fatah lost <b>28</b> of <i>48</i> seats in the vote",
    "possible break": "Fatah lost 28 of 48 se<wbr>ats in the vote",
    "comment": "Fatah lost 28 <!-- not 27 -->of 48 seats in the vote",
    "script between": "Fatah lost 28 <script>x()</script>of 48 seats in the vote",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_quote_is_found_wherever_a_reader_sees_it(place):
    text = html_to_text(f"<html><body>{PLACES[place]}</body></html>")

    found = find_quote(text, QUOTE)

    assert (text[found.start : found.end], found.how, found.ambiguous) == (QUOTE, "exact", False)


@pytest.mark.parametrize("trap", TRAPS)
def test_typesetting_does_not_hide_a_quote(trap):
    text = html_to_text(f"<p>{TRAPS[trap]}</p>")

    assert find_quote(text, QUOTE)


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>{}</script>",
        "<style>{}</style>",
        "<template>{}</template>",
        "<noscript>{}</noscript>",
        "<!-- {} -->",
        "<p hidden>{}</p>",
        "<p style='Display : NONE'>{}</p>",
        "<img alt='{}'>",
        "<p title='{}'>x</p>",
        "<div hidden><div hidden><p style='display:none'>{}</p></div></div>",
        "<title>{}</title>",
        "<p style='visibility:hidden'>{}</p>",
        "<svg><title>{}</title></svg>",
        "<textarea>{}</textarea>",
        "<iframe>{}</iframe>",
        "<video><noscript>{}</noscript></video>",
        "<dialog>{}</dialog>",
        "<input value='{}'>",
        "<object data=x><object>{}</object></object>",
        "<select><datalist>{}</datalist></select>",
        "<style>.gone{{display:none}}</style><p class=gone>{}</p>",
        "<style>@media print{{.a{{display:block}}}} #x > b.y , i {{ color:red;display : none }}</style>"
        "<p id=x><b class=y>{}</b></p>",
        "<p style='display:block;display:none'>{}</p>",
        "<details>{}</details>",
        "<math><annotation>{}</annotation></math>",
    ],
)
def test_what_a_reader_does_not_see_is_not_text(unseen):
    assert html_to_text("<body><p>Seen.</p>" + unseen.format(QUOTE) + "<p>End.</p>").split("\n") in (
        ["Seen.", "End."],
        ["Seen.", "x", "End."],
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a<b>b</b><span>c</span>", "abc"),
        ("<p> a\n  b </p>", "a b"),
        ("a <b> b</b>", "a b"),
        ("a<br>b<br><br>c", "a\nb\nc"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<table><tr><td><p>a</p></td><td>b</td></tr></table>", "a\tb"),
        ("<pre>a  b\n\tc</pre>d", "a  b\n\tc\nd"),
        ("<pre><b>a  </b>b</pre>", "a  b"),
        ("a&nbsp;&nbsp;b", "a\u00a0\u00a0b"),
        ("a&#0;b\x00c", "a\ufffdb\ufffdc"),
        ("", ""),
        ("<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"),
        ("<h1>T</h1>x<hr>y", "T\nx\ny"),
        ("<p>10<sup>2</sup></p>", "102"),
        ("<p>שלום <bdi>abc</bdi></p>", "שלום abc"),
    ],
)
def test_a_page_reads_as_a_browser_shows_it(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "page",
    [
        "<style>@media print{.x{display:none}}</style>",
        "<style>@supports (a:b) { @media all { .x{display:none} } }</style>",
        "<style media=print>.x{display:none}</style>",
        "<style>.x{display:none} p.x{display:block}</style>",
        "<style>.x{display:none!important} .x{display:block !important}</style>",
        "<style>p{display:none}</style>",
        "<style>.x:hover{display:none} .x::after{display:none} [class=x]{display:none}</style>",
        "<style>/* .x{display:none} */</style>",
        "<style>.y::before{content:'.x{display:none}'}</style>",
        "<style>body.js .x{display:none}</style>",
        "<style>#all{display:none}</style>" + "<p>A whole article that its scripts bring to light.</p>" * 20,
    ],
)
def test_a_rule_that_does_not_hide_for_certain_hides_nothing(page):
    assert QUOTE in html_to_text(f"{page}<body id=all><p>Other words.</p><p class=x>{QUOTE}</p></body>")


@pytest.mark.parametrize(
    "sheet",
    ["/*" * 200_000, "@;" * 200_000 + "{", "a" * 400_000, "a{display:none}" * 20_000, "." * 400_000 + "{display:none}",
     ".a " * 100_000 + "{display:none}", "@" * 400_000, "'" * 399_999, ".a{display:none}.b{display:block}" * 12_000],
    ids=lambda sheet: sheet[:6],
)  # fmt: skip
def test_a_hostile_style_sheet_is_read_to_its_end(sheet):
    assert "Seen" in html_to_text(f"<style>none {sheet}</style><p class=b>Seen</p>" + "<p>x</p>" * 1000)


@pytest.mark.parametrize("html", ["<div>" * 300 + "x", "<p>xyz" * 300_000, "<div>" * 1_000_000])
def test_a_page_past_our_limits_is_no_shorter_page(html):
    with pytest.raises(ParseLimit):
        html_to_text(html)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "", "é"),
        ("é".encode("latin-1"), "text/html; charset=ISO-8859-1", "é"),
        (b"\x93x\x94", "text/html; charset=latin1", "“x”"),
        (b"<meta charset=windows-1251>\xcf", "", "<meta charset=windows-1251>П"),
        (b'<meta http-equiv=x content="text/html; charset=windows-1255">\xf9', "", None),
        (
            b'<?xml version="1.0" encoding="iso-8859-2"?>\xb1',
            "",
            '<?xml version="1.0" encoding="iso-8859-2"?>ą',
        ),
        (b"\xef\xbb\xbf\xc3\xa9", "text/html; charset=latin-1", "é"),
        ("\ufeffé".encode("utf-16-le"), "text/html; charset=utf-8", "é"),
        (b"\xff", "", "\ufffd"),
        (b"a\x00b", "", "a\ufffdb"),
        (b"+AGE-", "text/html; charset=utf-7", "+AGE-"),
        (b"\\u0061", "text/html; charset=unicode_escape", "\\u0061"),
        (b"YQ==", "text/html; charset=base64", "YQ=="),
        (b"a", "text/html; charset=nonsense", "a"),
        (b"<meta charset=utf-16>a", "", "<meta charset=utf-16>a"),
    ],
)
def test_bytes_become_text_in_a_fixed_order(body, content_type, text):
    assert decode_text(body, content_type) == text or (text is None and "ש" in decode_text(body))


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("He said “yes” to ‘it’", "He said \"yes\" to 'it'"),
        ("2019–2020 — a time", "2019-2020 - a time"),
        ("the ﬁnal oﬃce", "the final office"),
        ("a\u00a0b \n\t c", "a b c"),
        ("re\u00adport of \u00ad it", "report of it"),
        (unicodedata.normalize("NFD", "café à la crème"), "café à la crème"),
        ("café", unicodedata.normalize("NFD", "café")),
        (unicodedata.normalize("NFD", "한국어 말"), "한국어"),
        ("“ab", '"ab'),
    ],
)
def test_typography_alone_makes_no_other_quote(text, quote):
    found = find_quote(f"😀 Before {text} after", quote)

    assert found.how == "normalised"
    assert normalise(f"😀 Before {text} after"[found.start : found.end]) == normalise(quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("10² people", "102 people"),
        ("2 8 seats", "28 seats"),
        ("28 seats", "2 8 seats"),
        ("Fatah", "fatah"),
        ("se\u200bats", "seats"),
        ("sеats", "seats"),
        ("ｓeats", "seats"),
        ("\u202eseats", "seats of"),
        ("27", "28"),
        ("text", ""),
        ("text", " \n"),
        ("text", "\u00ad"),
    ],
)
def test_anything_else_does(text, quote):
    assert find_quote(text, quote) is None


def test_context_decides_between_places():
    text = "In May he won 5 seats. In June he won 5 seats. In July he won 5 seats."

    assert find_quote(text, "he won 5 seats").ambiguous
    assert find_quote(text, "he won 5 seats", prefix="x").ambiguous
    assert find_quote(text, "he won 5 seats", prefix="In June ").start == 31
    assert not find_quote(text, "he won 5 seats", prefix="In June ").ambiguous
    assert find_quote(text, "he won 5 seats", suffix=". In July").start == 31
    assert quote_context(text, 31, 45, size=4) == ("une ", ". In")


@given(st.text(max_size=80), st.integers(0, 80), st.integers(1, 80))
def test_what_stands_in_a_text_is_found_in_it(text, start, size):
    quote = text[start : start + size]
    found = find_quote(text, quote)

    if quote.strip():
        assert text[found.start : found.end] == quote
    else:
        assert found is None


@settings(max_examples=200)
@given(
    st.text(alphabet="ab \u00ad\u00a0\n“\"'’—-ﬁfi\u0301e\u0302é한ᅡ각ㄱ", max_size=30),
    st.text(alphabet="ab \u00ad\u00a0\n“\"'’—-ﬁfi\u0301e\u0302é", min_size=1, max_size=6),
)
def test_a_found_span_is_the_quote_in_another_dress(text, quote):
    found = find_quote(text, quote)

    if found:
        assert 0 <= found.start < found.end <= len(text)
        assert normalise(quote) in normalise(text[found.start : found.end]) or found.how == "normalised"
    assert find_quote(text + "|" + quote + "|", quote) or not normalise(quote)


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "quote", "passage"),
    [
        (
            "Officials said Fatah lost 27 of 48 seats in the vote.",
            QUOTE,
            "Fatah lost 27 of 48 seats in the vote",
        ),
        ("x " * 50 + "Hamas lost 28 of 48 seats in this vote, he said", QUOTE, None),
        (
            "漢字" * 2000 + "東京は日本の首都です" + "仮名" * 2000,
            "東京は日本国の首都です",
            "東京は日本の首都です",
        ),
        ("He said “yes, we can” and left", 'said "yes, we CAN"', "said “yes, we can”"),
    ],
)
def test_the_nearest_passage_is_shown(text, quote, passage):
    found = nearest_passage(text, quote)

    assert found.text == text[found.start : found.end]
    assert 0.7 < found.similarity <= 1
    assert passage is None or found.text == passage


def test_nothing_near_is_nothing():
    assert nearest_passage("completely other words", "0123456789 9876543210") is None
    assert nearest_passage("", "x") is None
    assert nearest_passage("x", "") is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("ab" * 500_000, "abc" * 660),
        ("a " * 500_000, "ab" * 1000),
        ("a" * 1_000_000, "a" * 999 + "b" + "a" * 999),
        ("e\u0301" * 500_000, "é" * 500 + "x"),
        ("漢字" * 500_000, "漢字文" * 600),
    ],
)
def test_hostile_texts_are_searched_to_the_end(text, quote):
    near = nearest_passage(text, quote)

    assert near is None or text[near.start : near.end] == near.text
    assert find_quote(text, quote) is None


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix", "fragment"),
    [
        ("Fatah lost 28 of 48 seats", "", "", "#:~:text=Fatah%20lost%2028%20of%2048%20seats"),
        ("Yes, we can & will do it-so", "", "", "#:~:text=Yes%2C%20we%20can%20%26%20will%20do%20it%2Dso"),
        ("28 of 48", "He lost ", " seats, they", "#:~:text=He%20lost-,28%20of%2048,-seats%2C%20they"),
        ("irst line of it\nsecond line", "F", "", "#:~:text=First%20line%20of%20it,second%20line"),
        ("word " * 100, "", "", "#:~:text=" + "%20".join(["word"] * 6) + "," + "%20".join(["word"] * 6)),
        (" ", "", "", ""),
    ],
)
def test_a_text_fragment_leads_a_browser_to_the_quote(quote, prefix, suffix, fragment):
    assert text_fragment(quote, prefix, suffix) == fragment


@pytest.mark.parametrize(("marks", "is_endless"), [(30, False), (999, False), (1_001, True), (400_000, True)])
@pytest.mark.parametrize("before", ["", "ships " * 97, "é" * 1_300])
def test_marks_without_end_are_known_wherever_they_stand(before, marks, is_endless):
    assert has_endless_marks(before + "a" + ("\u0300\u0316" * marks)[:marks] + " ships") is is_endless


def test_a_letter_with_more_marks_than_are_composed_is_still_found_as_it_stands():
    letter = "a" + "\u0300\u0316" * 300
    text = f"The “quay” is {letter} long."

    assert find_quote(text, f'The "quay" is {letter} long.').how == "normalised"
    assert find_quote(text, f"is {letter} long").how == "exact"
