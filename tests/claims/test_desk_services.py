"""The desk's own rows: presence that expires, mentions, keys, filters, changes to many, exceptions, agreement."""

import json
from datetime import timedelta

import pytest

from claims.errors import (
    BulkRefused,
    ClaimRefused,
    NotPermitted,
    OverrideRefused,
    PreferenceRefused,
    ReviewRefused,
    StaleVersion,
    TwoPersonRule,
)
from claims.models import BulkAction, Claim, Mention, Presence, RuleOverride, Seal
from claims.services import bulk, claims, mentions, preferences, presence, publishing, reviews, rules
from claims.services.agreement import agreement
from claims.services.figures import FigureValues, edit_figures
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
    rating,
    with_evidence,
)

pytestmark = pytest.mark.django_db


# -- presence and mentions -------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "is_there"), [(0, True), (59, True), (60, False)])
def test_presence_holds_until_it_falls_silent(seconds, is_there):
    claim, person, me = ClaimFactory(), ReviewerFactory(), ReviewerFactory()
    presence.be_present(claim=claim, person=person, now=NOW)
    presence.be_present(claim=claim, person=me, now=NOW)

    found = presence.present_at([claim.pk], besides=me, now=NOW + timedelta(seconds=seconds))

    assert found == ({claim.pk: [person]} if is_there else {})


def test_presence_is_one_row_that_is_left_or_swept_away():
    claim, person = ClaimFactory(), ReviewerFactory()
    for _ in range(2):
        presence.be_present(claim=claim, person=person, now=NOW)
    assert Presence.objects.count() == 1
    presence.leave(claim=claim, person=person)
    assert not Presence.objects.exists()

    presence.be_present(claim=claim, person=person, now=NOW)
    presence.be_present(claim=claim, person=ReviewerFactory(), now=NOW + timedelta(hours=2))
    assert Presence.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@tom look", {"tom"}),
        ("Ask @Tom.", {"tom"}),
        ("@tom and @lea, both", {"tom", "lea"}),
        ("mail tom@lea.example", set()),
        ("@nobody, @edda", set()),
        ("@rosa, myself", set()),
        ("@tomcat", set()),
    ],
)
def test_a_note_tells_the_colleagues_it_names(text, named):
    rosa = ReviewerFactory(username="rosa")
    ReviewerFactory(username="tom"), DeskLeadFactory(username="lea"), EditorFactory(username="edda")

    claims.add_note(claim_id=ClaimFactory().pk, author=rosa, text=text, now=NOW)

    assert {mention.person.username for mention in Mention.objects.all()} == named


def test_a_mention_is_unread_until_it_is_read():
    tom, claim = ReviewerFactory(username="tom"), ClaimFactory()
    claims.add_note(claim_id=claim.pk, author=ReviewerFactory(), text="@tom", now=NOW)
    assert [mention.note.claim for mention in mentions.unread_mentions(tom)] == [claim]

    assert mentions.read_mentions(person=ReviewerFactory(), now=NOW) == 0
    assert mentions.read_mentions(person=tom, now=NOW, claim=ClaimFactory()) == 0
    assert mentions.read_mentions(person=tom, now=NOW, claim=claim) == 1
    assert not mentions.unread_mentions(tom).exists()


# -- keys and filters ------------------------------------------------------------------------------------


def test_keys_are_the_usual_ones_until_somebody_sets_their_own():
    person = ReviewerFactory()
    assert preferences.keys_of(person).of["assign"] == "a"

    preferences.set_keys(person=person, keys_on=False, keys={"assign": "m", "unknown": "z"})

    assert preferences.keys_of(person).of["assign"] == "m"
    assert not preferences.keys_of(person).are_on
    assert preferences.keys_of(ReviewerFactory()).of["assign"] == "a"


@pytest.mark.parametrize(("key", "why"), [("7", "digits"), ("jj", "one character"), ("j", "taken"), ("\x07", "one")])
def test_a_key_that_cannot_be_is_refused_at_its_action(key, why):
    with pytest.raises(PreferenceRefused, match=why) as refusal:
        preferences.set_keys(person=ReviewerFactory(), keys_on=True, keys={"tick": key})

    assert refusal.value.field == "tick"


def test_two_keys_can_be_exchanged():
    person = ReviewerFactory()
    preferences.set_keys(person=person, keys_on=True, keys={"next": "k", "previous": "j"})

    assert (preferences.keys_of(person).of["next"], preferences.keys_of(person).of["previous"]) == ("k", "j")


