"""Pages on which the quote still stands: typography, markup, place."""

from tests.claims.quote_pairs.pages import AFTER, Pair, pair

VOTE = "The council lost 28 of its 48 seats in the spring vote"
SAID = 'Mayor Lund said "we can\'t wait for the 2019-2020 budget"'
FERRY = "the ferry office - a small one - sold 1,450 tickets"
CAFE = "The café’s final offer came to €300"
HEBREW = 'המועצה איבדה 28 מושבים, אמר מזכ"ל העירייה'

_TYPOGRAPHY = [
    ("curly-quotes", SAID, "Mayor Lund said “we can’t wait for the 2019-2020 budget”."),
    ("guillemets", SAID, "Mayor Lund said «we can’t wait for the 2019-2020 budget»."),
    ("low-quotes", SAID, "Mayor Lund said „we can't wait for the 2019-2020 budget“."),
    ("en-dash-range", SAID, 'Mayor Lund said "we can\'t wait for the 2019–2020 budget".'),
    ("non-breaking-hyphen", SAID, 'Mayor Lund said "we can\'t wait for the 2019\u20112020 budget".'),
    ("em-dashes", FERRY, "Yesterday the ferry office — a small one — sold 1,450 tickets."),
    ("en-dashes", FERRY, "Yesterday the ferry office – a small one – sold 1,450 tickets."),
    ("minus-for-dash", FERRY, "Yesterday the ferry office \u2212 a small one \u2212 sold 1,450 tickets."),
    ("horizontal-bar", FERRY, "Yesterday the ferry office ― a small one ― sold 1,450 tickets."),
    ("no-break-spaces", VOTE, "The council lost 28&nbsp;of&nbsp;its&nbsp;48&nbsp;seats in the spring vote."),
    ("narrow-no-break", VOTE, "The council lost 28&#8239;of its 48&#8239;seats in the spring vote."),
    ("thin-spaces", VOTE, "The council lost 28\u2009of its 48\u2009seats in the spring vote."),
    ("ideographic-space", VOTE, "The council\u3000lost 28 of its 48 seats in the spring vote."),
    ("many-spaces", VOTE, "The council   lost 28\n\n of its\t48 seats in the spring vote."),
    ("soft-hyphens", VOTE, "The coun&shy;cil lost 28 of its 48 seats in the spr&shy;ing vote."),
    ("soft-hyphen-at-a-blank", VOTE, "The council &shy;lost 28 of its 48 seats in the spring vote."),
    ("ligature-fi", CAFE, "The café’s ﬁnal offer came to €300."),
    ("ligature-ff", CAFE, "The café’s final oﬀer came to €300."),
    ("decomposed-accent", CAFE, "The cafe\u0301’s final offer came to €300."),
    ("straight-apostrophe", CAFE, "The café's final offer came to €300."),
    ("modifier-apostrophe", CAFE, "The café\u02bcs final offer came to €300."),
    ("gershayim", HEBREW, "המועצה איבדה 28 מושבים, אמר מזכ״ל העירייה."),
    ("gershayim-curly", HEBREW, "המועצה איבדה 28 מושבים, אמר מזכ”ל העירייה."),
]
_MARKUP = [
    ("bold-figure", "<p>The council lost <b>28</b> of its <i>48</i> seats in the spring vote.</p>"),
    ("link", "<p>The council lost <a href=/x>28 of its 48 seats</a> in the spring vote.</p>"),
    ("drop-cap", "<p><span class=cap>T</span>he council lost 28 of its 48 seats in the spring vote.</p>"),
    ("comment", "<p>The council lost 28 <!-- not 27 -->of its 48 seats in the spring vote.</p>"),
    ("script-inside", "<p>The council lost 28 <script>var a = 27;</script>of its 48 seats in the spring vote.</p>"),
    ("break-in-a-line", "<p>The council lost 28<br>of its 48 seats<br>in the spring vote.</p>"),
    ("possible-break", "<p>The coun<wbr>cil lost 28 of its 48 seats in the spring vote.</p>"),
    ("block-quote", "<blockquote><p>The council lost 28 of its 48 seats in the spring vote.</p></blockquote>"),
    ("caption", "<figure><figcaption>The council lost 28 of its 48 seats in the spring vote.</figcaption></figure>"),
    ("list-item", "<ul><li>Ice<li>The council lost 28 of its 48 seats in the spring vote<li>Wind</ul>"),
    ("table-cell", "<table><tr><td>Vote<td>The council lost 28 of its 48 seats in the spring vote</table>"),
    ("pull-quote", "<aside>The council lost 28 of its 48 seats in the spring vote</aside>"),
    ("split-over-blocks", "<div>The council lost 28 of its</div><div>48 seats in the spring vote.</div>"),
    ("split-over-cells", "<table><tr><td>The council lost<td>28 of its 48 seats<td>in the spring vote</table>"),
    ("list-to-rows", "<table><tr><td>The council lost 28 of its<tr><td>48 seats in the spring vote</table>"),
    (
        "hidden-beside",
        "<p hidden>The council lost 27 of its 48 seats.</p><p>The council lost 28 of its 48 seats in the "
        "spring vote.</p>",
    ),
]
_PLACES = [
    ("moved-down", f"<p>{AFTER[0]}</p><p>{AFTER[1]}</p><p>In short: {VOTE}.</p>"),
    ("moved-into-a-note", f"<p>{AFTER[2]}</p><aside><small>Note: {VOTE}.</small></aside>"),
    ("sentence-goes-on", f"<p>{VOTE}, and nobody was surprised.</p>"),
    ("sentence-begins-earlier", f"<p>It was a long night. Once more, “{VOTE}”, the clerk read.</p>"),
    ("stands-twice", f"<p>{VOTE}.</p><p>{AFTER[3]}</p><p>{VOTE}.</p>"),
    ("beside-a-near-twin", f"<p>The council lost 27 of its 48 seats in the autumn vote.</p><p>{VOTE}.</p>"),
    ("new-paragraphs-around", f"<p>Update: the hall is closed.</p><p>{VOTE}.</p><p>Update: it is open.</p>"),
    ("all-new-page", f"<h2>Year in review</h2><p>{AFTER[4]}</p><p>{VOTE}.</p>"),
]

PAIRS: list[Pair] = [
    *(
        pair(f"same-{name}", quote, now, "intact", was=f"Yesterday {quote}." if quote == FERRY else "")
        for name, quote, now in _TYPOGRAPHY
    ),
    *(pair(f"same-{name}", VOTE, now, "intact", html=True) for name, now in _MARKUP + _PLACES),
]
