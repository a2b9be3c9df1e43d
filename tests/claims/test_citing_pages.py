"""What an editor records, and what moved since."""

import pytest
from django.urls import reverse

from claims.models import CitationUse
from claims.services.citing import record_use
from tests.claims.stories import corrected, held, page, signed_in, withdrawn
from tests.factories import (
    NOW,
    EditorFactory,
    UserFactory,
    decided,
    published,
)

pytestmark = pytest.mark.django_db


def test_an_editor_records_a_use_and_sees_what_moved():
    editor, claim, still = EditorFactory(), published(), published()
    client = signed_in(editor)
    form = {"article_url": "https://news.example/port", "article_title": "A <b>boom</b>"}

    response = client.post(reverse("claim-use", args=[claim.code]), form, follow=True)
    client.post(reverse("claim-use", args=[claim.code]), form)
    record_use(claim_id=still.pk, article_url="https://news.example/2", article_title="", by=editor, now=NOW)

    assert "Recorded: A &lt;b&gt;boom&lt;/b&gt; cites version 1" in response.content.decode()
    assert CitationUse.objects.filter(publication__claim=claim).count() == 1
    assert "Unchanged" in page(client, "uses")

    corrected(claim)
    body = page(client, "uses")
    assert "The office mended its return." in body and "The office counted 401." in body
    assert body.index(claim.code) < body.index(still.code)

    held(claim)
    assert "The report now says 409." in page(client, "uses")
    withdrawn(claim)
    assert "The return was a forgery." in page(client, "uses")


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "http://127.0.0.1/", "https://a.example/" + "x" * 2048, "h\x00"]
)
def test_a_refused_address_is_said_beside_the_form_and_kept(url):
    claim = published()

    response = signed_in(EditorFactory()).post(
        reverse("claim-use", args=[claim.code]), {"article_url": url, "article_title": "Kept words"}
    )

    assert 400 <= response.status_code < 500
    body = response.content.decode()
    assert 'id="use-error"' in body and "Kept words" in body
    assert not CitationUse.objects.exists()


def test_recording_a_use_takes_an_editors_account(client):
    claim = published()
    url = reverse("claim-use", args=[claim.code])

    assert client.post(url).headers["Location"] == f"/login?next=/claims/{claim.code}"
    assert signed_in(UserFactory()).post(url).status_code == 403
    assert signed_in(UserFactory()).get(reverse("uses")).status_code == 403
    assert client.get(reverse("uses")).headers["Location"] == "/login?next=/uses"
    assert signed_in(EditorFactory()).post(reverse("claim-use", args=[decided().code])).status_code == 404
    assert client.get(url).headers["Location"] == f"/claims/{claim.code}"
    assert client.put(url).status_code == 405
    assert "Record where you cite it" not in page(client, "claim", claim.code)
