"""Limits: what is counted, when it begins anew, and that no number of parallel requests gets past them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections
from django.test import Client
from django.urls import reverse

from claims.errors import RateLimited
from claims.models import IdempotencyRecord, RateCount
from claims.services import limits
from claims.services.idempotency import KEPT_FOR
from claims.tasks import forget_old_answers
from tests.claims.stories import PASSWORD
from tests.factories import NOW, EditorFactory, UserFactory

LATER = NOW + timedelta(seconds=42, microseconds=300)


def wrong(client, username, **more):
    return client.post(reverse("login"), {"username": username, "password": "not this one"}, **more)


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.mark.django_db
@pytest.mark.parametrize("counting", [limits.count, limits.in_memory.count])
def test_a_window_begins_with_the_first_and_says_exactly_when_it_ends(counting):
    limits.in_memory.clear()

    def one(now, subject="kim"):
        return counting(subject=subject, limit=2, seconds=60, now=now)

    assert [one(NOW).is_allowed, one(LATER).is_allowed] == [True, True]
    refused = one(LATER)
    assert (refused.is_allowed, refused.retry_after, refused.count) == (False, 18, 3)
    assert one(NOW + timedelta(seconds=59, microseconds=999_999)).retry_after == 1
    assert one(LATER, subject="lee").is_allowed
    assert [one(NOW + timedelta(seconds=60)).count, one(NOW + timedelta(seconds=119)).count] == [1, 2]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_parallel_count_is_lost_and_no_two_are_alike():
    def one(_):
        try:
            return limits.count(subject="kim", limit=10, seconds=60, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        tallies = list(pool.map(one, range(64)))
    assert sorted(tally.count for tally in tallies) == list(range(1, 65))
    assert sum(tally.is_allowed for tally in tallies) == 10
    assert RateCount.objects.get().count == 64


@pytest.mark.django_db
def test_a_count_is_taken_back_only_from_its_own_window():
    old = limits.count(subject="kim", limit=2, seconds=60, now=NOW)
    limits.count(subject="kim", limit=2, seconds=60, now=NOW + timedelta(seconds=60))
    limits.take_back(old)
    assert RateCount.objects.get().count == 1


def test_memory_is_bounded_and_forgets_who_was_silent_longest(monkeypatch):
    monkeypatch.setattr(limits, "REMEMBERED", 3)
    limits.in_memory.clear()
    for address in ("a", "b", "c", "a", "d"):
        limits.in_memory.count(subject=address, limit=9, seconds=60, now=NOW)

    assert limits.in_memory.count(subject="a", limit=9, seconds=60, now=NOW).count == 3
    assert limits.in_memory.count(subject="b", limit=9, seconds=60, now=NOW).count == 1


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "address"),
    [
        ("192.0.2.1", "198.51.100.7", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, 198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, 198.51.100.7", 2, "203.0.113.9"),
        ("192.0.2.1", "198.51.100.7", 2, "192.0.2.1"),
        ("192.0.2.1", None, 1, "192.0.2.1"),
        ("192.0.2.1", "not an address", 1, "192.0.2.1"),
        ("2001:db8::1:2:3:4", None, 0, "2001:db8::/64"),
        ("2001:db8::4:3:2:1", None, 0, "2001:db8::/64"),
        ("::ffff:192.0.2.1", None, 0, "192.0.2.1"),
        ("", None, 0, "nowhere"),
    ],
)
def test_an_address_is_believed_only_from_our_own_proxies(settings, remote, forwarded, proxies, address):
    settings.TRUSTED_PROXIES = proxies
    meta = {"REMOTE_ADDR": remote} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert limits.address_of(meta) == address


@pytest.mark.django_db
def test_the_sixth_try_in_a_quarter_of_an_hour_is_refused_from_this_address_alone(client, clock):
    name = EditorFactory(username="kim").username
    assert [wrong(client, name).status_code for _ in range(5)] == [200] * 5
    clock.shift(60)
    refused = client.post(reverse("login"), {"username": name, "password": PASSWORD})

    assert (refused.status_code, refused["Retry-After"]) == (429, "840")
    text = refused.content.decode()
    assert 'role="alert"' in text and "14 minutes" in text and 'value="kim"' in text and PASSWORD not in text
    form = {"username": name, "password": PASSWORD}
    assert client.post(reverse("login"), form, REMOTE_ADDR="192.0.2.9").status_code == 302
    client.logout()
    clock.shift(840)
    assert client.post(reverse("login"), form).status_code == 302


@pytest.mark.django_db
def test_a_header_of_ones_own_is_no_other_address(client):
    for number in range(5):
        wrong(client, "kim", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert wrong(client, "kim", HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 429


@pytest.mark.django_db
@pytest.mark.parametrize("spelled", [" KIM ", "ｋｉｍ"])
def test_another_spelling_is_the_same_account(client, spelled):
    for _ in range(5):
        wrong(client, "kim")
    assert wrong(client, spelled).status_code == 429


@pytest.mark.django_db
def test_the_right_password_forgets_the_failures_before_it(client):
    name = EditorFactory().username
    for _ in range(3):
        for _ in range(4):
            assert wrong(client, name).status_code == 200
        assert client.post(reverse("login"), {"username": name, "password": PASSWORD}).status_code == 302
        client.logout()


@pytest.mark.django_db
def test_one_address_fails_twenty_times_an_hour(client, clock, settings):
    settings.SIGN_INS_PER_ADDRESS = 20
    form = {"username": EditorFactory().username, "password": PASSWORD}
    assert client.post(reverse("login"), form).status_code == 302  # one that succeeds is no failure
    client.logout()
    assert {wrong(client, f"person-{number}").status_code for number in range(20)} == {200}
    clock.shift(600)
    refused = client.post(reverse("login"), form)

    assert (refused.status_code, refused["Retry-After"]) == (429, "3000")
    assert client.post(reverse("login"), form, REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.django_db
def test_what_is_refused_is_no_further_failure_of_the_address(client):
    for _ in range(30):
        wrong(client, "kim")
    assert RateCount.objects.get(seconds=limits.HOUR).count == 5


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_user_are_told_the_same(client, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    EditorFactory(username="kim")
    UserFactory(username="gone", is_active=False)
    hashed.clear()

    told = []
    for name in ("kim", "nobody", "gone"):
        told.append(wrong(client, name).content.decode().replace(f'value="{name}"', ""))
        assert len(hashed) == len(told), name
    words = [text.partition('id="sign-in-error">')[2].partition("<")[0] for text in told]
    assert words[0] and len(set(words)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("form", [{}, {"username": "kim"}, {"password": "x"}])
def test_a_form_that_is_not_filled_in_is_no_failure(client, form):
    assert client.post(reverse("login"), form).status_code == 200
    assert not RateCount.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_a_hundred_parallel_guesses_five_are_looked_at(monkeypatch, settings):
    settings.SIGN_INS_PER_ADDRESS = 20
    EditorFactory(username="kim")
    looked_at = []
    verify = MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda *given: looked_at.append(1) or verify(*given))

    def guess(number):
        try:
            form = {"username": "kim", "password": f"guess {number}"}
            return Client().post(reverse("login"), form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(guess, range(100)))
    assert len(looked_at) == answers.count(200) == 5
    assert answers.count(429) == 95


@pytest.mark.django_db
def test_a_typed_user_name_is_not_stored(client):
    wrong(client, "my-password-by-mistake")
    assert not RateCount.objects.filter(subject__contains="mistake").exists()


@pytest.mark.django_db
def test_a_submission_is_refused_by_the_minute_and_by_the_day(settings):
    settings.SUBMISSIONS_PER_MINUTE, settings.SUBMISSIONS_PER_DAY = 2, 3
    limits.count_submission(caller="key 1", now=NOW)
    limits.count_submission(caller="key 1", now=NOW)
    with pytest.raises(RateLimited) as by_minute:
        limits.count_submission(caller="key 1", now=LATER)
    limits.count_submission(caller="key 1", now=NOW + timedelta(minutes=1))
    with pytest.raises(RateLimited) as by_day:
        limits.count_submission(caller="key 1", now=NOW + timedelta(minutes=1))

    assert by_minute.value.facts == {"retry_after": 18, "limit": 2, "window": 60}
    assert by_day.value.facts == {"retry_after": 86_340, "limit": 3, "window": 86_400}
    limits.count_submission(caller="key 2", now=LATER)


@pytest.mark.django_db
def test_old_counts_and_answers_are_forgotten(clock):
    limits.count(subject="over", limit=1, seconds=60, now=NOW - timedelta(seconds=60))
    limits.count(subject="running", limit=1, seconds=60, now=NOW)
    owner = UserFactory()
    for key, age in (("old", KEPT_FOR + timedelta(seconds=1)), ("young", KEPT_FOR)):
        IdempotencyRecord.objects.create(
            owner=owner, key=key, route="/", request_sha256="", status=201, body="", created_at=NOW - age
        )

    forget_old_answers()
    forget_old_answers()

    assert [row.subject for row in RateCount.objects.all()] == ["running"]
    assert [row.key for row in IdempotencyRecord.objects.all()] == ["young"]
