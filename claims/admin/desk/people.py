"""People: who works here in which role, who was asked to join, and what a desk lead may do to an account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.models import Invitation
from claims.services import accounts, second_factor
from sources.errors import Refused

from .accounts_forms import ClientForm, DetailsForm, InviteForm, RoleForm
from .page import desk_page, put_beside, searched, show

PER_PAGE = 40
ROLES = (
    (permissions.REVIEWERS, "take articles apart, attach evidence, judge, cross-check, answer alerts"),
    (permissions.DESK_LEADS, "all of that; publish what others wrote, look after people, keys, scale and policies"),
    (permissions.EDITORS, "read what is published, cite it and record where"),
    (permissions.API_CLIENTS, "by key: add articles, claims, evidence and notes; never judge or publish"),
)
SHOWN = {"active": Q(is_active=True), "off": Q(is_active=False)}
administrators = desk_page(may=permissions.can_administer)


@administrators
@require_GET
def people(request):
    """List the accounts with their roles, and the invitations that are still open."""
    shown = request.GET.get("show", "active")
    shown = shown if shown in SHOWN else "active"
    role = request.GET.get("role", "")
    search = searched(request, "q")
    found = User.objects.filter(SHOWN[shown])
    if role in permissions.ROLES:
        found = found.filter(groups__name=role)
    for word in search.split():
        name = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        found = found.filter(name | Q(email__icontains=word))
    apps = second_factor.Authenticator.objects.filter(user=OuterRef("pk"), type="totp")
    listed = found.annotate(has_code=Exists(apps)).prefetch_related(Prefetch("groups", Group.objects.order_by("pk")))
    page = Paginator(listed.order_by("first_name", "last_name", "username"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    person: Any
    for person in page:
        person.role = permissions.ROLE_LABELS.get(permissions.role_of(person))
    counts = User.objects.aggregate(**{name: Count("pk", filter=which) for name, which in SHOWN.items()})
    in_role = dict(Group.objects.annotate(n=Count("user", filter=Q(user__is_active=True))).values_list("name", "n"))
    return show(
        request,
        "people",
        title="People",
        page=page,
        shown=shown,
        role=role,
        search=search,
        counts=counts,
        roles=[(name, words, in_role.get(name, 0)) for name, words in ROLES],
        invitations=Invitation.objects.open(timezone.now()).select_related("invited_by", "person")[:PER_PAGE],
    )


@administrators
def person_invite(request):
    """Ask somebody to join by mail, or make an account for a program."""
    forms = {"person": InviteForm(), "client": ClientForm()}
    chosen = request.POST.get("by", "person")
    status = 200
    if request.method == "POST" and chosen in forms:
        status = 400
        form = forms[chosen] = type(forms[chosen])(request.POST)
        if form.is_valid():
            try:
                return _ask(request, chosen, form.cleaned_data)
            except Refused as refusal:
                put_beside(form, refusal)
                status = refusal.status
    return show(request, "person_invite", title="Invite somebody", status=status, forms=forms, chosen=chosen)


def _ask(request, chosen, given):
    now = timezone.now()
    if chosen == "client":
        client = accounts.add_client(name=given["username"], by=request.user, now=now)
        messages.success(request, "The account is made. Issue a key to it under API keys.")
        return redirect("desk-person", pk=client.pk)
    invitation, link, is_sent = accounts.invite(
        email=given["email"], name=given["full_name"], role=given["role"], by=request.user, now=now
    )
    return _sent(request, invitation, link, is_sent)


def _sent(request, invitation, link, is_sent):
    """Go on after a link was mailed; where it was not, show it this once, to be handed over."""
    if is_sent:
        messages.success(
            request, f"Sent to {invitation.email}. The link works once, until {invitation.expires_at:%d %B %Y}."
        )
        return redirect("desk-people")
    return show(request, "person_link", title="Hand the link over", invitation=invitation, link=link)


@administrators
@require_GET
def person(request, pk):
    """Show one account: its role, what protects it, what was done to it."""
    return _person(request, pk)


def _person(request, pk, *, status=200, details=None):
    found = get_object_or_404(User.objects.prefetch_related("groups"), pk=pk)
    now = timezone.now()
    return show(
        request,
        "person",
        title="Account",
        status=status,
        person=found,
        role_label=permissions.ROLE_LABELS.get(permissions.role_of(found)),
        form=RoleForm(initial={"role": permissions.role_of(found)}),
        details=details
        or DetailsForm(initial={"first_name": found.first_name, "last_name": found.last_name, "email": found.email}),
        has_code=second_factor.has_second_factor(found),
        session_count=found.sessions.filter(expire_date__gt=now).count(),
        key_count=found.api_keys.usable(now).count(),
        link=found.invitations.open(now).filter(is_for_password=True).first(),
        events=found.account_events.select_related("by")[:30],
        may_change=permissions.can_change_account(request.user, found),
    )


def _change(request, pk, change, done):
    """Do one thing to an account and say what it was, or why not."""
    get_object_or_404(User, pk=pk)
    try:
        change(by=request.user, now=timezone.now())
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk-person", pk=pk)


@administrators
@require_POST
def person_role(request, pk):
    """Give an account another role."""
    role = request.POST.get("role", "")
    return _change(
        request,
        pk,
        lambda **told: accounts.change_role(person_id=pk, role=role, **told),
        "The role is changed; it holds from their next click.",
    )


@administrators
@require_POST
def person_details(request, pk):
    """Correct a colleague's name or mail address."""
    get_object_or_404(User, pk=pk)
    form = DetailsForm(request.POST)
    if form.is_valid():
        try:
            accounts.change_details(person_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("desk-person", pk=pk)
    return _person(request, pk, status=400, details=form)


@administrators
@require_POST
def person_switch(request, pk):
    """Switch an account off, or on again."""
    if request.POST.get("to") == "on":
        return _change(
            request, pk, lambda **told: accounts.enable(person_id=pk, **told), "Switched on. They sign in anew."
        )
    return _change(
        request,
        pk,
        lambda **told: accounts.disable(person_id=pk, **told),
        "Switched off. Every session and key of theirs is refused from now on.",
    )


@administrators
@require_POST
def person_sign_out(request, pk):
    """End every session of an account."""
    return _change(
        request, pk, lambda **told: accounts.end_sessions(person_id=pk, **told), "They are signed out everywhere."
    )


@administrators
@require_POST
def person_second_factor(request, pk):
    """Take a second factor away from whoever lost the device and the codes."""
    account = get_object_or_404(User, pk=pk)
    return _change(
        request,
        pk,
        lambda **told: second_factor.take_away(person=account, **told),
        "Taken away. They sign in with their password alone, and were told so.",
    )


@administrators
@require_POST
def person_password_link(request, pk):
    """Send a colleague a link to choose a new password."""
    get_object_or_404(User, pk=pk)
    try:
        invitation, link, is_sent = accounts.send_password_link(person_id=pk, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk-person", pk=pk)
    if not is_sent:
        return _sent(request, invitation, link, is_sent)
    messages.success(request, f"Sent to {invitation.email}. The link works once, for a day.")
    return redirect("desk-person", pk=pk)


@administrators
@require_POST
def invitation_withdraw(request, pk):
    """End a link that was not used."""
    get_object_or_404(Invitation, pk=pk)
    try:
        ended = accounts.withdraw_invitation(invitation_id=pk, by=request.user, now=timezone.now())
        messages.success(request, f"Withdrawn. The link to {ended.email} opens nothing any more.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk-people")
