"""Taking an article in and apart, through the pages a reviewer uses."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Article, Candidate, Claim
from claims.services import intake
from sources.models import Source
from tests.factories import NOW, PAGE, ClaimFactory

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script> Officials counted 412 ships, 9 more than before."


@pytest.fixture
def article(reviewer):
    return intake.add_article_text(text=PAGE, by=reviewer, now=NOW)[0]


@pytest.fixture
def handed_over(monkeypatch):
    """Collect what is handed to the broker instead of sending it."""
    sent = []
    monkeypatch.setattr("celery.Celery.send_task", lambda app, name, kwargs, **_: sent.append(kwargs))
    return sent


def body(answer):
    return html.unescape(answer.content.decode())


def test_a_pasted_text_becomes_an_article_with_candidates(at_desk):
    answer = at_desk.post(reverse("desk-article-new"), {"by": "paste", "text": PAGE, "title": "Harbour"}, follow=True)

    article = Article.objects.get()
    assert answer.redirect_chain == [(article.get_absolute_url(), 302)]
    assert article.candidates.exists()
    assert "0 of" in body(answer)


def test_a_file_becomes_an_article(at_desk):
    file = SimpleUploadedFile("harbour.txt", PAGE.encode(), content_type="text/plain")

    at_desk.post(reverse("desk-article-new"), {"by": "file", "file": file, "title": ""})

    assert Article.objects.get().progress == "read"


def test_an_address_is_handed_to_a_worker_once_it_is_stored(at_desk, handed_over, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = at_desk.post(
            reverse("desk-article-new"), {"by": "address", "url": "https://tidewater.example/a"}, follow=True
        )

    assert handed_over == [{"article_id": Article.objects.get().pk}]
    assert "Being read…" in body(answer)
    assert 'http-equiv="refresh"' in answer.content.decode()


def test_without_a_broker_the_article_waits_as_a_row(at_desk, monkeypatch, django_capture_on_commit_callbacks):
    def unreachable(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("celery.Celery.send_task", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        answer = at_desk.post(reverse("desk-article-new"), {"by": "address", "url": "https://tidewater.example/a"})

    assert answer.status_code == 302
    assert Source.objects.get().next_check_reason == "somebody waits for the article"


@pytest.mark.parametrize("url", ["", "ftp://tidewater.example/a", "http://127.0.0.1/", "no address at all"])
def test_a_refused_address_stays_in_its_field(url, at_desk):
    answer = at_desk.post(reverse("desk-article-new"), {"by": "address", "url": url})

    assert answer.status_code == 400
    assert answer.context["forms"]["address"].errors["url"]
    assert f'value="{url}"' in body(answer) or not url
    assert not Source.objects.exists()


def test_an_empty_paste_keeps_its_title(at_desk):
    answer = at_desk.post(reverse("desk-article-new"), {"by": "paste", "text": "  ", "title": "Harbour news"})

    assert answer.status_code == 400
    assert answer.context["forms"]["paste"].errors["text"] == ["Paste the text of the document."]
    assert "Harbour news" in body(answer)


def test_an_empty_file_is_refused_beside_its_field(at_desk):
    file = SimpleUploadedFile("empty.txt", b"", content_type="text/plain")

    answer = at_desk.post(reverse("desk-article-new"), {"by": "file", "file": file})

    assert answer.context["forms"]["file"].errors["file"] == ["The file is empty."]


def test_a_failed_article_says_what_to_do_and_takes_the_text_by_hand(at_desk, reviewer):
    article, _ = intake.add_article_at(url="https://tidewater.example/wall", by=reviewer, now=NOW)
    Article.objects.update(progress="failed", progress_reason="It shows a login. Paste its text instead.")

    page = body(at_desk.get(article.get_absolute_url()))
    assert "It shows a login. Paste its text instead." in page

    at_desk.post(reverse("desk-article-capture", args=[article.pk]), {"text": PAGE})
    article.refresh_from_db()
    assert article.progress == "read"
    assert article.snapshot.is_by_hand


def test_the_state_of_reading_is_told_as_data(at_desk, article):
    assert at_desk.get(reverse("desk-article-state", args=[article.pk])).json() == {"state": "read"}


def test_a_candidate_is_accepted_in_the_words_given(at_desk, article):
    candidate = article.candidates.first()

    at_desk.post(
        reverse("desk-candidate", args=[candidate.pk]),
        {"accept": "1", "text": "The harbour counted 412 arrivals in May.", "claimant": "The harbour office"},
    )

    claim = Claim.objects.get()
    assert claim.text == "The harbour counted 412 arrivals in May."
    assert [c.name for c in claim.claimants.all()] == ["The harbour office"]
    assert claim.appearances.get().quote == candidate.quote


def test_a_refused_acceptance_keeps_the_words(at_desk, article):
    candidate = article.candidates.first()
    long = "x" * 5001

    answer = at_desk.post(reverse("desk-candidate", args=[candidate.pk]), {"accept": "1", "text": long})

    assert answer.status_code == 400
    assert long in body(answer)
    assert "At most 5,000 characters" in body(answer)
    assert not Claim.objects.exists()


def test_a_candidate_is_merged_by_code_or_by_words(at_desk, article):
    claim = ClaimFactory(text="Arrivals rose by nine.")
    first, second = article.candidates.all()[:2]

    at_desk.post(reverse("desk-candidate", args=[first.pk]), {"merge": "1", "into": claim.code.lower()})
    at_desk.post(reverse("desk-candidate", args=[second.pk]), {"merge": "1", "into": "rose by nine"})

    assert claim.appearances.count() == 2
    assert {c.decision for c in Candidate.objects.filter(pk__in=[first.pk, second.pk])} == {"merged"}


def test_where_several_claims_fit_the_person_chooses(at_desk, article):
    claims = [ClaimFactory(text=f"Arrivals rose by {word}.") for word in ("nine", "ten")]
    candidate = article.candidates.first()
    address = reverse("desk-candidate", args=[candidate.pk])

    answer = at_desk.post(address, {"merge": "1", "into": "Arrivals rose"})
    assert "Several claims have these words; choose one." in body(answer)
    assert all(claim.code in body(answer) for claim in claims)

    at_desk.post(address, {"claim": claims[1].code, "into": "Arrivals rose"})
    assert claims[1].appearances.count() == 1


def test_a_dismissal_can_be_taken_back(at_desk, article):
    candidate = article.candidates.first()

    at_desk.post(reverse("desk-candidate", args=[candidate.pk]), {"dismiss": "1"})
    candidate.refresh_from_db()
    assert candidate.decision == "dismissed"

    at_desk.post(reverse("desk-candidate-restore", args=[candidate.pk]))
    candidate.refresh_from_db()
    assert candidate.decision == "open"


def test_a_second_decision_is_refused_and_said(at_desk, article):
    candidate = article.candidates.first()
    address = reverse("desk-candidate", args=[candidate.pk])
    at_desk.post(address, {"accept": "1", "text": "", "claimant": ""})

    answer = at_desk.post(address, {"dismiss": "1"})

    assert answer.status_code == 409


def test_a_missed_passage_is_added_by_its_place(at_desk, article):
    text = article.snapshot.text
    start = text.index("was mild")

    at_desk.post(
        reverse("desk-candidate-add", args=[article.pk]),
        {"quote": "was mild", "start": start, "end": start + 8},
    )

    assert Candidate.objects.get(start=start, end=start + 8).reasons == ["marked by a person"]


def test_a_missed_passage_is_found_by_its_words_when_there_is_no_script(at_desk, article):
    at_desk.post(reverse("desk-candidate-add", args=[article.pk]), {"quote": "Weather was mild."})

    assert Candidate.objects.filter(quote="Weather was mild.").exists()


def test_words_that_are_not_in_the_text_are_refused_and_kept(at_desk, article):
    answer = at_desk.post(reverse("desk-candidate-add", args=[article.pk]), {"quote": "Snow fell all day."})

    assert answer.status_code == 400
    assert "These words are not in the saved text." in body(answer)
    assert "Snow fell all day." in body(answer)


def test_markup_in_an_article_is_shown_as_text(at_desk, reviewer):
    article, _ = intake.add_article_text(text=XSS, title="<img src=x onerror=alert(2)>", by=reviewer, now=NOW)

    raw = at_desk.get(article.get_absolute_url()).content.decode()

    assert "<script>alert" not in raw and "<img src=x" not in raw
    assert "&lt;script&gt;alert(1)" in raw
