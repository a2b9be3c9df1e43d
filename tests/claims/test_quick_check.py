"""A draft beside the published claims."""

import pytest
from django.urls import reverse

from claims.services.quick_check import SENTENCES_LIMIT
from tests.claims.stories import held, signed_in, withdrawn
from tests.factories import ClaimFactory, EditorFactory, UserFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db

DRAFT = "It rained in Saltmere. The Civic Union lost 28 of its 48 seats in Saltmere. <b>Nobody</b> wept."


@pytest.fixture
def editor():
    return signed_in(EditorFactory())


def seats(text: str = "The Civic Union lost 28 of its 48 seats in Saltmere."):
    return decided(with_evidence(ClaimFactory(text=text)))


def test_a_covered_sentence_has_its_verdict_and_citation_beside_it(editor):
    claim = published(seats())

    body = editor.post(reverse("check"), {"text": DRAFT}).content.decode()

    assert "1 of 3 sentences covered" in body
    assert claim.code in body and f"claim {claim.code}, version 1" in body
    assert "&lt;b&gt;Nobody&lt;/b&gt; wept." in body
    held(claim)
    assert "The report now says 409." in editor.post(reverse("check"), {"text": DRAFT}).content.decode()
    withdrawn(claim)
    assert claim.code not in editor.post(reverse("check"), {"text": DRAFT}).content.decode()


def test_other_figures_are_said(editor):
    published(seats("The Civic Union lost 23 of its 48 seats in Saltmere."))

    assert "gives other figures" in editor.post(reverse("check"), {"text": DRAFT}).content.decode()


def test_what_is_not_published_covers_nothing(editor):
    claim = seats()

    assert claim.code not in editor.post(reverse("check"), {"text": DRAFT}).content.decode()


@pytest.mark.parametrize("text", ["", " \n\x00", "word " * 12_000])
def test_a_draft_that_cannot_be_read_is_refused_and_kept(editor, text):
    response = editor.post(reverse("check"), {"text": text})

    assert response.status_code == 400 and 'id="text-error"' in response.content.decode()


def test_a_long_draft_is_read_in_a_fixed_number_of_queries(editor, django_assert_max_num_queries):
    published(seats())
    editor.post(reverse("check"), {"text": DRAFT})
    text = DRAFT * SENTENCES_LIMIT

    with django_assert_max_num_queries(8):
        body = editor.post(reverse("check"), {"text": text[:45_000]}).content.decode()

    assert "were not read" in body


def test_the_quick_check_is_for_editors(client):
    assert client.get(reverse("check")).headers["Location"] == "/login?next=/check"
    assert signed_in(UserFactory()).get(reverse("check")).status_code == 403
