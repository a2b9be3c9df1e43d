"""Taking an article in and apart, through the pages a reviewer uses."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
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


LONG = (
    "The line cancelled 28 of its 48 crossings in January 2025, and the harbour lost 3.2 million crowns. "
    "Traffic fell by 12 per cent. A gull sat there."
)


@pytest.fixture
def long_article(reviewer):
    return intake.add_article_text(text=LONG, by=reviewer, now=NOW)[0]


def first_of(article):
    return article.candidates.order_by("start").first()


def cut(client, candidate, **given):
    return client.post(reverse("desk-candidate", args=[candidate.pk]), given)


def test_a_passage_is_split_into_two_candidates_with_figures_of_their_own(at_desk, long_article):
    whole = first_of(long_article)
    at = LONG.index("and the harbour")

    answer = cut(at_desk, whole, split=str(at))

    parts = list(long_article.candidates.order_by("start")[:2])
    assert [part.quote for part in parts] == [
        "The line cancelled 28 of its 48 crossings in January 2025",
        "the harbour lost 3.2 million crowns.",
    ]
    assert all(LONG[part.start : part.end] == part.quote for part in parts)
    assert parts[1].figures and parts[1].figures != parts[0].figures
    assert answer["Location"].endswith(f"?candidate={parts[0].pk}#candidates")


@pytest.mark.parametrize("place", ["0", "-1", "x", "", "999999999999", str(len(LONG))])
def test_a_cut_at_no_place_in_the_passage_is_refused(place, at_desk, long_article):
    before = long_article.candidates.count()

    assert cut(at_desk, first_of(long_article), split=place).status_code == 400
    assert long_article.candidates.count() == before


def test_a_passage_is_joined_to_the_sentence_beside_it(at_desk, long_article):
    count = long_article.candidates.count()

    cut(at_desk, first_of(long_article), join="after")

    joined = first_of(long_article)
    assert joined.quote == LONG[: LONG.index(" A gull")]
    assert long_article.candidates.count() == count - 1
    assert cut(at_desk, joined, join="before").status_code == 400


def test_a_sentence_that_became_a_claim_is_joined_to_none(at_desk, long_article):
    second = long_article.candidates.order_by("start")[1]
    at_desk.post(reverse("desk-candidate", args=[second.pk]), {"accept": "1", "text": second.quote})

    answer = cut(at_desk, first_of(long_article), join="after")

    assert answer.status_code == 409
    assert Claim.objects.get().code in body(answer)


def test_a_decided_passage_is_neither_split_nor_joined(at_desk, long_article):
    candidate = first_of(long_article)
    at_desk.post(reverse("desk-candidate", args=[candidate.pk]), {"dismiss": "1"})

    for given in ({"split": "30"}, {"join": "after"}):
        assert cut(at_desk, candidate, **given).status_code == 409


def test_claims_like_a_passage_are_shown_beside_it_and_merged_into(at_desk, long_article):
    like = ClaimFactory(text="The line cancelled 28 of its 48 crossings in January 2025.")
    candidate = first_of(long_article)

    page = at_desk.get(long_article.get_absolute_url(), {"candidate": candidate.pk})
    beside = at_desk.get(reverse("desk-candidate-near", args=[candidate.pk]))
    assert like.code in body(page)
    assert like.code in body(beside)

    at_desk.post(reverse("desk-candidate", args=[candidate.pk]), {"claim": like.code})
    candidate.refresh_from_db()
    assert (candidate.decision, candidate.claim) == ("merged", like)


def test_the_candidates_are_gone_through_as_they_stand_where_one_chose_that(at_desk, long_article):
    page = at_desk.get(long_article.get_absolute_url(), {"order": "text"})
    assert [c.start for c in page.context["waiting"]] == sorted(c.start for c in page.context["waiting"])

    first, second = page.context["waiting"][:2]
    answer = at_desk.post(reverse("desk-candidate", args=[first.pk]), {"dismiss": "1"})
    assert f"candidate={second.pk}#" in answer["Location"]


def test_an_article_asks_as_much_for_many_candidates_as_for_few(at_desk, reviewer):
    articles = []
    for sentences in (10, 400):
        text = " ".join(f"The port counted {400 + number} arrivals in May {number}." for number in range(sentences))
        articles.append(intake.add_article_text(text=text, by=reviewer, now=NOW)[0])
    counted = []
    for article in [*articles, *articles]:  # once for the index of claims to be made, once to be counted
        with CaptureQueriesContext(connection) as queries:
            at_desk.get(article.get_absolute_url())
        counted.append(len(queries))
    assert counted[2] == counted[3]


PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "'-alert(1)-'",
    "javascript:alert(1)", "</textarea><script>alert(1)</script>", "{{7*7}}", "{% debug %}", "<!--", "]]>",
    "&lt;script&gt;", "<a href=javascript:alert(1)>x</a>", "\u202egnp.exe", "</title><script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_an_article_says_stands_as_text(payload, at_desk, reviewer):
    text = f"The port counted 412 arrivals {payload} in May 2024. It lost 28 of 48 berths."
    article, _ = intake.add_article_text(text=text, title=payload, by=reviewer, now=NOW)
    candidate = article.candidates.order_by("start").first()
    at_desk.post(reverse("desk-candidate", args=[candidate.pk]), {"accept": "1", "text": payload + " 412"})

    for address in (article.get_absolute_url(), reverse("desk-articles"), reverse("desk")):
        raw = at_desk.get(address).content.decode()
        for live in ("<script>alert", "<img src=x", "<svg onload", "<a href=javascript"):
            assert live not in raw
    assert payload in body(at_desk.get(article.get_absolute_url()))
