"""What a reader sees in Chromium is the text we keep, white space between words aside."""

import pytest

from sources.text import html_to_text

SNIPPETS = {
    "inline and blocks": "<p>The <b>harbour</b> <i>office</i><b>s</b> met.</p><div>It <a href=x>did</a>, so.</div>",
    "headings": "<h1>Report</h1><h2>May</h2>text<h3>June</h3><hr>end",
    "line breaks": "one<br>two<br/><br>three<wbr>four",
    "table": "<table><caption>Arrivals</caption><thead><tr><th>Month<th>Ships<tbody><tr><td>May<td>412"
    "<tr><td>June<td><p>398</p><p>or so</p></table>",
    "table with spans": "<table><tr><td rowspan=2>A<td colspan=2>B<tr><td>C<td>D</table>",
    "nested table": "<table><tr><td>a<table><tr><td>b<td>c</table><td>d</table>",
    "text in a table": "<table>stray<tr><td>cell</table>",
    "lists": "<ul><li>one<li>two<ol><li>three</ol></ul><menu><li>four</menu><dl><dt>term<dd>meaning</dl>",
    "open details": "<details open><summary>More</summary>The rest <b>of it</b>.</details>",
    "closed details": "<details><summary>More</summary>Not shown yet.</details>after",
    "details without a summary": "<details open>All of it</details><details>None of it</details>",
    "nested details": "<details open><summary>A</summary>b<details><summary>C</summary>d</details></details>",
    "two summaries": "<details><summary>One</summary><summary>Two</summary>x</details>",
    "summary alone": "<summary>Alone</summary> text",
    "hidden": "<p hidden>no</p><p hidden=until-found>no</p><p hidden=false>no</p>yes",
    "display none": "<p style='display:none'>no</p><p style='color:red;DISPLAY : none !important'>no</p>yes",
    "display none undone": "<p style='display:none;display:block'>yes</p><p style='display:block;display:none'>no</p>",
    "a style that only names it": "<p style='--note:display:none'>yes</p><p style=\"content:'display:none'\">yes</p>",
    "visibility": "<p style='visibility:hidden'>no</p><p style='visibility:collapse'>no</p><p>yes</p>",
    "aria-hidden": "<p aria-hidden=true>seen</p><p aria-label=no>yes</p>",
    "noscript": "<noscript>no</noscript><p>yes</p>",
    "template": "<template><p>no</p></template><p>yes</p>",
    "ruby": "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字",
    "pre": "<pre>\n  a  b\n\tc</pre><p>after</p>",
    "listing and others": "<listing>a  b</listing><xmp>c <b>d</xmp>",
    "white space by style": "<p style='white-space:pre'>a  b\n c</p>",
    "no-break space": "a&nbsp;b &nbsp; c",
    "thin and other spaces": "10&thinsp;000 and 5&#8239;% &emsp;wide",
    "soft hyphen": "re&shy;port",
    "zero width": "se&#8203;ats and &#8205;",
    "svg": "<svg width=90 height=20><title>no</title><desc>no</desc><text x=0 y=15>drawn</text></svg>after",
    "svg with a style": "<svg><style>text{fill:red}</style><text y=9>yes</text></svg>",
    "mathematics": "<math><mn>7</mn><mo>=</mo><mn>28</mn></math> so",
    "mathematics annotated": "<math><semantics><mn>5</mn><annotation encoding=x>no</annotation></semantics></math>",
    "select": "<select><option>one<option selected>two</select> chosen",
    "select with groups": "<select><optgroup label=no><option>one</optgroup></select> x",
    "list to choose from": "<select multiple><option>one<option>two</select>",
    "datalist": "<input list=l><datalist id=l><option>no</datalist>yes",
    "textarea": "<label>Note <textarea>typed</textarea></label> end",
    "inputs": "<input value=no><input type=submit value=no><input placeholder=no>yes",
    "button": "<button>Press <b>me</b></button> now",
    "fieldset": "<fieldset><legend>Who</legend><label>Name</label></fieldset>",
    "figure": "<figure><img src=x alt=no><figcaption>A caption</figcaption></figure>",
    "picture, video and audio": "yes<picture><img></picture><video>no</video><audio>no</audio><canvas>no</canvas>",
    "iframe": "<iframe srcdoc='<p>no'></iframe>after",
    "object": "<object>shown instead</object>",
    "entities": "1 &lt; 2 &amp;amp; &copy 2026 &notit; &#x32;&#56; &#150; &#0; &bogus; &AMP",
    "style content": "<style>.q::before{content:'no'}</style><p class=q>yes</p>",
    "open dialog": "<dialog>no</dialog><dialog open>yes</dialog>",
    "popover": "<div popover>no</div>yes",
    "slot": "<slot>fallback</slot> text",
    "comments": "a<!-- no -->b<!--> c <! no > d <? no ?> e <![CDATA[ no ]]> f",
    "malformed nesting": "<b>one<p>two</b>three</p><i>four<div>five</i>six</div>",
    "unclosed": "<p>one<p>two<div>three<span>four",
    "stray end tags": "one</p>two</div>three</br>four",
    "drop cap": "<p><span style='float:left;font-size:3em'>T</span>he council</p>",
    "drop cap as a block": "<p><span style='display:block'>T</span>he council</p>",
    "inline blocks": "<span style='display:inline-block'>one</span><span style='display:inline-block'>two</span>",
    "raised and lowered": "10<sup>2</sup> H<sub>2</sub>O",
    "small words": "<small>a</small><big>b</big><font>c</font><tt>d</tt><u>e</u><s>f</s>",
    "quotation": "<q>said</q> <blockquote>long</blockquote><cite>who</cite>",
    "deleted and inserted": "<del>27</del><ins>28</ins>",
    "addresses and others": "<address>a</address><center>b</center><nav>c</nav><search>d</search>",
    "old elements": "<marquee>moving</marquee><nobr>kept</nobr><acronym>A</acronym><dir><li>x</dir>",
    "noframes and noembed": "<noembed>no</noembed><noframes>no</noframes>yes",
    "unknown elements": "<news-card>one</news-card><x-y>two</x-y>",
    "progress and meter": "<progress>no</progress><meter>no</meter><output>42</output>",
    "image map": "<map><area alt=no>in map</map>",
    "right to left": "<p dir=rtl>בחירות <bdo dir=ltr>28</bdo> מושבים</p><bdi>ערב</bdi>",
    "title in the body": "<title>no</title><link rel=x><meta name=x>yes",
    "script": "<script>no()</script>a<script type=application/ld+json>{}</script>b",
    "hidden by class": "<style>.gone{display:none}</style><p class='a gone'>no</p><p>yes</p>",
    "hidden by id and element": "<style>#x,b.y{display : none}</style><p id=x>no</p><b class=y>no</b><i>yes</i>",
    "hidden for print alone": "<style>@media print{.p{display:none}}</style><p class=p>yes</p>",
    "hidden inside something": "<style>.a .b{display:none}</style><p class=b>yes</p><p class=a><i class=b>no</i></p>",
    "hidden and shown again": "<style>.c{display:none}.c{display:block}</style><p class=c>yes</p>",
}


# Where Chromium breaks a line that a reader does not see as one.
BROKEN = {"drop cap", "drop cap as a block", "mathematics"}


def words(text, name):
    """The words of a text; without the white space between them where Chromium's is no reader's."""
    return ["".join(text.split())] if name in BROKEN else text.split()


@pytest.fixture(scope="module")
def shown(browser):
    """Let Chromium show a page, scripts on and no network, and return what it makes of its text."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())

    def show(html):
        page.set_content(html)
        return page.evaluate("document.body.innerText")

    yield show
    page.close()


@pytest.mark.parametrize("name", SNIPPETS)
def test_our_text_is_what_a_reader_sees(name, shown):
    html = f"<!doctype html><html lang=en><body>{SNIPPETS[name]}</body></html>"

    assert words(html_to_text(html), name) == words(shown(html), name)
