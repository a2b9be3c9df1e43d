"""The desk's policy: the settings until a desk lead says otherwise, and what is counted by it."""

from datetime import timedelta

import pytest

from claims.errors import NotPermitted, PolicyRefused, StaleVersion
from claims.models import Claim, Policy
from claims.services.policies import VALUES, change_policy, current_policy
from tests.factories import NOW, ClaimFactory, DeskLeadFactory, ReviewerFactory, decided, judged, with_evidence

pytestmark = pytest.mark.django_db


def changed(**values):
    return change_policy(version=current_policy().version, by=DeskLeadFactory(), now=NOW, **values)


def test_without_a_row_the_settings_hold(settings, django_assert_num_queries):
    settings.REVIEWS_REQUIRED = 3

    with django_assert_num_queries(1):
        policy = current_policy()

    assert (policy.reviews_required, policy.origins_required, policy.version) == (3, 1, 0)


def test_a_value_of_the_row_holds_before_the_setting_and_an_empty_one_does_not(settings):
    changed(reviews_required=3, review_by_days=180)
    assert (current_policy().reviews_required, current_policy().review_by_days) == (3, 180)

    settings.REVIEWS_REQUIRED = 5
    assert changed(reviews_required=None).reviews_required == 5
    assert current_policy().review_by_days == 180


def test_each_change_stands_in_the_history_with_who():
    lead = DeskLeadFactory()
    change_policy(version=0, by=lead, now=NOW, origins_required=2)
    change_policy(version=1, by=lead, now=NOW, origins_required=3)

    assert [(row.origins_required, row.history_user) for row in Policy.history.order_by("history_id")] == [
        (2, lead), (3, lead),
    ]  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("end", [0, 1])
def test_a_value_out_of_range_is_refused_at_its_field(name, end):
    _, *ends = VALUES[name]

    with pytest.raises(PolicyRefused) as refusal:
        changed(**{name: ends[end] + (-1, 1)[end]})

    assert refusal.value.field == name
    assert not Policy.objects.exists()


def test_a_stale_change_is_refused():
    changed(origins_required=2)

    with pytest.raises(StaleVersion):
        change_policy(version=0, by=DeskLeadFactory(), now=NOW, origins_required=4)


def test_a_reviewer_cannot_change_it():
    with pytest.raises(NotPermitted):
        change_policy(version=0, by=ReviewerFactory(), now=NOW, reviews_required=1)


def test_as_many_must_agree_as_the_policy_says():
    changed(reviews_required=3)
    claim = with_evidence()

    for reviewers in range(1, 4):
        judged(claim, by=ReviewerFactory())
        assert (claim.workflow == Claim.Workflow.COMPLETED) == (reviewers == 3)


@pytest.mark.parametrize(("priority", "days"), [(1, 30), (2, 30), (3, 180), (5, 180)])
def test_a_decided_claim_gets_a_day_to_be_looked_at_again(priority, days):
    changed(review_by_days=180, review_by_days_pressing=30)

    claim = decided(with_evidence(ClaimFactory(priority=priority)))

    assert claim.review_by == NOW.date() + timedelta(days=days)


def test_a_day_that_a_person_set_stays():
    changed(review_by_days=180)
    day = NOW.date() + timedelta(days=9)

    assert decided(with_evidence(ClaimFactory(review_by=day))).review_by == day
