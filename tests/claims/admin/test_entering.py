"""Who sees the desk: reviewers and desk leads; everybody else is told, or asked to sign in."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import permissions
from claims.models import Alert
from claims.services import intake
from tests.factories import (
    NOW,
    PAGE,
    ApiClientFactory,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    UserFactory,
    published,
)

pytestmark = pytest.mark.django_db

ROLES = {
    "reviewer": (ReviewerFactory, 200),
    "desk lead": (DeskLeadFactory, 200),
    "editor": (EditorFactory, 403),
    "API client": (ApiClientFactory, 403),
    "nobody in particular": (UserFactory, 403),
}


@pytest.fixture
def pages():
    """Name the address of every page the desk has."""
    claim = published()
    source = claim.evidence.get().snapshot.source
    article, _ = intake.add_article_text(text=PAGE, by=claim.drafted_by, now=NOW)
    alert = Alert.objects.create(source=source, reason="It changed.", opened_at=NOW)
    lists = [
        "claims_claim", "claims_claimant", "claims_topic", "claims_rating", "claims_article", "claims_candidate",
        "claims_alert", "claims_publication", "claims_seal", "claims_correction", "claims_change", "sources_source",
        "sources_publisher",
    ]  # fmt: skip
    return [
        reverse("desk"),
        reverse("desk-articles"),
        reverse("desk-article-new"),
        reverse("desk-claim-new"),
        reverse("desk-article", args=[article.pk]),
        reverse("desk-claim", args=[claim.code]),
        reverse("desk-claim-move", args=[claim.code, "reopen"]),
        reverse("desk-sources"),
        reverse("desk-source", args=[source.pk]),
        reverse("desk-alerts"),
        reverse("desk-alert", args=[alert.pk]),
        reverse("admin:claims_publication_change", args=[claim.publications.get().pk]),
        *(reverse(f"admin:{name}_changelist") for name in lists),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_open_to_the_desk_and_to_nobody_else(role, pages, as_user):
    make, expected = ROLES[role]
    client = as_user(make())

    answers = {page: client.get(page, follow=True).status_code for page in pages}

    assert answers == dict.fromkeys(pages, expected)


def test_a_superuser_sees_every_page(pages, as_user):
    client = as_user(UserFactory(is_superuser=True, is_staff=True))

    assert {client.get(page, follow=True).status_code for page in pages} == {200}


def test_a_visitor_is_asked_to_sign_in_and_brought_back(pages, client):
    for page in pages:
        last, status = client.get(page, follow=True).redirect_chain[-1]
        assert (last, status) == (f"/login?next={page}", 302)


def test_the_refusal_says_which_account_would_do(as_user):
    answer = as_user(EditorFactory(username="eve")).get(reverse("desk"))

    assert answer.status_code == 403
    assert "open to reviewers and desk leads" in answer.content.decode()
    assert "eve" in answer.content.decode()


def test_losing_the_role_closes_the_desk_with_the_next_request(reviewer, at_desk):
    assert at_desk.get(reverse("desk")).status_code == 200

    reviewer.groups.remove(Group.objects.get(name=permissions.REVIEWERS))

    assert at_desk.get(reverse("desk")).status_code == 403


def test_only_admin_pages_are_given_the_relaxed_policy(at_desk, client):
    policy = at_desk.get(reverse("desk"))["Content-Security-Policy"]
    elsewhere = client.get("/nowhere")["Content-Security-Policy"]

    assert "'unsafe-eval'" in policy
    assert "http:" not in policy and "https:" not in policy
    assert "unsafe" not in elsewhere


def test_looking_at_a_page_changes_nothing(pages, at_desk):
    with CaptureQueriesContext(connection) as seen:
        for page in pages:
            at_desk.get(page)

    words = {query["sql"].split()[0].upper() for query in seen.captured_queries}
    assert words <= {"SELECT", "DECLARE"}  # DECLARE: PostgreSQL reads long lists by a cursor


POSTED = [
    "desk-article-read", "desk-article-capture", "desk-candidate-add", "desk-candidate", "desk-candidate-restore",
    "desk-evidence-stance", "desk-evidence-remove", "desk-source-check", "desk-source-edit", "desk-source-capture",
    "desk-source-confirm-date", "desk-alert-answer",
]  # fmt: skip
POSTED_BY_CODE = [
    "desk-claim-edit", "desk-claim-assign", "desk-claim-note", "desk-evidence-attach", "desk-evidence-source",
    "desk-claim-review", "desk-claim-verdict",
]  # fmt: skip


@pytest.mark.parametrize("name", [*POSTED, *POSTED_BY_CODE])
def test_what_changes_something_is_posted(name, at_desk):
    address = reverse(name, args=["0000-0000" if name in POSTED_BY_CODE else 1])

    assert at_desk.get(address).status_code == 405


@pytest.mark.parametrize("name", [*POSTED, *POSTED_BY_CODE])
def test_an_editor_changes_nothing_here(name, as_user):
    address = reverse(name, args=["0000-0000" if name in POSTED_BY_CODE else 1])

    assert as_user(EditorFactory()).post(address).status_code == 403
