"""Lists: the queue's shelves, a fixed number of queries, and what the admin's tables let nobody do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Alert, ApiKey, Claim, Rating
from claims.services import claims, intake
from claims.services.access import usable_key
from tests.factories import (
    NOW,
    PAGE,
    ApiClientFactory,
    ClaimantFactory,
    ClaimFactory,
    DeskLeadFactory,
    PublisherFactory,
    ReviewerFactory,
    SnapshotFactory,
    SourceFactory,
    TopicFactory,
    UserFactory,
    decided,
    judged,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def shelf(client, name):
    return {claim.pk for claim in client.get(reverse("desk"), {"show": name}).context["page"]}


def test_every_claim_lies_on_the_shelf_of_what_it_waits_for(at_desk, reviewer):
    fresh, to_check, ready = ClaimFactory(), judged(with_evidence(), by=ReviewerFactory()), decided()
    mine, mine_waits = ClaimFactory(), judged(with_evidence(), by=reviewer)
    claims.assign_claim(claim_id=mine.pk, to=reviewer, by=reviewer, now=NOW)
    published()

    assert shelf(at_desk, "free") == {fresh.pk}
    assert shelf(at_desk, "cross") == {to_check.pk}
    assert shelf(at_desk, "publish") == {ready.pk}
    assert shelf(at_desk, "mine") == {mine.pk, to_check.pk, fresh.pk}
    assert shelf(at_desk, "open") == {fresh.pk, to_check.pk, ready.pk, mine.pk, mine_waits.pk}


def test_what_can_be_published_waits_for_a_desk_lead_who_wrote_none_of_it(as_user, lead):
    theirs = decided(with_evidence(ClaimFactory(drafted_by=lead)))
    ready = decided()

    assert shelf(as_user(lead), "mine") == {ready.pk}
    assert shelf(as_user(DeskLeadFactory()), "mine") == {ready.pk, theirs.pk}


def test_the_queue_is_searched_by_code_and_by_words(at_desk):
    claim = ClaimFactory(text="Ferries carried 90 people.")
    ClaimFactory()

    for search in (claim.code.lower(), "ferries"):
        page = at_desk.get(reverse("desk"), {"show": "open", "q": search}).context["page"]
        assert list(page) == [claim]


@pytest.mark.parametrize("words", ["\x00", "%", "_", "' OR 1=1 --", "\u202e", "x" * 10_000])
def test_any_search_is_answered(words, at_desk):
    claim = ClaimFactory()

    for address, name in [
        (reverse("desk"), "q"),
        (reverse("desk-sources"), "q"),
        (reverse("desk-claim", args=[claim.code]), "find"),
        (reverse("admin:claims_claim_changelist"), "q"),
    ]:
        assert at_desk.get(address, {name: words}).status_code in (200, 302)


def test_pressing_claims_come_first(at_desk):
    calm, urgent = ClaimFactory(), ClaimFactory(priority=Claim.Priority.URGENT)
    overdue = ClaimFactory(review_by="2020-01-01")

    page = at_desk.get(reverse("desk"), {"show": "free"}).context["page"]

    assert [claim.pk for claim in page] == [overdue.pk, urgent.pk, calm.pk]


def _fill(count, reviewer):
    """Add so many rows to every list."""
    for number in range(count):
        claim = with_evidence(ClaimFactory(assignee=ReviewerFactory()), snapshot=SnapshotFactory())
        claim.claimants.add(ClaimantFactory())
        claim.topics.add(TopicFactory())
        intake.add_article_text(text=f"{PAGE} {Claim.objects.count()} {number}", by=reviewer, now=NOW)
        Alert.objects.create(source=SourceFactory(publisher=PublisherFactory()), reason="Changed.", opened_at=NOW)


LISTS = [
    "desk", "desk-articles", "desk-sources", "desk-alerts", "admin:claims_claim_changelist",
    "admin:claims_claimant_changelist", "admin:claims_topic_changelist", "admin:claims_article_changelist",
    "admin:claims_candidate_changelist", "admin:claims_alert_changelist", "admin:sources_source_changelist",
    "admin:sources_publisher_changelist", "desk-scale", "desk-policy", "desk-dashboard",
]  # fmt: skip


def test_no_list_asks_more_queries_for_more_rows(at_desk, reviewer):
    counts = {}
    for size in (3, 27):
        _fill(size, reviewer)
        for name in LISTS:
            address = reverse(name) + ("?show=open" if name == "desk" else "")
            at_desk.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert at_desk.get(address).status_code == 200
            counts.setdefault(name, []).append(len(seen))
    assert {name: few for name, (few, many) in counts.items() if few != many} == {}


def test_a_claim_row_opens_the_desks_own_page(at_desk):
    claim = ClaimFactory()

    listed = at_desk.get(reverse("admin:claims_claim_changelist")).content.decode()
    opened = at_desk.get(reverse("admin:claims_claim_change", args=[claim.pk]))

    assert reverse("desk-claim", args=[claim.code]) in listed
    assert opened.url == reverse("desk-claim", args=[claim.code])


@pytest.mark.parametrize("name", ["claim", "publication", "change", "seal", "correction", "alert", "rating"])
@pytest.mark.parametrize("make", [DeskLeadFactory, lambda: UserFactory(is_superuser=True, is_staff=True)])
def test_nothing_is_deleted_in_the_admin(name, make, as_user):
    claim = published()
    keys = {"change": claim.changes.first().pk, "publication": claim.publications.get().pk, "claim": claim.pk}
    address = reverse(f"admin:claims_{name}_delete", args=[keys.get(name, 1)])

    assert as_user(make()).post(address, {"post": "yes"}).status_code in (302, 403)
    assert Claim.objects.filter(pk=claim.pk).exists() and claim.publications.exists() and claim.changes.exists()
    assert Rating.objects.filter(slug="correct").exists()


def test_a_reviewer_adds_a_topic_and_cannot_touch_the_scale(at_desk):
    at_desk.post(reverse("admin:claims_topic_add"), {"name": "Harbours", "slug": "harbours"})

    assert at_desk.get(reverse("admin:claims_topic_changelist")).content.decode().count("Harbours")
    assert at_desk.get(reverse("admin:claims_rating_add")).status_code == 403


def test_a_rating_in_use_is_retired_and_no_longer_offered(as_user, lead):
    claim = published()
    rating = claim.verdicts.get().rating
    client = as_user(lead)

    client.post(reverse("desk-rating-act", args=[rating.pk, "retire"]))
    rating.refresh_from_db()
    assert rating.retired_at is not None
    offered = (
        client.get(reverse("desk-claim", args=[with_evidence().code])).context["review"].fields["rating"].queryset
    )
    assert rating not in offered


def test_a_key_is_shown_once_and_revoked(as_user, lead):
    owner, client = ApiClientFactory(), as_user(lead)

    answer = client.post(
        reverse("admin:claims_apikey_add"),
        {"name": "Newsroom", "owner": owner.pk, "scopes": ["read"], "expires_at_0": "", "expires_at_1": ""},
    )

    key, record = answer.context["key"], ApiKey.objects.get()
    assert key in answer.content.decode()
    assert usable_key(key=key, now=NOW) == record
    assert (record.owner, record.scopes) == (owner, ["read"])
    page = client.get(reverse("admin:claims_apikey_change", args=[record.pk]))
    assert key not in page.content.decode()

    client.post(reverse("admin:claims_apikey_changelist"), {"action": "revoke", "_selected_action": [record.pk]})
    assert usable_key(key=key, now=NOW) is None


def test_a_reviewer_issues_no_keys(at_desk):
    assert at_desk.get(reverse("admin:claims_apikey_changelist")).status_code == 403
    assert at_desk.get(reverse("admin:claims_apikey_add")).status_code == 403


def test_a_key_is_issued_to_no_other_person(as_user, lead):
    somebody = ReviewerFactory()

    answer = as_user(lead).post(
        reverse("admin:claims_apikey_add"), {"name": "x", "owner": somebody.pk, "scopes": ["write"]}
    )

    assert answer.status_code == 200
    assert not ApiKey.objects.exists()


def test_people_are_looked_at_in_the_admin_and_changed_at_the_desk(at_desk, as_user, lead):
    root, somebody = as_user(UserFactory(is_staff=True, is_superuser=True)), ReviewerFactory()

    assert at_desk.get(reverse("admin:auth_user_changelist")).status_code == 403
    for client in (root, as_user(lead)):
        assert client.get(reverse("admin:auth_user_changelist")).status_code == 200
        assert client.get(reverse("admin:auth_user_add")).status_code == 403
        assert client.get(reverse("admin:auth_group_changelist")).status_code == 200
        leads_to = client.get(reverse("admin:auth_user_change", args=[somebody.pk]))["Location"]
        assert leads_to == reverse("desk-person", args=[somebody.pk])