def test_a_filter_is_kept_per_person_and_replaced_by_name(settings):
    person, other = ReviewerFactory(), ReviewerFactory()
    preferences.save_filter(person=person, name=" Late  ones ", query="only=overdue")
    kept = preferences.save_filter(person=person, name="Late ones", query="only=alert")
    assert kept.query == "only=alert"

    preferences.remove_filter(person=other, pk=kept.pk)
    kept.refresh_from_db()
    preferences.remove_filter(person=person, pk=kept.pk)
    with pytest.raises(PreferenceRefused):
        preferences.save_filter(person=person, name="  ", query="")


# -- changes to many -------------------------------------------------------------------------------------


def test_a_change_to_many_says_beforehand_what_it_does_and_afterwards_what_it_did():
    me, open_one = ReviewerFactory(), ClaimFactory()
    mine, dropped = ClaimFactory(), ClaimFactory()
    claims.assign_claim(claim_id=mine.pk, to=me, by=me, now=NOW)
    claims.drop_claim(claim_id=dropped.pk, reason="No.", by=me, now=NOW)
    asked = {"kind": "assign", "value": str(me.pk), "claim_ids": [open_one.pk, mine.pk, dropped.pk], "by": me}

    foreseen = {item.claim.pk: item.reason for item in bulk.preview(**asked)}
    action = bulk.apply(**asked, now=NOW)

    told = {outcome.claim_id: outcome.reason for outcome in action.outcomes.all()}
    assert foreseen == told == {open_one.pk: "", mine.pk: "It is so already.", dropped.pk: "It is dropped."}
    open_one.refresh_from_db()
    assert (open_one.assignee, open_one.workflow) == (me, "in_progress")


@pytest.mark.parametrize(
    ("kind", "value", "field", "before"),
    [
        ("priority", "1", "priority", 3),
        ("review_by", "2027-01-02", "review_by", None),
        ("review_by", "", "review_by", NOW.date()),
    ],
)
def test_it_is_undone_once_and_never_over_a_later_save(kind, value, field, before):
    me = ReviewerFactory()
    one, two = ClaimFactory(**{field: before}), ClaimFactory(**{field: before})
    action = bulk.apply(kind=kind, value=value, claim_ids=[one.pk, two.pk], by=me, now=NOW)
    two.refresh_from_db()
    claims.edit_claim(claim_id=two.pk, version=two.version, by=me, now=NOW, context="Seen since.")
    after = getattr(Claim.objects.get(pk=two.pk), field)

    bulk.undo(action_id=action.pk, by=me, now=NOW)

    assert getattr(Claim.objects.get(pk=one.pk), field) == before
    assert getattr(Claim.objects.get(pk=two.pk), field) == after != before
    assert [outcome.is_undone for outcome in action.outcomes.all()] == [True, False]
    assert "saved this claim since" in action.outcomes.last().undo_reason
    with pytest.raises(BulkRefused, match="already"):
        bulk.undo(action_id=action.pk, by=me, now=NOW)


