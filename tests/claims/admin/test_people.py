"""People at the desk: asked to join, given roles, switched off; what ends and what holds then."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import permissions
from claims.errors import AccountRefused, InvitationRefused, NotPermitted
from claims.models import AccountEvent, Invitation, Session
from claims.services import accounts
from claims.services.access import issue_key, usable_key
from tests.factories import NOW, ApiClientFactory, DeskLeadFactory, EditorFactory, ReviewerFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a harbour at low tide"
JOIN = {"first_name": "Noor", "last_name": "Haas", "username": "noor", "password": PASSWORD}


def invited(client, email="noor@desk.example", role=permissions.REVIEWERS):
    """Invite somebody at the desk and return the path of the link in the mail."""
    form = {"by": "person", "full_name": "Noor Haas", "email": email, "role": role}
    assert client.post(reverse("desk-person-invite"), form).status_code == 302
    return re.search(r"https?://[^/]+(/join/\S+)", mail.outbox[-1].body).group(1)


def test_an_invitation_by_mail_becomes_an_account_once(as_user, lead, client):
    link = invited(as_user(lead))

    assert "Noor" in client.get(link).content.decode()
    assert client.post(link, JOIN)["Location"] == reverse("login")

    person = User.objects.get(username="noor")
    assert (permissions.role_of(person), person.is_staff, person.email) == ("Reviewers", True, "noor@desk.example")
    assert client.post(reverse("login"), {"username": "noor", "password": PASSWORD})["Location"] == "/admin/"
    assert client.post(link, {**JOIN, "username": "other"}).status_code == 410
    assert User.objects.filter(email="noor@desk.example").count() == 1


def test_a_link_is_kept_as_its_hash_alone(as_user, lead):
    token = invited(as_user(lead)).rpartition("/")[2]

    assert token not in str(Invitation.objects.values_list().get())


@pytest.mark.parametrize("end", ["expired", "withdrawn", "renewed", "mistyped"])
def test_a_link_that_ended_opens_nothing_and_does_not_say_why(end, as_user, lead, client):
    at_desk = as_user(lead)
    link = invited(at_desk)
    if end == "expired":
        Invitation.objects.update(expires_at=NOW)
    elif end == "withdrawn":
        at_desk.post(reverse("desk-invitation-withdraw", args=[Invitation.objects.get().pk]))
    elif end == "renewed":
        invited(at_desk)
    else:
        link += "x"

    asked, answered = client.get(link), client.post(link, JOIN)

    assert (asked.status_code, answered.status_code) == (410, 410)
    assert "used, has expired or was withdrawn" in answered.content.decode()
    assert not User.objects.filter(username="noor").exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"username": "LEAH"}, "taken"),
        ({"username": "no/slash"}, "valid username"),
        ({"password": "short"}, "at least 10"),
        ({"password": "password1234"}, "too common"),
    ],
)
def test_what_does_not_fit_is_said_and_the_link_stays_good(changed, told, as_user, lead, client):
    UserFactory(username="leah")
    link = invited(as_user(lead))

    refused = client.post(link, {**JOIN, **changed})

    assert refused.status_code == 400
    assert told in refused.content.decode()
    assert client.post(link, JOIN).status_code == 302


def test_nobody_is_invited_to_an_address_that_has_an_account(as_user, lead):
    ReviewerFactory(email="ada@desk.example")
    form = {"by": "person", "full_name": "", "email": "ADA@desk.example", "role": permissions.REVIEWERS}

    answer = as_user(lead).post(reverse("desk-person-invite"), form)

    assert answer.status_code == 400
    assert "already" in answer.content.decode()
    assert not mail.outbox


def test_a_link_whose_mail_did_not_leave_is_shown_to_be_handed_over(as_user, lead, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    form = {"by": "person", "full_name": "", "email": "noor@desk.example", "role": permissions.EDITORS}

    page = as_user(lead).post(reverse("desk-person-invite"), form)

    assert client.get(page.context["link"].removeprefix(settings.SITE_URL)).status_code == 200


PAGES = ["desk-people", "desk-person-invite"]


@pytest.mark.parametrize("factory", [ReviewerFactory, EditorFactory, ApiClientFactory])
def test_people_are_a_desk_leads_business(factory, as_user):
    somebody, client = ReviewerFactory(), as_user(factory())

    for name in PAGES:
        assert client.get(reverse(name)).status_code == 403
    for name in ("role", "switch", "sign-out", "second-factor", "password-link", "details"):
        assert client.post(reverse(f"desk-person-{name}", args=[somebody.pk])).status_code == 403
    with pytest.raises(NotPermitted):
        accounts.invite(email="x@desk.example", role=permissions.EDITORS, by=factory(), now=NOW)


def test_a_role_that_is_lost_is_lost_with_the_next_request(as_user, lead):
    person = ReviewerFactory()
    theirs = as_user(person)
    assert theirs.get(reverse("desk")).status_code == 200

    as_user(lead).post(reverse("desk-person-role", args=[person.pk]), {"role": permissions.EDITORS})

    assert theirs.get(reverse("desk")).status_code == 403
    event = AccountEvent.objects.get(kind="role")
    assert (event.person, event.by, event.detail) == (person, lead, "Reviewers → Editors")


@pytest.mark.parametrize("is_superuser", [False, True])
def test_switching_an_account_off_ends_its_sessions_and_keys_for_good(is_superuser, as_user):
    person = ReviewerFactory(is_superuser=is_superuser)
    root = as_user(UserFactory(is_superuser=True, is_staff=True))
    theirs, _, key = as_user(person), *issue_key(name="x", owner=person, scopes=["read"], now=NOW)
    assert theirs.get(reverse("desk")).status_code == 200

    root.post(reverse("desk-person-switch", args=[person.pk]), {"to": "off"})
    assert theirs.get(reverse("desk")).status_code == 302
    assert usable_key(key=key, now=NOW) is None

    root.post(reverse("desk-person-switch", args=[person.pk]), {"to": "on"})
    assert theirs.get(reverse("desk")).status_code == 302
    assert not Session.objects.filter(person=person).exists()


def test_nobody_changes_their_own_account_or_a_superusers(as_user, lead):
    root, colleague = UserFactory(is_superuser=True, is_staff=True), DeskLeadFactory()
    for person, by in ((lead, lead), (root, lead), (root, root)):
        with pytest.raises(NotPermitted):
            accounts.disable(person_id=person.pk, by=by, now=NOW)
        with pytest.raises(NotPermitted):
            accounts.change_role(person_id=person.pk, role=permissions.EDITORS, by=by, now=NOW)
    accounts.disable(person_id=colleague.pk, by=root, now=NOW)


def test_a_desk_keeps_a_lead(lead):
    root = UserFactory(is_superuser=True)
    other = DeskLeadFactory()
    accounts.change_role(person_id=other.pk, role=permissions.EDITORS, by=lead, now=NOW)
    User.objects.filter(pk=root.pk).update(is_active=False)
    root.is_active = True  # whoever asks is looked at before

    with pytest.raises(AccountRefused, match="last desk lead"):
        accounts.change_role(person_id=lead.pk, role=permissions.EDITORS, by=root, now=NOW)


def test_a_new_password_by_link_ends_all_sessions(as_user, lead, client):
    person = ReviewerFactory(email="ada@desk.example")
    theirs = as_user(person)
    as_user(lead).post(reverse("desk-person-password-link", args=[person.pk]))
    link = re.search(r"https?://[^/]+(/join/\S+)", mail.outbox[-1].body).group(1)

    assert client.post(link, {"password": PASSWORD}).status_code == 302

    assert theirs.get(reverse("desk")).status_code == 302
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert client.post(link, {"password": "another long one"}).status_code == 410


def test_a_link_is_not_both_kinds(lead):
    person = ReviewerFactory(email="ada@desk.example")
    _, link, _ = accounts.send_password_link(person_id=person.pk, by=lead, now=NOW)
    _, other, _ = accounts.invite(email="noor@desk.example", role=permissions.EDITORS, by=lead, now=NOW)

    with pytest.raises(InvitationRefused):
        accounts.join(token=link.rpartition("/")[2], now=NOW, **JOIN)
    with pytest.raises(InvitationRefused):
        accounts.choose_password(token=other.rpartition("/")[2], password=PASSWORD, now=NOW)


def test_a_changed_address_is_told_to_the_old_one(as_user, lead, django_capture_on_commit_callbacks):
    person = ReviewerFactory(email="ada@desk.example")
    form = {"first_name": "Ada", "last_name": "Ng", "email": "new@desk.example"}

    with django_capture_on_commit_callbacks(execute=True):
        as_user(lead).post(reverse("desk-person-details", args=[person.pk]), form)

    assert mail.outbox[-1].to == ["ada@desk.example"]
    person.refresh_from_db()
    assert (person.last_name, person.email) == ("Ng", "new@desk.example")


def test_a_program_gets_an_account_without_a_password(as_user, lead):
    as_user(lead).post(reverse("desk-person-invite"), {"by": "client", "username": "newsroom-archive"})

    client = User.objects.get(username="newsroom-archive")
    assert (permissions.role_of(client), client.is_staff, client.has_usable_password()) == (
        "API clients",
        False,
        False,
    )


def test_the_list_of_people_asks_as_much_for_many_as_for_few(as_user, lead):
    client, counted = as_user(lead), []
    for more in (5, 45):
        ReviewerFactory.create_batch(more, password="!")
        for number in range(more):
            _, _, _ = accounts.invite(
                email=f"p{more}-{number}@desk.example", role=permissions.EDITORS, by=lead, now=NOW
            )
        Invitation.objects.update(expires_at="2100-01-01T00:00Z")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("desk-people")).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_there_is_no_sign_up_and_no_reset_a_stranger_can_ask_for(client):
    for path in ("/accounts/signup/", "/accounts/login/", "/accounts/password/reset/", "/accounts/2fa/", "/signup",
                 "/admin/password_reset/", "/join/", "/_allauth/browser/v1/auth/signup"):  # fmt: skip
        assert Client().get(path).status_code in (302, 404), path
        assert "/login" in Client().get(path).headers.get("Location", "/login"), path
