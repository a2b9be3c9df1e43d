"""The desk's office: the scale, the policy, the system and the dashboard."""

import html
from datetime import timedelta

import pytest
from django.core.mail import get_connection, send_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.admin.desk.charts import grouped_bars, percent_line
from claims.models import Claim, LogCheck, Policy, Rating
from claims.services.throughput import throughput
from sources.models import Source, Worker
from tests.factories import (
    NOW,
    ClaimFactory,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    decided,
    judged,
    published,
    rating,
    with_evidence,
)

pytestmark = pytest.mark.django_db
PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def body(answer):
    return html.unescape(answer.content.decode())


# -- the scale ------------------------------------------------------------------------------------------
ADDED = {"label": "Half true", "meaning": "As much of it holds as does not.", "claimreview_value": "3"}


def test_a_rating_is_added_at_the_end_renamed_and_moved(as_user, lead):
    client = as_user(lead)
    client.post(reverse("desk-scale"), ADDED)
    added = Rating.objects.get(slug="half_true")
    assert (list(Rating.objects.all())[-1], added.claimreview_value) == (added, 3)

    client.post(reverse("desk-rating-change", args=[added.pk]), {**ADDED, "label": "Half right"})
    client.post(reverse("desk-rating-act", args=[added.pk, "up"]))

    added.refresh_from_db()
    assert (added.label, added.slug) == ("Half right", "half_true")
    assert list(Rating.objects.all())[-2] == added


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "CORRECT"}, "label"),
        ({"label": "x" * 61}, "label"),
        ({"label": "—"}, "label"),
        ({"meaning": " "}, "meaning"),
        ({"claimreview_value": "6"}, "claimreview_value"),
    ],
)
def test_a_rating_that_does_not_fit_is_refused_beside_its_field(given, field, as_user, lead):
    answer = as_user(lead).post(reverse("desk-scale"), {**ADDED, **given})

    assert answer.status_code == 400
    assert answer.context["adding"].errors[field]


def test_a_rating_that_was_given_cannot_vanish(as_user, lead):
    client = as_user(lead)
    client.post(reverse("desk-scale"), ADDED)
    judged(with_evidence(), by=ReviewerFactory(), slug="correct")

    for name in ("correct", "half_true"):
        client.post(reverse("desk-rating-act", args=[rating(name).pk, "remove"]))

    assert Rating.objects.filter(slug="correct").exists()
    assert not Rating.objects.filter(slug="half_true").exists()


def test_a_scale_keeps_two_ratings(as_user, lead):
    client = as_user(lead)
    for one in Rating.objects.all():
        client.post(reverse("desk-rating-act", args=[one.pk, "retire"]))
    assert Rating.objects.filter(retired_at=None).count() == 2

    gone = Rating.objects.exclude(retired_at=None).first()
    client.post(reverse("desk-rating-act", args=[gone.pk, "offer"]))
    gone.refresh_from_db()
    assert gone.retired_at is None


def test_the_scale_and_the_policy_are_a_desk_leads_to_change(at_desk):
    one = Rating.objects.first()

    assert at_desk.post(reverse("desk-scale"), ADDED).status_code == 403
    assert at_desk.post(reverse("desk-rating-act", args=[one.pk, "retire"])).status_code == 403
    assert at_desk.post(reverse("desk-rating-change", args=[one.pk]), ADDED).status_code == 403
    assert at_desk.post(reverse("desk-policy"), {"version": "0", "reviews_required": "1"}).status_code == 403
    assert not Policy.objects.exists()
    assert at_desk.get(reverse("admin:claims_rating_changelist"))["Location"] == reverse("desk-scale")


# -- the policy -----------------------------------------------------------------------------------------
def test_a_desk_lead_changes_the_policy_and_it_stands_in_its_changes(as_user, lead):
    client = as_user(lead)
    form = {"version": "0", "reviews_required": "3", "origins_required": "", "review_by_days": "90"}

    assert client.post(reverse("desk-policy"), {**form, "review_by_days_pressing": "0"}).status_code == 302

    page = client.get(reverse("desk-policy"))
    assert page.context["now_holds"].reviews_required == 3
    assert "3 reviewers" in body(page)
    stale = client.post(reverse("desk-policy"), {**form, "reviews_required": "2"})
    assert stale.status_code == 412
    assert "in the meantime" in body(stale)
    assert client.post(reverse("desk-policy"), {**form, "version": "1", "reviews_required": "10"}).status_code == 400


