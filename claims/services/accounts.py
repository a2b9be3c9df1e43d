"""Accounts: asked to join, given a role, switched off and on; a link by mail is the only way in.

There is no sign-up and no password reset that a stranger can ask for.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from claims import permissions
from claims.errors import AccountRefused, InvitationRefused, NotPermitted
from claims.models import AccountEvent, Invitation

from .account_events import mail, note, tell

INVITED_ROLES = (permissions.REVIEWERS, permissions.DESK_LEADS, permissions.EDITORS)
_LINK_ENDED = "This link was used, has expired or was withdrawn. Ask whoever sent it for a new one."


# -- links by mail --------------------------------------------------------------------------------------
def invite(*, email: str, name: str = "", role: str, by: User, now: datetime) -> tuple[Invitation, str, bool]:
    """Ask somebody to join by mail; return the invitation, its link, and whether the mail left.

    An earlier one that is still open is withdrawn: one link works at a time. Raises AccountRefused for a mail
    address that is none or belongs to an account, or for a role nobody is invited to.
    """
    _require_administrator(by)
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise AccountRefused("This is not a mail address.", field="email") from None
    if role not in INVITED_ROLES:
        raise AccountRefused("Choose a role.", field="role")
    if User.objects.filter(email__iexact=address).exists():
        raise AccountRefused("Somebody here has this mail address already.", field="email")
    with transaction.atomic():
        Invitation.objects.open(now).filter(email__iexact=address, is_for_password=False).update(withdrawn_at=now)
        made, link = _link(email=address, name=name.strip()[:150], role=role, by=by, now=now)
    day = f"{made.expires_at:%d %B %Y}"
    words = (
        f"{_name(by)} asks you to join {settings.SITE_NAME} as one of its {role.lower()}.\n\n"
        f"Choose a user name and a password here:\n{link}\n\n"
        f"The link works once, until {day}. If you expected nothing like this, do nothing."
    )
    return made, link, mail(address, "You are invited", words)


def send_password_link(*, person_id: int, by: User, now: datetime) -> tuple[Invitation, str, bool]:
    """Send a colleague a link to choose a new password; return it as an invitation is returned."""
    _require_administrator(by)
    person = User.objects.get(pk=person_id)
    if not permissions.can_change_account(by, person):
        raise NotPermitted("Your own password you change under Account; a superuser's only another superuser resets.")
    if not person.is_active:
        raise AccountRefused("This account is switched off; switch it on first.")
    if not person.email:
        raise AccountRefused("This account has no mail address to send a link to.")
    with transaction.atomic():
        Invitation.objects.open(now).filter(person=person, is_for_password=True).update(withdrawn_at=now)
        made, link = _link(email=person.email, person=person, is_for_password=True, by=by, now=now)
        note(person=person, kind=AccountEvent.Kind.PASSWORD_LINK, by=by, now=now)
    words = f"{_name(by)} sent you this link to choose a new password:\n{link}\n\nIt works once, for a day."
    return made, link, mail(person.email, "Choose a new password", words)


def _link(*, by: User, now: datetime, **given) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    days = 1 if given.get("is_for_password") else settings.INVITATION_DAYS
    made = Invitation.objects.create(
        **given, token_sha256=_sha256(token), invited_by=by, invited_at=now, expires_at=now + timedelta(days=days)
    )
    return made, settings.SITE_URL + reverse("join", args=[token])


def open_invitation(*, token: str, now: datetime) -> Invitation:
    """Return the invitation this link is of; or raise InvitationRefused, for every reason in the same words."""
    found = Invitation.objects.open(now).select_related("person", "invited_by").filter(token_sha256=_sha256(token))
    invitation = found.first()
    if invitation is None or (invitation.person is not None and not invitation.person.is_active):
        raise InvitationRefused(_LINK_ENDED)
    return invitation


@transaction.atomic
def join(*, token: str, username: str, first_name: str, last_name: str, password: str, now: datetime) -> User:
    """Make the account an invitation is for, with its role, and end the link. Raises as `open_invitation` does."""
    invitation = open_invitation(token=token, now=now)
    if invitation.is_for_password:
        raise InvitationRefused(_LINK_ENDED)
    _use(invitation, now)
    person = User(
        username=User.normalize_username(username.strip()),
        first_name=first_name.strip()[:150],
        last_name=last_name.strip()[:150],
        email=invitation.email,
    )
    _refuse_unfit_name(person)
    _set_password(person, password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise AccountRefused("This user name is taken.", field="username") from None
    _give_role(person, invitation.role)
    Invitation.objects.filter(pk=invitation.pk).update(person=person)
    note(person=person, kind=AccountEvent.Kind.JOINED, by=person, now=now, detail=invitation.role)
    return person


@transaction.atomic
def choose_password(*, token: str, password: str, now: datetime) -> User:
    """Give the person a link is for their new password, and end the link and all their sessions."""
    invitation = open_invitation(token=token, now=now)
    if not invitation.is_for_password or invitation.person is None:
        raise InvitationRefused(_LINK_ENDED)
    _use(invitation, now)
    return _change_password(invitation.person, password, now)


def _use(invitation: Invitation, now: datetime) -> None:
    """End a link, in one statement: of two who use it at once, one does."""
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(used_at=now):
        raise InvitationRefused(_LINK_ENDED)


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, by: User, now: datetime) -> Invitation:
    """End a link that was not used."""
    _require_administrator(by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    if not Invitation.objects.open(now).filter(pk=invitation_id).update(withdrawn_at=now):
        raise AccountRefused("This link was used, withdrawn or expired before.")
    return invitation


# -- passwords ------------------------------------------------------------------------------------------
@transaction.atomic
def change_password(*, person: User, password: str, now: datetime) -> User:
    """Change one's own password; every session ends, the present one too. Raises AccountRefused for an unfit one."""
    return _change_password(person, password, now)


