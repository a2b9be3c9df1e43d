"""Records: which outcome leads to which link state, what a failure may move, and what a batch costs."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from sources.looks import FetchResult
from sources.models import Snapshot, Source, SourceCheck
from sources.outcomes import NOT_CHECKABLE, Outcome
from sources.services import checks, leases
from sources.services.records import Look, record_looks
from sources.services.sources import release, rely_on
from tests.factories import NOW, SnapshotFactory, SourceFactory, published

pytestmark = pytest.mark.django_db
State, PageClass = Source.LinkState, Snapshot.PageClass
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
REFUSED = {403, 412, 428, 449}
STATUSES = {
    Outcome.HTTP_ERROR: [400, 403, 404, 405, 409, 412, 417, 428, 449, 499],
    Outcome.AUTH_REQUIRED: [401, 402, 407, 440],
    Outcome.GONE: [410],
    Outcome.LEGAL: [451],
    Outcome.RATE_LIMITED: [429],
    Outcome.SERVER_ERROR: [500, 502, 503, 504],
}
BLOCKED_OUTCOMES = {Outcome.AUTH_REQUIRED, Outcome.LEGAL, Outcome.RATE_LIMITED, Outcome.NOT_PERMITTED}
BLOCKED_PAGES = {PageClass.CONSENT_WALL, PageClass.PAYWALL_STUB, PageClass.CAPTCHA}
OTHER_PAGES = {PageClass.SOFT_404, PageClass.PARKED}

FAILED = [
    (outcome, status)
    for outcome in Outcome
    if outcome not in (Outcome.OK, Outcome.UNCHANGED)
    for status in STATUSES.get(outcome, [0])
]


def see(source, now, outcome=Outcome.OK, *, status=200, page_class=None, text=None, **result):
    """Record one look with this outcome, as if the door had brought it."""
    Source.objects.filter(pk=source.pk).update(attempt=source.attempt + 1)
    newest = source.snapshots.first()
    fetched = FetchResult(source.url, source.url, outcome, http_status=status, reason="", **result)
    snapshot, is_new = None, False
    if outcome == Outcome.UNCHANGED:
        snapshot = newest
    elif outcome == Outcome.OK:
        fields = {"page_class": page_class or PageClass.ARTICLE, **({"text": text} if text is not None else {})}
        snapshot = SnapshotFactory.build(source=source, fetched_at=now, **fields)
        is_new = newest is None or (newest.text, newest.page_class) != (snapshot.text, snapshot.page_class)
        snapshot = snapshot if is_new else newest
    before = source.snapshots.readable().first() if is_new else None
    look = Look(source.pk, source.attempt + 1, fetched, outcome, "", snapshot, is_new, before)
    [check] = record_looks(looks=[look], requested_by=None, now=now)
    source.refresh_from_db()
    return check


def source_that_is(state):
    """Return a source that came to this state by looks, the last of them at NOW."""
    source = SourceFactory(registered_at=NOW - 40 * DAY)
    if state == State.UNKNOWN:
        return source
    see(source, NOW - 30 * DAY)
    if state == State.MOVED:
        see(source, NOW, permanent_redirect=True)
    elif state == State.BLOCKED:
        see(source, NOW, Outcome.HTTP_ERROR, status=403)
    elif state == State.FAILING:
        see(source, NOW, Outcome.TIMEOUT, status=0)
    elif state == State.DEAD:
        see(source, NOW - DAY, Outcome.GONE, status=410)
        see(source, NOW, Outcome.GONE, status=410)
    elif state == State.DEVIATED:
        see(source, NOW - DAY, page_class=PageClass.PARKED)
        see(source, NOW, page_class=PageClass.PARKED)
    assert source.link_state == state
    return source


def expected(was, outcome, status):
    """Return the state after one more look, days after `was`: R12 and the rule of death, said once more."""
    if outcome in BLOCKED_OUTCOMES or status in REFUSED:
        return State.BLOCKED
    if outcome in NOT_CHECKABLE:
        return State.LIVE
    return State.DEAD if was == State.DEAD else State.FAILING


@pytest.mark.parametrize("was", State.values)
@pytest.mark.parametrize(("outcome", "status"), FAILED)
def test_every_outcome_leads_to_its_link_state_and_one_failure_never_to_death(was, outcome, status):
    source = source_that_is(was)
    before = (source.last_succeeded_at, source.last_confirmed_at, source.etag, source.moved_to)

    check = see(source, NOW + 5 * DAY, outcome, status=status)

    assert source.link_state == check.link_state == expected(was, outcome, status)
    assert source.last_attempted_at == NOW + 5 * DAY
    assert (source.last_succeeded_at, source.last_confirmed_at, source.etag, source.moved_to) == before
    assert check.snapshot is None and not check.has_changed


@pytest.mark.parametrize("was", State.values)
@pytest.mark.parametrize("page_class", PageClass.values)
def test_every_page_class_leads_to_its_link_state_and_only_a_document_confirms(was, page_class):
    source = source_that_is(was)
    confirmed = source.last_confirmed_at

    see(source, NOW + DAY, page_class=page_class, text="Something else stands here now.")

    is_other = page_class in OTHER_PAGES
    if page_class in BLOCKED_PAGES:
        assert source.link_state == State.BLOCKED
    elif is_other:
        awaited = {State.DEAD: State.DEAD, State.DEVIATED: State.DEVIATED}.get(was, State.FAILING)
        assert source.link_state == awaited
    else:
        assert source.link_state == State.LIVE
    assert source.last_confirmed_at == (NOW + DAY if page_class == PageClass.ARTICLE else confirmed)
    assert source.last_succeeded_at == NOW + DAY
    see(source, NOW + 2 * DAY, page_class=page_class, text="Something else stands here now.")
    assert (source.link_state == State.DEVIATED) == is_other


def test_a_second_look_confirms_only_far_enough_after_the_first():
    source = source_that_is(State.LIVE)
    for minutes, state in ((0, State.FAILING), (2, State.FAILING), (9, State.FAILING), (10, State.DEAD)):
        see(source, NOW + minutes * MINUTE, Outcome.GONE, status=410)
        assert source.link_state == state
    assert source.dead_since == NOW + 10 * MINUTE


@pytest.mark.parametrize(
    ("looks", "state"),
    [
        ("404 404 404", State.DEAD),
        ("404 200 404 404", State.FAILING),
        ("404 404 200 404 404 404", State.DEAD),
        ("404 403 404 403 404", State.DEAD),
        ("403 403 403 403 403", State.BLOCKED),
        ("429 401 402 407 412 428 440 449 451", State.BLOCKED),
        ("404 500 503", State.DEAD),
        ("404 404 403", State.BLOCKED),
        ("404 404 big", State.LIVE),
        ("404 404 big 404", State.FAILING),
    ],
)
def test_looks_four_days_apart_lead_to_a_state(looks, state):
    source = source_that_is(State.LIVE)
    for number, word in enumerate(looks.split(), 1):
        if word == "200":
            see(source, NOW + 4 * number * DAY)
        elif word == "big":
            see(source, NOW + 4 * number * DAY, Outcome.TOO_LARGE)
        else:
            outcome = next(o for o, codes in STATUSES.items() if int(word) in codes)
            see(source, NOW + 4 * number * DAY, outcome, status=int(word))
    assert source.link_state == state


def test_live_again_after_death_is_noticed_and_said():
    source = source_that_is(State.DEAD)
    see(source, NOW + 3 * DAY, Outcome.HTTP_ERROR, status=403)

    check = see(source, NOW + 12 * DAY)

    assert check.is_live_again and check.reason == "Live again after 12 days dead."
    assert (source.link_state, source.link_state_reason) == (State.LIVE, check.reason)
    assert not see(source, NOW + 13 * DAY).is_live_again


def test_a_dead_source_nothing_rests_on_is_looked_at_no_more_until_a_claim_does():
    source = source_that_is(State.DEAD)
    see(source, NOW + 200 * DAY, Outcome.GONE, status=410)
    assert source.next_check_at is None

    rely_on(source_ids=[source.pk], now=NOW + 201 * DAY)
    source.refresh_from_db()
    assert source.is_relied_on and source.next_check_at == NOW + 202 * DAY

    see(source, NOW + 400 * DAY, Outcome.GONE, status=410)
    assert source.next_check_at == NOW + 401 * DAY
    release(source_ids=[source.pk])
    source.refresh_from_db()
    assert not source.is_relied_on


def test_the_source_of_a_published_claim_is_relied_on():
    claim = published()

    assert Source.objects.get(snapshots__in=claim.evidence.values("snapshot")).is_relied_on


def test_noise_is_kept_and_does_not_count_as_a_change():
    source = SourceFactory()
    story = "Arrivals in May\nThe harbour office counted 412 arrivals in May."
    see(source, NOW, text=f"Monday, 2 March 2026\n{story}")

    check = see(source, NOW + DAY, text=f"Tuesday, 3 March 2026\n{story}")

    assert source.snapshots.count() == 2 and source.disturbed_at is None
    assert (check.has_changed, check.reason) == (False, "Only the date of the day changed.")
    assert see(source, NOW + 2 * DAY, text=story.replace("412", "413")).has_changed
    assert source.disturbed_at == NOW + 2 * DAY
    assert source.next_check_reason == "it changed; a second look confirms it"
    see(source, NOW + 3 * DAY, text=story.replace("412", "413"))
    assert source.next_check_reason == "changed once this week"


def test_a_wall_in_front_of_a_document_is_no_change_of_it():
    source = SourceFactory()
    see(source, NOW)

    assert not see(source, NOW + DAY, page_class=PageClass.CAPTCHA, text="Are you a robot?").has_changed
    assert not see(source, NOW + 2 * DAY).has_changed
    assert source.disturbed_at is None and source.last_confirmed_at == NOW + 2 * DAY


def test_three_hundred_failed_looks_leave_what_was_read_and_published_as_it_was(client):
    claim = published()
    source = Source.objects.get()
    see(source, NOW)
    page, chance, now = f"/claims/{claim.code}", random.Random(28), NOW

    def told():
        claim.refresh_from_db()
        rows = list(Snapshot.objects.order_by("pk").values_list("pk", "text", "raw_sha256", "page_class"))
        kept = (source.last_succeeded_at, source.last_confirmed_at, source.etag)
        answer = client.get(page)
        assert answer.status_code == 200
        return rows, claim.citability, claim.version, kept, str(claim.public_document.body), answer.content

    before = told()
    # Five days: failures that far apart are no death, which the freshness of the page does tell.
    lasting = [failure for failure in FAILED if failure[0] not in (Outcome.GONE, *NOT_CHECKABLE)]
    for _ in range(300):
        now += timedelta(minutes=chance.choice([1, 10, 30, 55]))
        outcome, status = chance.choice(lasting)
        see(source, now, outcome, status=status)
    assert told() == before
    assert source.last_attempted_at == now and source.link_state in (State.FAILING, State.BLOCKED)
    for days in (4, 8, 12):
        see(source, now + days * DAY, Outcome.TIMEOUT, status=0)
    assert source.link_state == State.DEAD and told()[:5] == before[:5]


@pytest.mark.parametrize(("times", "days", "asked"), [(8, 1, True), (9, 1, False), (0, 6, True), (0, 7, False)])
def test_a_304_is_believed_nine_times_or_a_week_in_a_row(times, days, asked):
    source = SourceFactory()
    see(source, NOW, etag='"one"')
    for minutes in range(1, times + 1):
        see(source, NOW + minutes * MINUTE, Outcome.UNCHANGED, status=304)

    [due] = checks._with_snapshots([source])
    assert checks._request(due, NOW + days * DAY).etag == ('"one"' if asked else "")


def test_validators_of_another_text_are_never_sent():
    source = SourceFactory()
    see(source, NOW, etag='"one"')
    see(source, NOW + MINUTE, text="Another text, without a validator.")
    assert source.etag == ""
    see(source, NOW + 2 * MINUTE, etag='"two"', text="Another text, without a validator.")
    see(source, NOW + 3 * MINUTE, page_class=PageClass.CAPTCHA, text="Are you a robot?")

    [due] = checks._with_snapshots([source])
    assert checks._request(due, NOW + 4 * MINUTE).etag == ""


def test_a_hundred_looks_take_forty_queries(web, django_assert_max_num_queries):
    for number in range(100):
        web.says(f"/page/{number}", f"The harbour office counted {number} arrivals in May.")
    sources = [SourceFactory(url=web.url(f"/page/{number}")) for number in range(100)]
    for day in range(2):
        for number in range(100):
            web.says(f"/page/{number}", f"The harbour office counted {number + day} arrivals in May.")
        Source.objects.update(next_check_at=NOW)
        with django_assert_max_num_queries(40):
            done = checks.check_sources(source_ids=[s.pk for s in sources], clock=lambda day=day: NOW + day * DAY)
        assert [check.outcome for check in done] == ["ok"] * 100
    assert Snapshot.objects.count() == 200 and SourceCheck.objects.filter(has_changed=True).count() == 100


def test_a_result_that_our_own_code_cannot_read_holds_up_no_other(web, monkeypatch):
    good, bad = (SourceFactory(url=web.says(path, "The harbour office counted 412.")) for path in ("/good", "/bad"))
    Source.objects.update(next_check_at=NOW)
    read = checks._read

    def failing(due, result, now):
        if due.source.pk == bad.pk:
            raise RuntimeError("a fault of ours")
        return read(due, result, now)

    monkeypatch.setattr(checks, "_read", failing)
    [check] = checks.check_sources(source_ids=[good.pk, bad.pk], clock=lambda: NOW)

    assert check.source_id == good.pk
    bad.refresh_from_db()
    assert bad.lease_expires_at is not None and not bad.checks.exists()


def test_a_look_the_database_refuses_holds_up_no_other():
    source, other = SourceFactory(), SourceFactory()
    looks = []
    for each in (source, other):
        Source.objects.filter(pk=each.pk).update(attempt=1)
        snapshot = SnapshotFactory.build(source=each, text="" if each is other else "Words.")
        result = FetchResult(each.url, each.url, Outcome.OK, http_status=200)
        looks.append(Look(each.pk, 1, result, Outcome.OK, "", snapshot, True))

    assert [check.source_id for check in checks._record(looks, None, NOW)] == [source.pk]
    assert Snapshot.objects.count() == 1


def test_batches_are_spread_over_the_hosts(settings):
    settings.CHECK_BATCH = 10
    urls = [f"https://{host}.tidewater.example/{number}" for host in "aaab" for number in range(5)]
    ids = {SourceFactory(url=f"{url}-{at}", next_check_at=NOW).pk: url for at, url in enumerate(urls)}

    batches = leases.hand_out()

    assert sorted(pk for batch in batches for pk in batch) == sorted(ids)
    assert [len(batch) for batch in batches] == [10, 10]
    assert all(sum("b.tidewater" in ids[pk] for pk in batch) in (2, 3) for batch in batches)


def plan_of_many(rows):
    """The plan of a query over many rows; few are read whole otherwise."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    return rows.explain()


def test_what_is_due_is_found_by_an_index():
    SourceFactory.create_batch(3, next_check_at=NOW)
    plan = plan_of_many(Source.objects.due().order_by("next_check_at").values("pk")[:50])

    assert "next_check_at" in plan and "TEMP B-TREE" not in plan and "Sort" not in plan


def test_bytes_kept_before_are_found_by_an_index():
    assert "raw_sha256" in plan_of_many(Snapshot.objects.of_bytes(["0" * 64, "1" * 64]).order_by("pk"))


def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
