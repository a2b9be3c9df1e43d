"""What an editor cited and what became of it: answered, opened again when it moves again, and told by mail."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from claims.errors import CitingRefused, NotPermitted
from claims.models import CitationUse, Claim, Digest
from claims.services.citing import answer_use, open_count, record_use, take_answer_back
from claims.services.claims import lift_holds
from claims.services.digests import send_due_digests, want_digest
from tests.claims.stories import corrected, held, page, signed_in, withdrawn
from tests.factories import NOW, EditorFactory, ReviewerFactory, UserFactory, published

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=5)
TODAY = LATER.date()


@pytest.fixture
def editor():
    return EditorFactory(email="kim@news.example", first_name="Kim", last_name="Ito")


def cited(editor, claim: Claim | None = None, article: str = "https://news.example/port") -> CitationUse:
    claim = claim or published()
    return record_use(claim_id=claim.pk, article_url=article, article_title="The port", by=editor, now=NOW)


def answered(use: CitationUse, answer: str, **more) -> CitationUse:
    return answer_use(use_id=use.pk, answer=answer, by=use.used_by, now=LATER, **more)


def is_open(use: CitationUse, today: date = TODAY) -> bool:
    return CitationUse.objects.filter(pk=use.pk).open(today).exists()


@pytest.mark.parametrize("move", [held, corrected, withdrawn])
def test_a_use_is_open_once_its_claim_moves(editor, move):
    use = cited(editor)
    assert not is_open(use)

    move(use.publication.claim)

    assert is_open(use)
    assert open_count(editor, today=TODAY) == 1


def test_a_hold_that_is_lifted_leaves_nothing_to_do(editor):
    use = cited(editor)
    claim = held(use.publication.claim)

    lift_holds(claim_ids=[claim.pk], reason="It says so again.", by=None, now=LATER)

    assert not is_open(use)


def test_what_was_known_when_it_was_cited_is_no_move(editor):
    assert not is_open(cited(editor, held(published())))


ANSWERS = [
    ("fixed", {}),
    ("not_affected", {"reason": "We give no figure."}),
    ("later", {"later_on": TODAY + timedelta(days=3)}),
]


@pytest.mark.parametrize(("answer", "more"), ANSWERS)
def test_an_answer_settles_it_until_the_claim_moves_again(editor, answer, more):
    use = cited(editor)
    claim = held(use.publication.claim)

    answered(use, answer, **more)
    assert not is_open(use)

    corrected(claim)
    assert is_open(use)


def test_later_comes_back_on_its_day(editor):
    use = cited(editor)
    held(use.publication.claim)

    answered(use, "later", later_on=TODAY + timedelta(days=3))

    assert not is_open(use, TODAY + timedelta(days=2))
    assert is_open(use, TODAY + timedelta(days=3))


@pytest.mark.parametrize(
    ("answer", "more", "field"),
    [
        ("not_affected", {"reason": " "}, "reason"),
        ("not_affected", {"reason": "x" * 501}, "reason"),
        ("later", {}, "later_on"),
        ("later", {"later_on": TODAY}, "later_on"),
        ("never", {}, "answer"),
        ("", {}, "answer"),
    ],
)
def test_an_answer_that_lacks_something_is_refused(editor, answer, more, field):
    use = cited(editor)
    held(use.publication.claim)

    with pytest.raises(CitingRefused) as refused:
        answered(use, answer, **more)

    assert refused.value.field == field
    assert is_open(use)


def test_there_is_nothing_to_answer_while_the_claim_stands(editor):
    with pytest.raises(CitingRefused, match="stands as it was cited"):
        answered(cited(editor), "fixed")


def test_an_answer_can_be_taken_back(editor):
    use = cited(editor)
    held(use.publication.claim)
    answered(use, "fixed")

    take_answer_back(use_id=use.pk, by=editor, now=LATER)

    assert is_open(use)


def test_answering_takes_an_editors_account(editor):
    use = cited(editor)
    held(use.publication.claim)

    with pytest.raises(NotPermitted):
        answer_use(use_id=use.pk, answer="fixed", by=UserFactory(), now=LATER)


# -- pages ----------------------------------------------------------------------------------------------
def test_an_editor_answers_on_the_page_and_returns_to_it(editor):
    use, client = cited(editor), signed_in(editor)
    held(use.publication.claim)
    back = f"{reverse('uses-of-article')}?url=https%3A%2F%2Fnews.example%2Fport"
    assert "To look at" in page(client, "uses")

    url = reverse("use-answer", args=[use.pk])
    refused = client.post(url, {"answer": "not_affected", "reason": "", "back": back}, follow=True)
    assert "why the article is not affected" in refused.content.decode()
    done = client.post(url, {"answer": "not_affected", "reason": "<b>No</b> figure.", "back": back})

    assert done.headers["Location"] == f"{back}#use-{use.pk}"
    assert "&lt;b&gt;No&lt;/b&gt; figure." in client.get(back).content.decode()
    elsewhere = client.post(url, {"answer": "undo", "back": "https://evil.example/"})
    assert elsewhere.headers["Location"] == f"/uses#use-{use.pk}"


def test_the_page_of_an_article_lists_what_anybody_cited_in_it(editor):
    other, claim = EditorFactory(first_name="Noor"), published()
    cited(editor)
    cited(other, claim)
    url = f"{reverse('uses-of-article')}?url=https%3A%2F%2Fnews.example%2Fport"

    for reader in (editor, ReviewerFactory()):
        body = signed_in(reader).get(url).content.decode()
        assert claim.text in body and "Noor" in body
    assert signed_in(EditorFactory()).get(url).status_code == 404
    assert signed_in(editor).get(f"{reverse('uses-of-article')}?url=%00").status_code == 404


def test_the_page_of_an_editor_is_theirs_and_the_desks(editor):
    use = cited(editor)
    url = reverse("uses-of-editor", args=[editor.username])

    assert use.publication.claim.text in signed_in(ReviewerFactory()).get(url).content.decode()
    assert signed_in(editor).get(url).headers["Location"] == "/uses"
    assert signed_in(EditorFactory()).get(url).status_code == 404


def test_another_editors_use_can_only_be_answered_from_a_shared_article(editor):
    use = cited(editor)
    held(use.publication.claim)
    stranger, colleague = EditorFactory(), EditorFactory()
    cited(colleague, published())
    url = reverse("use-answer", args=[use.pk])

    assert signed_in(stranger).post(url, {"answer": "fixed"}).status_code == 404
    assert signed_in(colleague).post(url, {"answer": "fixed"}).status_code == 302
    assert not is_open(use)


def test_the_lists_take_a_fixed_number_of_queries(editor, django_assert_max_num_queries):
    for number in range(6):
        held(cited(editor, article=f"https://news.example/{number}").publication.claim)

    client = signed_in(editor)

    with django_assert_max_num_queries(8):
        assert client.get(reverse("uses")).status_code == 200


# -- the mail -------------------------------------------------------------------------------------------
def sweep(at) -> int:
    return send_due_digests(clock=lambda: at)


def test_the_mail_tells_by_article_what_moved_and_where_to_answer(editor):
    use = cited(editor)
    corrected(use.publication.claim)

    assert sweep(NOW + timedelta(days=4)) == 0  # gathered for some minutes
    assert sweep(LATER) == 1

    [message] = mail.outbox
    assert message.to == ["kim@news.example"]
    assert message.subject.endswith("a claim you cited has moved")
    for said in (
        "In The port",
        "https://news.example/port",
        "Corrected: The office mended its return.",
        "(version 1)",
    ):
        assert said in message.body
    assert f"/claims/{use.publication.claim.code}" in message.body and "/uses" in message.body


def test_nothing_is_mailed_twice_and_no_second_mail_within_a_day(editor):
    first, second = cited(editor), cited(editor)
    held(first.publication.claim)
    assert sweep(LATER) == 1
    assert sweep(LATER + timedelta(hours=1)) == 0

    corrected(second.publication.claim)

    assert sweep(LATER + timedelta(hours=23)) == 0
    assert sweep(LATER + timedelta(hours=25)) == 1
    assert first.publication.claim.text not in mail.outbox[1].body
    assert sweep(LATER + timedelta(days=9)) == 0


def test_what_is_settled_before_the_mail_is_not_in_it(editor):
    use = cited(editor)
    held(use.publication.claim)
    answered(use, "fixed")

    assert sweep(LATER) == 0
    assert Digest.objects.get().due_at is None


def test_what_was_put_off_is_mailed_once_more_on_its_day(editor):
    use = cited(editor)
    held(use.publication.claim)
    answered(use, "later", later_on=TODAY + timedelta(days=3))

    assert sweep(LATER) == 0
    assert sweep(LATER + timedelta(days=3)) == 1
    assert sweep(LATER + timedelta(days=6)) == 0


def test_the_mail_can_be_switched_off_and_on(editor):
    client, use = signed_in(editor), cited(editor)
    held(use.publication.claim)

    client.post(reverse("digest-switch"), {"wanted": "0"})
    assert sweep(LATER) == 0
    assert "You are not mailed" in page(client, "uses")

    want_digest(editor_id=editor.pk, is_wanted=True)
    assert sweep(LATER) == 1


def test_mail_that_cannot_be_sent_is_tried_again(editor, settings, tmp_path):
    held(cited(editor).publication.claim)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    assert sweep(LATER) == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sweep(LATER + timedelta(minutes=1)) == 0  # the lease
    assert sweep(LATER + timedelta(minutes=16)) == 1


def test_without_an_address_nothing_is_mailed(settings):
    editor = EditorFactory(email="")
    held(cited(editor).publication.claim)

    call_command("send_digests")

    assert not mail.outbox
    assert "no mail address" in page(signed_in(editor), "uses")
