"""The demo desk as data: every quote stands in its page, every state occurs, the desk keeps its rules.

Needs neither Django nor the package: the data and the pages are read as files.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

DEMO = Path(__file__).parents[1] / "factcheck" / "demo"
DESK = json.loads((DEMO / "desk.json").read_text(encoding="utf-8"))
PEOPLE = {person["username"]: person["role"] for person in DESK["people"]}
SOURCES = {source["slug"]: source for source in DESK["sources"]}
CLAIMS = {claim["key"]: claim for claim in DESK["claims"]}
PUBLISHED = [claim for claim in CLAIMS.values() if claim["publication"]]
CORRECTIONS = [entry for claim in PUBLISHED for entry in claim["publication"]["corrections"]]
PASSAGES = [
    pytest.param(claim["key"], passage, id=f"{claim['key']}-{part}-{number}")
    for claim in CLAIMS.values()
    for part in ("appearances", "evidence")
    for number, passage in enumerate(claim[part])
]

CHANGING = "council-election-declaration"
VANISHING = "hospital-waiting-review"
RATINGS = {
    "correct",
    "mostly_correct",
    "misleading",
    "exaggerated",
    "understated",
    "incorrect",
    "unproven",
    "unverifiable",
    "outdated",
}
ROLES = {"api_client", "reviewer", "editor", "desk_lead"}
KINDS = {"article", "official_record", "report", "dataset", "transcript", "social_post"}
STANCES = {"supports", "partly_supports", "refutes", "context", "failed_verification"}
WORKFLOW = {"unstarted", "in_progress", "cross_checking", "completed", "reopened", "merged", "dropped"}


def file_of(source, version=""):
    stem = source["path"].strip("/") + version
    return next(file for file in (DEMO / "site").glob(f"{stem}.*") if file.name.count(".") == 1 + bool(version))


def visible_text(file):
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        page = LexborHTMLParser(text)
        for node in page.css("script, style"):
            node.decompose()
        text = page.body.text(separator=" ")
    return " ".join(text.split())


TEXTS = {slug: visible_text(file_of(source)) for slug, source in SOURCES.items()}


def evidence_on(slug):
    return {key for key, claim in CLAIMS.items() if any(item["source"] == slug for item in claim["evidence"])}


def test_there_are_fifteen_sources_eight_articles_and_forty_claims():
    assert len(DESK["sources"]) == len(SOURCES) == 15
    assert sum(source["kind"] == "article" for source in SOURCES.values()) == 8
    assert len(DESK["claims"]) == len(CLAIMS) == 40
    assert len(PUBLISHED) == 22
    assert len(DESK["topics"]) == 6


def test_every_page_belongs_to_a_source():
    files = {file for file in (DEMO / "site").rglob("*") if file.is_file()}
    expected = {file_of(source) for source in SOURCES.values()}
    expected |= {file_of(SOURCES[CHANGING], ".changed"), file_of(SOURCES[VANISHING], ".gone")}

    assert files == expected


@pytest.mark.parametrize("slug", SOURCES)
def test_a_page_says_of_itself_what_the_desk_says_of_it(slug):
    source, file = SOURCES[slug], file_of(SOURCES[slug])

    assert 250 <= len(TEXTS[slug].split()) <= 700
    if file.suffix == ".txt":
        assert source["title"] in TEXTS[slug]
        return
    page = LexborHTMLParser(file.read_text(encoding="utf-8"))
    metas = {meta.attributes.get("name") or meta.attributes.get("property"): meta for meta in page.css("meta")}
    assert page.css_first("title").text().startswith(source["title"] + " – ")
    assert metas["author"].attributes["content"] == source["author"]
    assert metas["article:published_time"].attributes["content"][:10] == source["published_on"]
    assert page.root.attributes["lang"] == source["language"]
    assert page.css_first("link[rel=canonical]").attributes["href"] == source["path"]
    for part in ("header nav", "footer", "table caption", "blockquote", "main li"):
        assert page.css_first(part), part


@pytest.mark.parametrize(("key", "passage"), PASSAGES)
def test_a_quote_stands_in_its_page_word_for_word_and_once(key, passage):
    assert TEXTS[passage["source"]].count(passage["quote"]) == 1


def test_the_changed_page_breaks_the_quotes_of_two_published_claims_and_no_other():
    changed = visible_text(file_of(SOURCES[CHANGING], ".changed"))
    broken = {
        (key, passage.values[1]["quote"])
        for passage in PASSAGES
        for key in [passage.values[0]]
        if passage.values[1]["source"] == CHANGING and passage.values[1]["quote"] not in changed
    }

    assert {key for key, _ in broken} == {"civic-union-seats", "civic-union-more-than-half"}
    assert all(quote.replace("28", "23") in changed for _, quote in broken)
    assert all(CLAIMS[key]["publication"] for key, _ in broken)
    assert evidence_on(CHANGING) > {key for key, _ in broken}, "others rest on the page and keep their passage"


def test_one_figure_and_two_harmless_things_differ_in_the_changed_page():
    before = file_of(SOURCES[CHANGING]).read_text(encoding="utf-8").splitlines()
    after = file_of(SOURCES[CHANGING], ".changed").read_text(encoding="utf-8").splitlines()
    differing = [(a.strip(), b.strip()) for a, b in zip(before, after, strict=True) if a != b]

    assert len(differing) == 3
    date, figure, related = differing
    assert date == ("<p>Thursday 15 May 2025</p>", "<p>Friday 16 May 2025</p>")
    assert figure[0].replace("lost 28 of", "lost 23 of") == figure[1]
    assert 'class="related"' in related[0]


def test_two_published_claims_rest_on_the_page_that_will_be_gone():
    assert evidence_on(VANISHING) == {"year-long-waits", "waiting-lists-halved"}
    assert all(CLAIMS[key]["publication"] for key in evidence_on(VANISHING))


def test_every_state_of_every_axis_occurs():
    evidence = [item for claim in CLAIMS.values() for item in claim["evidence"]]

    assert set(PEOPLE.values()) == ROLES
    assert {source["kind"] for source in SOURCES.values()} == KINDS
    assert {claim["workflow"] for claim in CLAIMS.values()} == WORKFLOW
    assert {claim["verdict"]["rating"] for claim in PUBLISHED} == RATINGS
    assert {item["stance"] for item in evidence} == STANCES
    assert {claim["priority"] for claim in CLAIMS.values()} == {1, 2, 3, 4, 5}
    assert {claim["language"] for claim in CLAIMS.values()} == {"en", "de"}
    assert Counter(entry["kind"] for entry in CORRECTIONS) == {
        "correction": 1,
        "clarification": 1,
        "update": 1,
        "withdrawal": 1,
    }
    assert sum(bool(claim["publication"]["superseded_by"]) for claim in PUBLISHED) == 1
    assert any((claim["review_by_days"] or 0) < 0 for claim in CLAIMS.values()), "something is overdue"


def test_every_reference_leads_somewhere():
    publishers, topics, claimants = (
        {row["slug"] for row in DESK[table]} for table in ("publishers", "topics", "claimants")
    )
    for source in SOURCES.values():
        assert source["publisher"] in publishers
        assert source["origin"] is None or source["origin"] in SOURCES
    for claim in CLAIMS.values():
        assert set(claim["topics"]) <= topics
        assert claim["topics"]
        assert set(claim["claimants"]) <= claimants
        assert {item["claimant"] for item in claim["appearances"]} <= {*claim["claimants"], None}
        assert {item["source"] for item in claim["appearances"] + claim["evidence"]} <= set(SOURCES)
        assert claim["drafted_by"] in PEOPLE
        assert claim["assignee"] is None or PEOPLE[claim["assignee"]] == "reviewer"
        assert all(item["added_by"] in PEOPLE for item in claim["evidence"])
        assert all(note["by"] in PEOPLE for note in claim["notes"])
    assert {claimant for claim in CLAIMS.values() for claimant in claim["claimants"]} <= claimants
    assert {topic for claim in CLAIMS.values() for topic in claim["topics"]} == topics
    assert {source["publisher"] for source in SOURCES.values()} == publishers


@pytest.mark.parametrize("key", CLAIMS)
def test_a_claim_carries_what_its_workflow_asks_for_and_nothing_else(key):
    claim = CLAIMS[key]
    workflow = claim["workflow"]

    assert 0 < len(claim["text"]) < 140
    assert claim["context"]
    assert claim["appearances"]
    assert bool(claim["workflow_reason"]) == (workflow in {"reopened", "merged", "dropped"})
    assert bool(claim["merged_into"]) == (workflow == "merged")
    if workflow == "unstarted":
        assert not claim["assignee"]
        assert not claim["evidence"]
    if workflow in {"in_progress", "cross_checking", "completed", "reopened"}:
        assert claim["assignee"]
        assert claim["evidence"]
    if workflow in {"unstarted", "in_progress", "merged", "dropped"}:
        assert not claim["reviews"]
    assert bool(claim["verdict"]) == (workflow in {"completed", "reopened"})
    if claim["publication"]:
        assert claim["verdict"]
    if workflow == "merged":
        assert CLAIMS[claim["merged_into"]]["workflow"] not in {"merged", "dropped"}


@pytest.mark.parametrize("key", CLAIMS)
def test_nobody_reviews_their_own_claim_and_two_reviewers_agree_on_a_verdict(key):
    claim = CLAIMS[key]
    reviewers = [review["reviewer"] for review in claim["reviews"]]
    ratings = [review["rating"] for review in claim["reviews"]]

    assert len(set(reviewers)) == len(reviewers)
    assert all(PEOPLE[reviewer] == "reviewer" for reviewer in reviewers)
    assert claim["drafted_by"] not in reviewers
    assert set(ratings) <= RATINGS
    if claim["verdict"]:
        assert ratings == [claim["verdict"]["rating"]] * 2
        assert claim["verdict"]["written_by"] in reviewers
    elif len(ratings) == 2:
        assert ratings[0] != ratings[1], "two who agree have decided"


@pytest.mark.parametrize("claim", PUBLISHED, ids=lambda claim: claim["key"])
def test_a_desk_lead_publishes_who_wrote_no_part_of_it(claim):
    publication, verdict = claim["publication"], claim["verdict"]
    lead = publication["published_by"]
    authors = {
        claim["drafted_by"],
        verdict["written_by"],
        *(review["reviewer"] for review in claim["reviews"]),
    }

    assert PEOPLE[lead] == "desk_lead"
    assert lead not in authors
    assert publication["superseded_by"] is None or CLAIMS[publication["superseded_by"]]["publication"]
    moments = [claim["drafted_days_ago"], publication["days_ago"]]
    for entry in publication["corrections"]:
        assert PEOPLE[entry["published_by"]] == "desk_lead"
        assert entry["written_by"] != entry["published_by"]
        assert entry["reason"]
        wording = (entry["rating"], entry["finding"], entry["explanation"])
        if entry["kind"] == "withdrawal":
            assert wording == (None, None, None)
        else:
            assert entry["rating"] == verdict["rating"]
            assert (entry["finding"], entry["explanation"]) != (verdict["finding"], verdict["explanation"])
        moments.append(entry["days_ago"])
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("claim", [c for c in CLAIMS.values() if c["verdict"]], ids=lambda claim: claim["key"])
def test_a_finding_is_one_sentence_and_an_explanation_two_to_five(claim):
    wordings = [claim["verdict"]]
    if claim["publication"]:
        wordings += [entry for entry in claim["publication"]["corrections"] if entry["finding"]]
    for wording in wordings:
        assert sentences(wording["finding"]) == 1
        assert 2 <= sentences(wording["explanation"]) <= 5


def sentences(text):
    return sum(text[i : i + 2] in (". ", ".") for i in range(len(text)))


def test_the_wire_story_is_one_origin():
    carriers = [source for source in SOURCES.values() if source["origin"]]

    assert [source["origin"] for source in carriers] == ["council-election-wire"]
    assert carriers[0]["publisher"] != SOURCES["council-election-wire"]["publisher"]


def test_the_article_for_a_first_try_is_long_enough_to_be_worth_it():
    assert 400 <= len((DEMO / "first_article.txt").read_text(encoding="utf-8").split()) <= 600