# -- the system -----------------------------------------------------------------------------------------
@pytest.fixture
def mailbox(settings, tmp_path):
    """Mail goes to files, as where no server is named."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def test_the_system_page_says_what_waits_and_whether_all_is_whole(as_user, lead, mailbox):
    now = timezone.now()
    Source.objects.create(
        url="https://tidewater.example/late", registered_at=now, next_check_at=now - timedelta(hours=2)
    )
    Worker.objects.create(name="checks@one", serves=["checks"], started_at=now, seen_at=now - timedelta(hours=1))
    LogCheck.objects.create(checked_at=now, size=7, failure="Row 3 is not what was signed.", first_bad_seq=3)

    page = as_user(lead).get(reverse("desk-system"))

    told = body(page)
    assert "The oldest look has been due 2 hours ago" in told
    assert "silent" in told and "Nobody is at work on" in told
    assert "Row 3 is not what was signed." in told
    assert {"SQLite": "SQLite", "PostgreSQL": "PostgreSQL"}[page.context["database"]["name"]] in told
    assert page.context["database"]["size"] > 0


def test_mail_that_no_server_takes_is_read_at_the_desk(as_user, lead, mailbox):
    client = as_user(lead)
    connected = get_connection()
    connected.open()
    for number in (1, 2):
        send_mail(
            f"No. {number}: Zählung", f"Grüße {PAYLOAD}", "desk@x.example", ["a@x.example"], connection=connected
        )
    connected.close()

    listed = client.get(reverse("desk-system"))
    read = client.get(reverse("desk-mail", args=[listed.context["mails"][0].name]), {"no": "1"})

    assert [mail.subject for mail in listed.context["mails"]] == ["No. 2: Zählung", "No. 1: Zählung"]
    assert f"Grüße {PAYLOAD}" in body(read)
    assert "<script>alert" not in read.content.decode()


@pytest.mark.parametrize("name", ["..%2F..%2Fsecret_key", "secret_key", "x.log", ".."])
def test_no_other_file_is_read_as_mail(name, as_user, lead, mailbox):
    (mailbox.parent / "secret_key").write_text("s3cret")

    assert as_user(lead).get(f"/admin/system/mail/{name}/").status_code == 404


def test_the_system_is_not_shown_to_reviewers(at_desk, mailbox):
    assert at_desk.get(reverse("desk-system")).status_code == 403
    assert at_desk.get(reverse("desk-mail", args=["x.log"])).status_code == 403


# -- the dashboard --------------------------------------------------------------------------------------
def test_the_weeks_tell_what_was_done_in_them(now=NOW):
    first = published()
    differing = judged(with_evidence(), by=ReviewerFactory(), slug="correct")
    judged(differing, by=ReviewerFactory(), slug="incorrect")
    blind = judged(with_evidence(), by=ReviewerFactory(), slug="correct")

    found = throughput(weeks=4, now=now)

    week = found.weeks[-1]
    assert week.done == {"drafted": 3, "judged": 5, "decided": 1, "published": 1, "answered": 0}
    # The disagreement waits for a third, and the blind one for a second: neither tells anything yet.
    assert (week.rounds, week.unanimous, week.percent) == (1, 1, 100)
    assert sum(work.total for work in found.people) == 5
    assert first.pk and blind.pk
    assert [one.percent for one in found.weeks[:-1]] == [None] * 3


def test_the_dashboard_says_each_chart_as_a_table_too(at_desk):
    published()

    page = at_desk.get(reverse("desk-dashboard"), {"weeks": "52"})

    assert page.content.decode().count('<svg class="desk-chart"') >= 1
    assert page.content.decode().count("<table") >= 2
    assert len(page.context["rows"]) == 52
    assert at_desk.get(reverse("desk-dashboard"), {"weeks": "9999999"}).context["weeks"] == 12


def test_an_empty_desk_has_a_dashboard_too(at_desk):
    told = body(at_desk.get(reverse("desk-dashboard")))

    assert "No round with two judgements ended" in told
    assert "Nobody judged a claim" in told


@pytest.mark.parametrize("name", ["desk-dashboard", "desk-scale", "desk-policy", "desk-system", "desk-people"])
def test_an_office_page_asks_as_much_at_a_thousand_rows_as_at_ten(name, as_user, lead, mailbox):
    client, counted = as_user(lead), []
    client.get(reverse(name))
    by = ReviewerFactory()
    for more in (10, 990):
        made = [
            Claim(text=f"Claim {more} {number}.", drafted_by=by, created_at=NOW, updated_at=NOW)
            for number in range(more)
        ]
        Claim.objects.bulk_create(made)
        Source.objects.bulk_create(
            Source(url=f"https://tidewater.example/{more}/{number}", registered_at=NOW, next_check_at=NOW)
            for number in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_names_stand_as_text_on_every_office_page(as_user, lead):
    person = ReviewerFactory(first_name=PAYLOAD, last_name='O\'Neill "x"', email="a@x.example")
    judged(with_evidence(ClaimFactory(text=f"{PAYLOAD} 412")), by=person)
    decided()
    Rating.objects.create(slug="odd", label=PAYLOAD[:60], meaning=PAYLOAD, order=99)
    client = as_user(lead)
    lead_pages = ["desk-people", "desk-scale", "desk-policy", "desk-dashboard", "desk-system", "desk-person-invite"]

    for address in [*map(reverse, lead_pages), reverse("desk-person", args=[person.pk])]:
        raw = client.get(address).content.decode()
        assert "<script>alert" not in raw and "<img src=x" not in raw


@pytest.mark.parametrize("name", ["desk-dashboard", "desk-scale", "desk-policy"])
def test_the_office_is_closed_to_who_is_not_at_the_desk(name, as_user, client):
    assert as_user(EditorFactory()).get(reverse(name)).status_code == 403
    assert client.get(reverse(name))["Location"].startswith("/admin/login/?next=")
    assert as_user(DeskLeadFactory()).get(reverse(name)).status_code == 200


# -- charts ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("values", [[0, 0], [1, 0], [3, 7], [99, 100], [12345, 1], []])
def test_bars_stay_inside_their_drawing(values):
    chart = grouped_bars([str(value) for value in values], [("One", values), ("Two", values)])

    for bar in chart.bars:
        assert bar.x >= 0 and bar.x + bar.width <= chart.width
        assert bar.y >= 0 and bar.y + bar.height <= chart.height
    assert len(chart.lines) <= 6
    assert chart.lines[-1].value >= max(values, default=0)


def test_a_week_without_rounds_has_no_dot():
    chart = percent_line(["a", "b", "c"], [0, None, 100])

    assert [says for _, _, says in chart.points] == ["a: 0 %", "c: 100 %"]
