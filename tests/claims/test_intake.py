"""Intake: an article in, candidates out, and each passage decided once."""

import pytest

from claims.errors import CandidateRefused, NotPermitted
from claims.models import Article, Candidate, Claim
from claims.services import intake
from sources.errors import CaptureRefused, SourceRefused
from sources.models import Snapshot, Source
from tests.factories import NOW, ClaimFactory, EditorFactory, ReviewerFactory, SnapshotFactory

pytestmark = pytest.mark.django_db

ARTICLE = """Ferry line cuts winter crossings

By Anna Holt

The ferry line cancelled 37 of its 120 crossings in January, harbour master Ole Brandt said on Monday.

Is the winter timetable too ambitious?

Brandt said the two older ships had spent nine weeks in dock since October.
"""


@pytest.fixture
def article():
    made, _ = intake.add_article_text(text=ARTICLE, by=ReviewerFactory(), now=NOW)
    return made


def test_a_pasted_article_becomes_a_source_a_snapshot_and_candidates_with_exact_places(article):
    text = article.snapshot.text
    best = article.candidates.all()[:2]

    assert article.progress == Article.Progress.READ
    assert article.snapshot.is_by_hand
    assert article.source.title == "Ferry line cuts winter crossings"
    assert any(item.quote.startswith("The ferry line cancelled 37 of its 120 crossings") for item in best)
    assert all(text[item.start : item.end] == item.quote for item in article.candidates.all())
    assert not article.candidates.filter(quote__startswith="By Anna").exists()


def test_the_same_text_pasted_twice_is_one_article(article):
    again, is_new = intake.add_article_text(text=ARTICLE, by=ReviewerFactory(), now=NOW)

    assert (again, is_new) == (article, False)
    assert Source.objects.count() == 1


def test_a_browsers_line_ends_make_no_other_article(article):
    again, is_new = intake.add_article_text(text=ARTICLE.replace("\n", "\r\n"), by=ReviewerFactory(), now=NOW)

    assert (again, is_new) == (article, False)
    assert "\r" not in article.snapshot.text


def test_a_file_is_read_as_the_text_it_shows():
    made, _ = intake.add_article_file(
        content=b"<title>Pier closed</title><p>The east pier was closed on 4 May after 12 planks broke.</p>",
        name="pier.html",
        by=ReviewerFactory(),
        now=NOW,
    )

    assert made.source.title == "Pier closed"
    assert "12 planks" in made.candidates.get().quote


@pytest.mark.parametrize("content", [b"", b"  \n ", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"])
def test_a_file_without_readable_text_is_refused_and_nothing_is_stored(content):
    with pytest.raises(CaptureRefused):
        intake.add_article_file(content=content, name="x", by=ReviewerFactory(), now=NOW)

    assert not Source.objects.exists()
    assert not Snapshot.objects.exists()


def test_an_address_waits_for_its_first_look_and_is_then_taken_apart():
    article, is_new = intake.add_article_at(url="https://Tidewater.example:443/a#top", by=ReviewerFactory(), now=NOW)
    assert is_new
    assert (article.progress, article.source.url) == ("waiting", "https://tidewater.example/a")
    assert article.source.next_check_at == NOW

    SnapshotFactory(source=article.source, text=ARTICLE)
    Source.objects.update(last_attempted_at=NOW)
    assert intake.read_waiting_articles() == 1
    assert article.candidates.exists()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1/", "http://good.example\\@127.0.0.1/"]
)
def test_an_address_that_may_not_be_fetched_is_refused_and_nothing_is_stored(url):
    with pytest.raises(SourceRefused):
        intake.add_article_at(url=url, by=ReviewerFactory(), now=NOW)

    assert not Source.objects.exists()


def test_an_accepted_candidate_is_a_claim_with_its_appearance_and_claimant(article):
    candidate = article.candidates.get(quote__contains="37 of its 120")

    claim = intake.accept_candidate(
        candidate_id=candidate.pk, text="The ferry line cancelled 37 of 120 crossings.", by=article.added_by, now=NOW
    )

    appearance = claim.appearances.get()
    assert appearance.quote == candidate.quote
    assert "Brandt" in claim.claimants.get().name
    candidate.refresh_from_db()
    assert (candidate.decision, candidate.claim) == (Candidate.Decision.ACCEPTED, claim)


def test_a_passage_is_decided_once(article):
    candidate = article.candidates.first()
    intake.dismiss_candidate(candidate_id=candidate.pk, by=article.added_by, now=NOW)

    with pytest.raises(CandidateRefused, match="already dismissed"):
        intake.accept_candidate(candidate_id=candidate.pk, by=article.added_by, now=NOW)
    assert not Claim.objects.exists()

    intake.restore_candidate(candidate_id=candidate.pk, by=article.added_by)
    assert intake.accept_candidate(candidate_id=candidate.pk, by=article.added_by, now=NOW)


def test_a_candidate_merged_into_a_claim_is_one_more_appearance_of_it(article):
    claim = ClaimFactory()

    intake.merge_candidate(candidate_id=article.candidates.first().pk, claim_id=claim.pk, by=article.added_by, now=NOW)

    assert claim.appearances.count() == 1
    assert claim.version < Claim.objects.get().version


def test_a_passage_the_machine_missed_is_marked_by_hand(article):
    start = article.snapshot.text.index("Is the winter timetable")

    candidate = intake.add_candidate(article_id=article.pk, start=start, end=start + 24, by=article.added_by)

    assert candidate.quote == "Is the winter timetable "[:24].strip()


def test_an_editor_does_not_take_articles_apart():
    with pytest.raises(NotPermitted):
        intake.add_article_text(text=ARTICLE, by=EditorFactory(), now=NOW)
