"""The queue's rows, filters and changes to many, and the desk's pages about itself, through the test client."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Appearance, Claim, Evidence, Figure, RuleOverride
from claims.services import claims, presence
from claims.services.policies import change_policy
from tests.factories import (
    NOW,
    ClaimFactory,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    SnapshotFactory,
    SourceFactory,
    decided,
    judged,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db

TABLE = {"figures-TOTAL_FORMS": 2, "figures-INITIAL_FORMS": 1}


def listed(client, **given):
    return [claim.pk for claim in client.get(reverse("desk"), given).context["page"]]


def body(response):
    return " ".join(response.content.decode().split())


def test_my_queue_is_mine_then_the_unassigned_each_by_alert_lateness_priority_and_age(at_desk, reviewer):
    later = NOW.replace(hour=10)
    free, late = ClaimFactory(created_at=later), ClaimFactory(review_by="2020-01-01", priority=5)
    mine, pressing = ClaimFactory(priority=4), ClaimFactory(priority=1, created_at=later)
    for claim in (mine, pressing):
        claims.assign_claim(claim_id=claim.pk, to=reviewer, by=reviewer, now=NOW)
    old = ClaimFactory()

    assert listed(at_desk) == [pressing.pk, mine.pk, late.pk, old.pk, free.pk]
    assert at_desk.get(reverse("desk")).context["shelves"][0] == ("mine", "My queue", 2)
    assert body(at_desk.get(reverse("desk"))).index("Unassigned</h3>") > 0


def test_a_page_of_my_queue_goes_over_from_one_part_to_the_other(at_desk, reviewer):
    ids = [ClaimFactory().pk for _ in range(40)]
    for pk in ids[:20]:
        claims.assign_claim(claim_id=pk, to=reviewer, by=reviewer, now=NOW)

    assert listed(at_desk) + listed(at_desk, page=2) == ids


def test_a_row_says_what_a_reviewer_asks(at_desk, reviewer):
    wire = SourceFactory()
    claim = with_evidence(snapshot=SnapshotFactory(source=SourceFactory(origin=wire, link_state="dead")))
    with_evidence(claim, snapshot=SnapshotFactory(source=SourceFactory(origin=wire, link_state="live")))
    presence.be_present(claim=claim, person=ReviewerFactory(first_name="Tom"), now=timezone.now())

    shown = body(at_desk.get(reverse("desk")))

    for words in (claim.code, "412 arrivals", "2 passages, 1 independent origin", "Dead", "Tom looking now", "Judge"):
        assert words in shown


def test_a_dispute_says_that_a_third_decides_and_not_what(at_desk):
    claim = with_evidence()
    judged(claim, by=ReviewerFactory(), slug="correct")
    judged(claim, by=ReviewerFactory(), slug="incorrect")

    shown = body(at_desk.get(reverse("desk")))

    assert "Decide as the third" in shown and "Incorrect" not in shown


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"only": "overdue"}, {"late"}),
        ({"only": "figures"}, {"figured"}),
        ({"priority": "1"}, {"urgent"}),
        ({"q": "ferries"}, {"figured"}),
        ({"priority": "9", "only": "?", "topic": "none\x00"}, set()),
    ],
)
def test_the_queue_is_narrowed(given, expected, at_desk):
    found = {
        "late": ClaimFactory(review_by="2020-01-01"),
        "urgent": ClaimFactory(priority=1),
        "figured": ClaimFactory(text="Ferries carried 90 people."),
    }
    Figure.objects.create(claim=found["figured"], text="90 people", low=90, high=90)

    assert set(listed(at_desk, show="free", **given)) == {found[name].pk for name in expected}


def test_a_filter_is_saved_shown_and_removed(at_desk):
    ClaimFactory()
    at_desk.post(reverse("desk-filter-save"), {"show": "free", "only": "overdue", "name": "Late & <b>free</b>"})

    shown = at_desk.get(reverse("desk"), {"show": "free", "only": "overdue"})
    assert "Late &amp; &lt;b&gt;free&lt;/b&gt;" in body(shown)
    (saved,) = shown.context["saved"]
    at_desk.post(reverse("desk-filter-remove", args=[saved.pk]))
    assert not at_desk.get(reverse("desk")).context["saved"]


def many(count):
    """Add claims with everything a row shows, by the table."""
    start = Claim.objects.count()
    by, snapshot = ReviewerFactory(), SnapshotFactory()
    Claim.objects.bulk_create(
        Claim(text=f"Claim {n}", drafted_by=by, created_at=NOW, updated_at=NOW, workflow="in_progress")
        for n in range(start, start + count)
    )
    new = Claim.objects.order_by("pk")[start:]
    Figure.objects.bulk_create(Figure(claim=claim, text="3 ships", low=3, high=3) for claim in new)
    passage = {"snapshot": snapshot, "quote": "Harbour", "start": 0, "end": 7, "added_by": by, "added_at": NOW}
    Appearance.objects.bulk_create(Appearance(claim=claim, **passage) for claim in new)
    Evidence.objects.bulk_create(
        Evidence(claim=claim, stance="supports", accepted_by=by, accepted_at=NOW, confirmed_at=NOW, **passage)
        for claim in new
    )


@pytest.mark.parametrize("given", [{}, {"show": "open"}, {"show": "free", "q": "claim", "only": "figures"}])
def test_the_queue_asks_the_same_queries_at_ten_rows_and_at_a_thousand(given, at_desk):
    many(10)
    counts = []
    for more in (0, 990):
        many(more)
        at_desk.get(reverse("desk"), given)
        with CaptureQueriesContext(connection) as asked:
            at_desk.get(reverse("desk"), given)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 45


# -- changes to many -------------------------------------------------------------------------------------


def test_a_change_to_many_is_shown_made_told_and_undone(at_desk, reviewer):
    one, two = ClaimFactory(), ClaimFactory(priority=1)
    asked = {"kind": "priority", "priority": "1", "claim": [one.pk, two.pk], "view": "show=free"}

    before = at_desk.post(reverse("desk-bulk"), asked)
    assert "1 of 2 claims would change" in body(before) and "It is so already." in body(before)
    assert Claim.objects.get(pk=one.pk).priority == 3

    after = at_desk.post(reverse("desk-bulk"), {**asked, "confirmed": 1}, follow=True)
    assert "1 of 2 claims changed" in body(after) and "It is so already." in body(after)
    assert Claim.objects.get(pk=one.pk).priority == 1
    undone = at_desk.post(after.redirect_chain[-1][0], follow=True)
    assert "Undone by" in body(undone) and Claim.objects.get(pk=one.pk).priority == 3


def test_many_are_assigned_to_me(at_desk, reviewer):
    claim = ClaimFactory()
    shown = at_desk.post(reverse("desk-bulk"), {"kind": "me", "claim": claim.pk})
    assert f'name="assign" value="{reviewer.pk}"' in body(shown)
    at_desk.post(reverse("desk-bulk"), {"kind": "assign", "assign": reviewer.pk, "claim": claim.pk, "confirmed": 1})
    assert Claim.objects.get(pk=claim.pk).assignee == reviewer


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "priority", "priority": "1"},
        {"kind": "drop", "claim": 1},
        {"kind": "review_by", "review_by": "x", "claim": 1},
        {"kind": "assign", "assign": "99999", "claim": 1},
        {"kind": "priority", "priority": "1", "claim": "9" * 40},
    ],
)
def test_what_cannot_be_changed_so_is_said_on_the_queue(given, at_desk):
    ClaimFactory()
    answer = at_desk.post(reverse("desk-bulk"), given, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("desk"))
    assert "news__one--error" in body(answer)


# -- the claim's page ------------------------------------------------------------------------------------


def test_a_passage_stands_in_its_paragraph_beside_the_claims_figures(at_desk):
    claim = with_evidence(ClaimFactory(text="The harbour office counted 398 arrivals in May."))
    claims.read_claim_figures(claim, now=NOW)

    shown = at_desk.get(reverse("desk-claim", args=[claim.code]))

    (item,) = shown.context["evidence"]
    assert item.wording.before.startswith("Weather was mild.") and item.wording.after.strip().startswith("Repairs")
    assert ("412 arrivals", "conflicts") in [(figure.source, figure.words) for figure in item.agreement]
    assert "Source says 412 arrivals: conflicts" in body(shown)
    assert f"{item.snapshot.source.url}#:~:text=" in body(shown)


def test_the_diff_is_offered_once_there_is_a_newer_snapshot(at_desk):
    claim = with_evidence()
    (item,) = at_desk.get(reverse("desk-claim", args=[claim.code])).context["evidence"]
    assert item.differs == ""
    newer = SnapshotFactory(source=item.snapshot.source, fetched_at=NOW.replace(hour=12), text="Other words.")
    (item,) = at_desk.get(reverse("desk-claim", args=[claim.code])).context["evidence"]
    assert item.differs.endswith(f"?from={item.snapshot_id}&to={newer.pk}")
    assert at_desk.get(item.differs).status_code == 200


def test_figures_are_edited_and_a_stale_save_keeps_both(at_desk):
    claim = with_evidence()
    address = reverse("desk-claim-figures", args=[claim.code])
    row = {
        "figures-0-text": "413 arrivals",
        "figures-0-low": "413",
        "figures-0-high": "413",
        "figures-0-unit": "arrivals",
    }
    answer = at_desk.post(address, {**TABLE, **row, "version": claim.version})
    assert answer.status_code == 302 and str(claim.figures.get()) == "413 arrivals"

    stale = at_desk.post(address, {**TABLE, **row, "figures-0-text": "414 arrivals", "version": claim.version})
    assert stale.status_code == 412
    assert "Somebody saved this claim while you edited its figures" in body(stale)
    assert "414 arrivals" in body(stale) and "413 arrivals: 413 arrivals" in body(stale)

    wrong = at_desk.post(address, {**TABLE, **row, "figures-0-low": "many", "version": claim.version + 1})
    assert wrong.status_code == 400 and "Enter a number" in body(wrong)


def test_judging_goes_on_to_the_next_claim_of_the_queue(at_desk, reviewer):
    one, two = with_evidence(ClaimFactory(priority=1)), with_evidence(ClaimFactory(priority=2))
    given = {"version": one.version, "rating": 1, "rationale": "The log."}
    answer = at_desk.post(reverse("desk-claim-review", args=[one.code]), {**given, "next": two.code})
    assert answer.url == reverse("desk-claim", args=[two.code])

    given["version"] = two.version
    answer = at_desk.post(reverse("desk-claim-review", args=[two.code]), {**given, "next": ""})
    assert answer.url == reverse("desk")


def test_a_rule_that_is_not_met_is_named_and_a_lead_makes_an_exception(as_user, at_desk, lead):
    change_policy(version=0, by=lead, now=NOW, origins_required=2)
    claim = decided()
    page, override = reverse("desk-claim", args=[claim.code]), reverse("desk-claim-override", args=[claim.code])
    given = {"rule": "independent_origins", "reason": "It is the register."}
    assert "1 independent origin; 2 are required" in body(at_desk.get(page))
    assert "Make an exception" not in body(at_desk.get(page))
    assert at_desk.post(override, given).status_code == 403

    client = as_user(DeskLeadFactory())
    assert "Publish this revision" not in body(client.get(page))
    empty = client.post(override, {**given, "reason": ""})
    assert empty.status_code == 409 and "Say why the rule does not apply" in body(empty)
    client.post(override, given)
    shown = body(client.get(page))
    assert "Publish this revision" in shown and "It is the register." in shown
    assert RuleOverride.objects.get().given_by.username


def test_changes_are_requested_from_the_page(at_desk):
    claim = judged(with_evidence(), by=ReviewerFactory())
    address = reverse("desk-claim-request", args=[claim.code])
    assert "Say what has to change" in body(at_desk.post(address, {"comment": ""}))
    at_desk.post(address, {"comment": "Name the year."})
    claim.refresh_from_db()
    assert (claim.workflow, claim.workflow_reason) == ("reopened", "Name the year.")


def test_presence_and_version_are_told_to_an_open_page(as_user, at_desk, reviewer):
    claim = ClaimFactory()
    address = reverse("desk-claim-here", args=[claim.code])
    at_desk.post(address)
    told = as_user(ReviewerFactory()).post(address).json()
    assert told == {"others": [reviewer.get_full_name()], "version": claim.version}
    at_desk.post(address, {"gone": 1})
    assert as_user(ReviewerFactory()).post(address).json()["others"] != [reviewer.get_full_name()]
    assert as_user(EditorFactory()).post(address).status_code == 403


# -- the desk about itself -------------------------------------------------------------------------------


def test_keys_are_changed_refused_and_given_back(at_desk, reviewer):
    address = reverse("desk-keys")
    usual = at_desk.get(address).context["keys"].of
    taken = at_desk.post(address, {**usual, "keys_on": "on", "note": "j"})
    assert taken.status_code == 400 and "is taken by" in body(taken)
    at_desk.post(address, {**usual, "note": "w"})
    claim = reverse("desk-claim", args=[ClaimFactory().code])
    assert "data-keys=" not in body(at_desk.get(claim)) and "<kbd>n</kbd>" not in body(at_desk.get(claim))
    at_desk.post(address, {"usual": 1})
    assert "data-keys=" in body(at_desk.get(claim))


def test_agreement_is_shown_to_the_desk_alone(at_desk, as_user):
    assert "Nothing to compare yet" in body(at_desk.get(reverse("desk-agreement")))
    published()
    assert "In 100 % of 1 cross-checked round" in body(at_desk.get(reverse("desk-agreement"), {"days": 0}))
    assert as_user(EditorFactory()).get(reverse("desk-agreement")).status_code == 403