def _change_password(person: User, password: str, now: datetime) -> User:
    _set_password(person, password)
    person.save(update_fields=["password"])
    person.sessions.all().delete()
    Invitation.objects.open(now).filter(person=person, is_for_password=True).update(withdrawn_at=now)
    note(person=person, kind=AccountEvent.Kind.PASSWORD, by=person, now=now)
    tell(person, "Your password was changed", "Your password was changed, and you were signed out everywhere.")
    return person


def _set_password(person: User, password: str) -> None:
    try:
        password_validation.validate_password(password, person)
    except ValidationError as unfit:
        raise AccountRefused(" ".join(unfit.messages), field="password") from None
    person.set_password(password)


def _refuse_unfit_name(person: User) -> None:
    try:
        User._meta.get_field("username").clean(person.username, person)
    except ValidationError as unfit:
        raise AccountRefused(" ".join(unfit.messages), field="username") from None
    # Two names that differ in case alone are one in everybody's mind, and in the limits on signing in.
    if User.objects.filter(username__iexact=person.username).exists():
        raise AccountRefused("This user name is taken.", field="username")


# -- people ---------------------------------------------------------------------------------------------
@transaction.atomic
def add_client(*, name: str, by: User, now: datetime) -> User:
    """Make an account for a program: the role API client, no password; keys are issued to it."""
    _require_administrator(by)
    client = User(username=User.normalize_username(name.strip()))
    _refuse_unfit_name(client)
    client.set_unusable_password()
    client.save()
    _give_role(client, permissions.API_CLIENTS)
    note(person=client, kind=AccountEvent.Kind.JOINED, by=by, now=now, detail=permissions.API_CLIENTS)
    return client


@transaction.atomic
def change_role(*, person_id: int, role: str, by: User, now: datetime) -> User:
    """Give an account another role, from its next request on; "" takes every role away."""
    person = _locked(person_id, by)
    if role and role not in permissions.ROLES:
        raise AccountRefused("Choose a role.", field="role")
    before = permissions.role_of(person)
    if before == role:
        return person
    if before == permissions.DESK_LEADS:
        _refuse_without_leads(person)
    _give_role(person, role)
    note(person=person, kind=AccountEvent.Kind.ROLE, by=by, now=now, detail=f"{before or 'none'} → {role or 'none'}")
    return person