@pytest.mark.parametrize(
    ("kind", "value", "count"),
    [("priority", "9", 1), ("assign", "x", 1), ("review_by", "tomorrow", 1), ("drop", "", 1), ("priority", "1", 0),
     ("priority", "1", 201), ("assign", "9" * 30, 1)],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_as_a_whole(kind, value, count):
    with pytest.raises(BulkRefused):
        bulk.apply(kind=kind, value=value, claim_ids=range(1, count + 1), by=ReviewerFactory(), now=NOW)
    assert not BulkAction.objects.exists()


def test_only_whoever_made_it_or_a_lead_undoes_it():
    action = bulk.apply(kind="priority", value="1", claim_ids=[ClaimFactory().pk], by=ReviewerFactory(), now=NOW)
    with pytest.raises(BulkRefused, match="desk lead"):
        bulk.undo(action_id=action.pk, by=ReviewerFactory(), now=NOW)
    bulk.undo(action_id=action.pk, by=DeskLeadFactory(), now=NOW)


# -- figures ---------------------------------------------------------------------------------------------


def test_figures_are_set_right_as_data_and_the_history_keeps_both():
    claim = with_evidence(ClaimFactory(text="The harbour counted 412 arrivals."))
    me = ReviewerFactory()
    edit_figures(
        claim_id=claim.pk, version=claim.version, by=me, now=NOW,
        figures=[FigureValues(text="412 arrivals", low=412, high=412, unit="arrivals", period="May")],
    )  # fmt: skip
    figure = claim.figures.get()
    edit_figures(
        claim_id=claim.pk, version=claim.version + 1, by=me, now=NOW,
        figures=[FigureValues(pk=figure.pk, text="412 arrivals", low=410, high=415, unit="arrivals")],
    )  # fmt: skip

    assert [(row.low, row.period) for row in figure.history.order_by("history_id")] == [(412, "May"), (410, "")]
    claim.refresh_from_db()
    edit_figures(claim_id=claim.pk, version=claim.version, by=me, now=NOW, figures=[])
    assert not claim.figures.exists()
    with pytest.raises(StaleVersion):
        edit_figures(claim_id=claim.pk, version=claim.version, by=me, now=NOW, figures=[])


@pytest.mark.parametrize(
    "values",
    [{"text": ""}, {"text": "none"}, {"text": "ends", "low": 3, "high": 2}, {"text": "large", "low": 10**18}],
)
def test_an_impossible_figure_is_refused(values):
    claim = ClaimFactory()
    with pytest.raises(ClaimRefused):
        edit_figures(claim_id=claim.pk, version=1, by=ReviewerFactory(), now=NOW, figures=[FigureValues(**values)])


def test_judged_figures_are_not_edited():
    claim = judged(with_evidence(), by=ReviewerFactory())
    with pytest.raises(ClaimRefused, match="Reopen"):
        edit_figures(claim_id=claim.pk, version=claim.version, by=ReviewerFactory(), now=NOW, figures=[])


# -- rules and exceptions --------------------------------------------------------------------------------


def two_origins():
    change_policy(version=0, by=DeskLeadFactory(), now=NOW, origins_required=2)


def test_one_origin_is_not_two_and_a_leads_exception_is_sealed_with_its_reason():
    two_origins()
    claim, lead = decided(), DeskLeadFactory()
    revision = publishing.revision_of(claim)
    with pytest.raises(publishing.PublishingMoveRefused, match="1 independent origin; 2 are required"):
        publishing.publish_claim(claim_id=claim.pk, by=lead, revision_sha256=revision.sha256, now=NOW)

    rules.override_rule(
        claim_id=claim.pk, rule="independent_origins", reason="The register is the only record.", by=lead, now=NOW
    )
    published(claim, by=lead)

    sealed = {rule["rule"]: rule for rule in json.loads(Seal.objects.first().document)["rules"]}
    assert sealed["independent_origins"] == {
        "rule": "independent_origins", "required": 2, "found": 1, "result": "overridden",
        "reason": "The register is the only record.",
    }  # fmt: skip
    assert claim.history.filter(history_change_reason="overridden", history_user=lead).exists()


def test_five_papers_with_one_wire_story_are_one_origin():
    two_origins()
    wire = SourceFactory()
    claim = with_evidence(snapshot=SnapshotFactory(source=SourceFactory(origin=wire)))
    with_evidence(claim, snapshot=SnapshotFactory(source=SourceFactory(origin=wire)))
    unmet = {rule.name for rule in rules.rules_for_publishing(claim) if rule.holds_up}
    assert unmet == {"independent_origins"}

    with_evidence(claim, snapshot=SnapshotFactory())
    assert not any(rule.holds_up for rule in rules.rules_for_publishing(claim))


def test_a_claim_without_evidence_is_judged_by_a_leads_exception_alone():
    claim = ClaimFactory(workflow="in_progress")
    reviewer = ReviewerFactory()
    with pytest.raises(ReviewRefused, match="Attach evidence first"):
        judged(claim, by=reviewer, slug="unverifiable")

    rules.override_rule(
        claim_id=claim.pk, rule="accepted_evidence", reason="None can be.", by=DeskLeadFactory(), now=NOW
    )
    claim.refresh_from_db()
    assert judged(claim, by=reviewer, slug="unverifiable").workflow == "cross_checking"


def test_nobody_cross_checks_their_own_draft_but_by_exception():
    claim = judged(with_evidence(), by=ReviewerFactory())
    with pytest.raises(ReviewRefused, match="drafted"):
        judged(claim, by=claim.drafted_by)

    rules.override_rule(
        claim_id=claim.pk, rule="own_draft", reason="Two of us are left.", by=DeskLeadFactory(), now=NOW
    )
    claim.refresh_from_db()
    assert judged(claim, by=claim.drafted_by).workflow == "completed"


@pytest.mark.parametrize("rule", ["two_persons", "agreeing_reviews", "anything"])
def test_no_exception_is_made_from_the_two_persons(rule):
    with pytest.raises(OverrideRefused, match="No exception"):
        rules.override_rule(claim_id=ClaimFactory().pk, rule=rule, reason="Late.", by=DeskLeadFactory(), now=NOW)


def test_an_exception_publishes_nothing_of_ones_own():
    two_origins()
    lead = DeskLeadFactory()
    claim = decided(with_evidence(ClaimFactory(drafted_by=lead)))
    rules.override_rule(claim_id=claim.pk, rule="independent_origins", reason="One.", by=lead, now=NOW)
    with pytest.raises(TwoPersonRule):
        published(claim, by=lead)


@pytest.mark.parametrize(
    ("who", "reason", "refusal"),
    [(ReviewerFactory, "Late.", NotPermitted), (DeskLeadFactory, "  ", OverrideRefused),
     (DeskLeadFactory, "x" * 501, OverrideRefused)],
)  # fmt: skip
def test_an_exception_takes_a_lead_and_a_reason(who, reason, refusal):
    with pytest.raises(refusal):
        rules.override_rule(claim_id=ClaimFactory().pk, rule="accepted_evidence", reason=reason, by=who(), now=NOW)
    assert not RuleOverride.objects.exists()


def test_a_rule_that_is_met_needs_no_exception():
    with pytest.raises(OverrideRefused, match="is met"):
        rules.override_rule(
            claim_id=with_evidence().pk, rule="accepted_evidence", reason="Why not.", by=DeskLeadFactory(), now=NOW
        )


# -- cross-check -----------------------------------------------------------------------------------------


def test_a_disagreement_goes_to_a_third_with_the_least_to_do_who_is_no_lead_and_has_not_judged():
    busy, free, lead = ReviewerFactory(), ReviewerFactory(), DeskLeadFactory()
    other = ClaimFactory()
    claims.assign_claim(claim_id=other.pk, to=busy, by=lead, now=NOW)
    claim = with_evidence()
    first, second = ReviewerFactory(), ReviewerFactory()
    for someone in (first, second):
        claims.assign_claim(claim_id=ClaimFactory().pk, to=someone, by=lead, now=NOW)

    judged(claim, by=first, slug="correct")
    assert claim.assignee is None
    judged(claim, by=second, slug="incorrect")

    assert claim.workflow == "cross_checking"
    assert claim.assignee not in (first, second, busy, lead, claim.drafted_by)
    assert not reviews.visible_reviews(claim, claim.assignee).exists()
    assert judged(claim, by=claim.assignee, slug="incorrect").workflow == "completed"
    assert free is not None


def test_where_nobody_is_left_the_claim_waits_unassigned():
    claim = with_evidence()
    judged(claim, by=claim.drafted_by, slug="correct")
    judged(claim, by=ReviewerFactory(), slug="incorrect")

    assert claim.assignee is None


def test_changes_are_requested_with_a_comment_and_the_claim_goes_back():
    first, second = ReviewerFactory(username="first"), ReviewerFactory()
    claim = judged(with_evidence(), by=first)

    reviews.request_changes(claim_id=claim.pk, comment="Name the year.", by=second, now=NOW)

    claim.refresh_from_db()
    assert (claim.workflow, claim.review_round, claim.assignee) == ("reopened", 2, first)
    assert claim.workflow_reason == "Name the year."
    assert Mention.objects.get().person == first


@pytest.mark.parametrize("case", ["own", "empty", "open", "editor"])
def test_changes_are_not_requested_otherwise(case):
    first = ReviewerFactory()
    claim = ClaimFactory() if case == "open" else judged(with_evidence(), by=first)
    by = {"own": first, "editor": EditorFactory()}.get(case) or ReviewerFactory()
    with pytest.raises((ReviewRefused, NotPermitted)):
        reviews.request_changes(claim_id=claim.pk, comment="" if case == "empty" else "So.", by=by, now=NOW)


def test_agreement_counts_rounds_that_are_over_and_tells_no_blind_one(django_assert_num_queries):
    decided()  # two that agree
    claim = with_evidence()
    first, second, third = ReviewerFactory(), ReviewerFactory(), ReviewerFactory()
    judged(claim, by=first, slug="correct")
    judged(claim, by=second, slug="incorrect")
    assert agreement().rounds == 1
    judged(claim, by=third, slug="incorrect")

    with django_assert_num_queries(3):
        found = agreement()

    assert (found.rounds, found.unanimous, found.percent) == (2, 1, 50)
    assert {rate.subject: (rate.compared, rate.agreed) for rate in found.by_rating} == {rating("correct"): (2, 1)}
    of = {rate.subject: rate.percent for rate in found.by_reviewer}
    assert (of[first], of[second], of[third]) == (0, 0, 100)


def test_agreement_of_nobody_is_nothing():
    found = agreement()
    assert (found.rounds, found.percent, found.by_rating, found.by_reviewer) == (0, None, [], [])
