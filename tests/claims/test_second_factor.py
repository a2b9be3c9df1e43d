"""A second factor beside the password, and what ends sessions, through the doors people use."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import AccountEvent, RateCount, Session
from claims.services import second_factor
from tests.claims.stories import PASSWORD, signed_in
from tests.factories import DeskLeadFactory, EditorFactory, ReviewerFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = "a harbour at low tide"


def code_at(seed, moment):
    return format_hotp_value(hotp_value(seed, int(moment.timestamp()) // second_factor.PERIOD))


@pytest.fixture
def clock(monkeypatch):
    """The one moment at which everything happens, which a test may move."""
    told = [timezone.now()]
    monkeypatch.setattr("django.utils.timezone.now", lambda: told[0])
    return told


def with_app(person, now):
    """Give somebody a second factor; return its seed and the recovery codes."""
    seed = second_factor.new_seed()
    before = now - timedelta(seconds=90)
    codes = second_factor.set_up(person=person, seed=seed, code=code_at(seed, before), now=before)
    return seed, codes


def password_step(person, client=None, **more):
    client = client or Client()
    answer = client.post(reverse("login"), {"username": person.username, "password": PASSWORD, **more})
    assert answer["Location"] == reverse("login-code")
    return client


def test_a_second_factor_is_set_up_on_ones_own_page(clock):
    person = ReviewerFactory(email="ada@desk.example")
    client = signed_in(person)
    page = client.get(reverse("account-second-factor")).content.decode()
    seed = re.search(r'class="seed-words">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    assert 'src="data:image/svg+xml;base64,' in page
    assert seed not in str(Session.objects.get(person=person).get_decoded())

    wrong = client.post(reverse("account-second-factor"), {"current": PASSWORD, "code": "000000"})
    guess = client.post(reverse("account-second-factor"), {"current": "no", "code": code_at(seed, clock[0])})
    right = client.post(reverse("account-second-factor"), {"current": PASSWORD, "code": code_at(seed, clock[0])})

    assert (wrong.status_code, guess.status_code, right.status_code) == (400, 400, 200)
    assert len(right.context["codes"]) == 10
    assert seed not in str(Authenticator.objects.values_list("data"))
    assert "10 of your recovery codes" in client.get(reverse("account")).content.decode()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_a_password_alone_opens_nothing_then(is_superuser, clock):
    person = ReviewerFactory(is_superuser=is_superuser)
    seed, _ = with_app(person, clock[0])

    client = password_step(person)
    assert client.get(reverse("desk")).status_code == 302
    assert client.get("/api/v1/me").status_code in (401, 403, 404)
    assert client.post(reverse("login-code"), {"code": "000 000"}).status_code == 200
    assert client.get(reverse("desk")).status_code == 302

    right = client.post(reverse("login-code"), {"code": code_at(seed, clock[0])})
    assert right["Location"] == "/admin/"
    assert client.get(reverse("desk")).status_code == 200


def test_the_code_leads_where_one_was_going_and_never_off_the_site(clock):
    person = EditorFactory()
    seed, _ = with_app(person, clock[0])

    client = password_step(person, next="/uses")
    assert client.post(reverse("login-code"), {"code": code_at(seed, clock[0])})["Location"] == "/uses"
    clock[0] += timedelta(minutes=2)
    client = password_step(person, next="https://evil.example")
    assert client.post(reverse("login-code"), {"code": code_at(seed, clock[0])})["Location"] == "/"


def test_a_code_works_once(clock):
    person = EditorFactory()
    seed, _ = with_app(person, clock[0])
    code = code_at(seed, clock[0])

    assert password_step(person).post(reverse("login-code"), {"code": code}).status_code == 302
    assert password_step(person).post(reverse("login-code"), {"code": code}).status_code == 200


@pytest.mark.parametrize(("seconds", "is_right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_clock_may_be_half_a_minute_off(seconds, is_right, clock):
    clock[0] = clock[0].replace(second=0, microsecond=0)
    person = EditorFactory()
    seed = second_factor.new_seed()
    long_ago = clock[0] - timedelta(hours=1)
    second_factor.set_up(person=person, seed=seed, code=code_at(seed, long_ago), now=long_ago)

    answer = password_step(person).post(
        reverse("login-code"), {"code": code_at(seed, clock[0] + timedelta(seconds=seconds))}
    )

    assert (answer.status_code == 302) == is_right


def test_a_recovery_code_works_once_and_is_told(clock, django_capture_on_commit_callbacks):
    person = EditorFactory(email="ines@desk.example")
    _, codes = with_app(person, clock[0])

    with django_capture_on_commit_callbacks(execute=True):
        first = password_step(person).post(reverse("login-code"), {"code": codes[3]})
    second = password_step(person).post(reverse("login-code"), {"code": codes[3]})

    assert (first.status_code, second.status_code) == (302, 200)
    assert second_factor.recovery_codes_left(person) == 9
    assert "9 are left" in mail.outbox[-1].body
    assert AccountEvent.objects.filter(kind="recovery_used").count() == 1


def test_five_wrong_codes_are_looked_at_and_the_password_forgets_none_of_them(clock):
    person = EditorFactory()
    seed, _ = with_app(person, clock[0])
    for _ in range(5):
        client = password_step(person)
        assert client.post(reverse("login-code"), {"code": "000000"}).status_code == 200

    refused = password_step(person).post(reverse("login-code"), {"code": code_at(seed, clock[0])})
    elsewhere = password_step(person, Client(REMOTE_ADDR="192.0.2.9"))

    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert elsewhere.post(reverse("login-code"), {"code": code_at(seed, clock[0])}).status_code == 302


def test_wrong_codes_from_many_addresses_are_counted_together(clock):
    person = EditorFactory()
    with_app(person, clock[0])
    for number in range(10):
        client = password_step(person, Client(REMOTE_ADDR=f"192.0.2.{number}"))
        for _ in range(5):
            client.post(reverse("login-code"), {"code": "000000"})

    client = password_step(person, Client(REMOTE_ADDR="192.0.2.99"))
    assert client.post(reverse("login-code"), {"code": "000000"}).status_code == 429
    assert RateCount.objects.filter(subject=f"codes of {person.pk}").get().count >= 50


def test_the_code_is_asked_for_ten_minutes_of_the_same_password(clock):
    person = EditorFactory()
    seed, _ = with_app(person, clock[0])

    assert Client().get(reverse("login-code"))["Location"] == reverse("login")
    late = password_step(person)
    clock[0] += timedelta(minutes=11)
    assert late.post(reverse("login-code"), {"code": code_at(seed, clock[0])})["Location"] == reverse("login")
    changed = password_step(person)
    person.set_password(NEW)
    person.save()
    assert changed.post(reverse("login-code"), {"code": code_at(seed, clock[0])})["Location"] == reverse("login")


def test_taking_it_away_takes_the_password(clock):
    person = EditorFactory()
    seed, _ = with_app(person, clock[0])
    client = password_step(person)
    client.post(reverse("login-code"), {"code": code_at(seed, clock[0])})

    assert client.post(reverse("account-second-factor-off"), {"current": "no"}).status_code == 400
    assert second_factor.has_second_factor(person)
    assert client.post(reverse("account-second-factor-off"), {"current": PASSWORD}).status_code == 302
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_void_the_old(clock):
    person = EditorFactory()
    seed, old = with_app(person, clock[0])
    client = password_step(person)
    client.post(reverse("login-code"), {"code": code_at(seed, clock[0])})

    new = client.post(reverse("account-recovery-codes"), {"current": PASSWORD}).context["codes"]

    assert not set(new) & set(old)
    assert password_step(person).post(reverse("login-code"), {"code": old[0]}).status_code == 200
    assert password_step(person).post(reverse("login-code"), {"code": new[0]}).status_code == 302


def test_a_desk_lead_takes_a_colleagues_away_and_their_sessions_end(clock):
    person, lead = ReviewerFactory(), DeskLeadFactory()
    with_app(person, clock[0])
    theirs = signed_in(person)

    signed_in(lead).post(reverse("desk-person-second-factor", args=[person.pk]))

    assert not second_factor.has_second_factor(person)
    assert theirs.get(reverse("desk")).status_code == 302


def test_seeds_outlive_a_change_of_the_secret_key(clock, settings):
    person = EditorFactory()
    seed, codes = with_app(person, clock[0])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

    call_command("reencrypt_webhook_secrets", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []

    assert password_step(person).post(reverse("login-code"), {"code": code_at(seed, clock[0])}).status_code == 302
    assert password_step(person).post(reverse("login-code"), {"code": codes[0]}).status_code == 302


@pytest.mark.parametrize("is_superuser", [False, True])
def test_changing_a_password_ends_every_session(is_superuser):
    person = UserFactory(is_superuser=is_superuser, is_staff=True)
    here, there = signed_in(person), signed_in(person)

    wrong = here.post(reverse("account-password"), {"current": "no", "password": NEW})
    weak = here.post(reverse("account-password"), {"current": PASSWORD, "password": "short"})
    assert (wrong.status_code, weak.status_code) == (400, 400)
    assert there.get(reverse("account")).status_code == 200

    assert here.post(reverse("account-password"), {"current": PASSWORD, "password": NEW})["Location"] == "/login"
    for client in (here, there):
        assert client.get(reverse("account")).status_code == 302
    assert Client().post(reverse("login"), {"username": person.username, "password": NEW}).status_code == 302


def test_a_password_set_by_command_ends_sessions_too():
    person = EditorFactory()
    client = signed_in(person)

    person.set_password(NEW)
    person.save()

    assert client.get(reverse("account")).status_code == 302


def test_an_open_browser_is_no_place_to_guess_the_password():
    person = EditorFactory()
    client = signed_in(person)

    for _ in range(5):
        client.post(reverse("account-password"), {"current": "guess", "password": NEW})

    refused = client.post(reverse("account-password"), {"current": PASSWORD, "password": NEW})
    assert refused.status_code == 429


def test_one_signs_out_everywhere():
    person = EditorFactory()
    here, there = signed_in(person), signed_in(person)
    assert "2 browsers" in here.get(reverse("account")).content.decode()

    assert here.post(reverse("account-sign-out"))["Location"] == "/login"

    assert there.get(reverse("account")).status_code == 302


def test_the_admins_own_page_for_passwords_leads_to_ones_account():
    client = signed_in(ReviewerFactory())
    assert client.get("/admin/password_change/")["Location"] == reverse("account")