@transaction.atomic
def change_details(*, person_id: int, first_name: str, last_name: str, email: str, by: User, now: datetime) -> User:
    """Correct a colleague's name or mail address; a changed address is told to the one before it."""
    person = _locked(person_id, by)
    before, address = person.email, email.strip()
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise AccountRefused("This is not a mail address.", field="email") from None
        if User.objects.filter(email__iexact=address).exclude(pk=person.pk).exists():
            raise AccountRefused("Somebody here has this mail address already.", field="email")
    if before.lower() != address.lower():
        tell(person, "Your mail address was changed", f"{_name(by)} changed it to {address or 'none'}.")
        Invitation.objects.open(now).filter(person=person).update(withdrawn_at=now)
    person.first_name, person.last_name = first_name.strip()[:150], last_name.strip()[:150]
    person.email = address
    person.save(update_fields=["first_name", "last_name", "email"])
    detail = f"{before or 'no mail'} → {address or 'no mail'}" if before != address else "name"
    note(person=person, kind=AccountEvent.Kind.DETAILS, by=by, now=now, detail=detail)
    return person


@transaction.atomic
def disable(*, person_id: int, by: User, now: datetime) -> User:
    """Switch an account off: its sessions end and its keys are refused. What it wrote stays."""
    person = _locked(person_id, by)
    if not person.is_active:
        raise AccountRefused("This account is switched off already.")
    if permissions.role_of(person) == permissions.DESK_LEADS:
        _refuse_without_leads(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.sessions.all().delete()
    Invitation.objects.open(now).filter(person=person).update(withdrawn_at=now)
    note(person=person, kind=AccountEvent.Kind.DISABLED, by=by, now=now)
    return person


@transaction.atomic
def enable(*, person_id: int, by: User, now: datetime) -> User:
    """Switch an account on again; they sign in anew."""
    person = _locked(person_id, by)
    if person.is_active:
        raise AccountRefused("This account is on.")
    person.is_active = True
    person.save(update_fields=["is_active"])
    person.sessions.all().delete()
    note(person=person, kind=AccountEvent.Kind.ENABLED, by=by, now=now)
    return person


@transaction.atomic
def end_sessions(*, person_id: int, by: User, now: datetime) -> int:
    """Sign somebody, or oneself, out everywhere; return how many sessions ended."""
    person = User.objects.get(pk=person_id)
    if by.pk != person.pk and not permissions.can_change_account(by, person):
        raise NotPermitted("A desk lead signs a colleague out.")
    count = person.sessions.all().delete()[0]
    note(person=person, kind=AccountEvent.Kind.SIGNED_OUT, by=by, now=now, detail=f"{count} sessions")
    return count


def _locked(person_id: int, by: User) -> User:
    person = User.objects.select_for_update().get(pk=person_id)
    if not permissions.can_change_account(by, person):
        raise NotPermitted("A desk lead changes a colleague's account, never their own; a superuser's a superuser.")
    return person


def _refuse_without_leads(person: User) -> None:
    # The groups' rows are locked, so that two leads do not take each other out at once.
    Group.objects.select_for_update().get(name=permissions.DESK_LEADS)
    others = Q(groups__name=permissions.DESK_LEADS) | Q(is_superuser=True)
    if not User.objects.filter(others, is_active=True).exclude(pk=person.pk).exists():
        raise AccountRefused("This is the last desk lead; give somebody else that role first.")


def _give_role(person: User, role: str) -> None:
    person.groups.set(Group.objects.filter(name=role))
    person.is_staff = person.is_superuser or role in permissions.DESK_ROLES
    person.save(update_fields=["is_staff"])


def _require_administrator(by: User) -> None:
    if not permissions.can_administer(by):
        raise NotPermitted("Looking after accounts takes a desk lead's account.")


def _name(person: User) -> str:
    return person.get_full_name() or person.get_username()


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
