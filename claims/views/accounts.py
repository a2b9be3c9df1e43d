"""One's own account: password, second factor, sessions; and the page a link by mail leads to."""

import base64
from functools import wraps
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import permissions
from claims.errors import InvitationRefused, RateLimited
from claims.services import accounts, limits, second_factor
from claims.services.at_rest import decrypted, encrypted
from sources.errors import Refused

SEED = "second_factor_seed"  # the session's word for a seed that no code was shown for yet
NEW_PASSWORD = {"autocomplete": "new-password"}


class OwnRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User  # type: ignore[assignment]


def own_page(view: Any) -> Any:
    """A page of whoever is signed in, kept in no cache; what is typed there stands in no report."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return never_cache(sensitive_post_parameters()(login_required(guarded)))


class PasswordAgain(forms.Form):
    """The present password: an open browser alone changes nothing that keeps its owner out."""

    current = forms.CharField(
        label="Present password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: OwnRequest, **kwargs: Any):
        self.request = request
        self.status = 400
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **kwargs)

    def clean_current(self) -> str:
        """Look at the password while the limits on signing in hold; a guess here is a guess there."""
        user, given = self.request.user, self.cleaned_data["current"]
        try:
            tried = limits.begin_sign_in(
                username=user.get_username(), address=limits.address_of(self.request.META), now=timezone.now()
            )
        except RateLimited as refusal:
            self.status = refusal.status
            raise ValidationError(str(refusal)) from None
        if authenticate(self.request, username=user.get_username(), password=given) != user:
            raise ValidationError("This is not your present password.")
        limits.end_sign_in(tried)
        return given


class NewPassword(PasswordAgain):
    password = forms.CharField(label="New password", strip=False, widget=forms.PasswordInput(attrs=NEW_PASSWORD))


class SetUp(PasswordAgain):
    code = forms.CharField(
        label="Code that the app shows",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class TakeAway(PasswordAgain):
    pass


class Renew(PasswordAgain):
    pass


class Choose(forms.Form):
    password = forms.CharField(label="Password", strip=False, widget=forms.PasswordInput(attrs=NEW_PASSWORD))


class Join(Choose):
    first_name = forms.CharField(label="First name", required=False, max_length=150)
    last_name = forms.CharField(label="Last name", required=False, max_length=150)
    username = forms.CharField(
        label="User name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    field_order = ["first_name", "last_name", "username", "password"]


@own_page
@require_safe
def account(request: OwnRequest) -> HttpResponse:
    """Show who one is here, and what protects the account."""
    return _account(request)


def _account(request: OwnRequest, *, status: int = 200, **bound: Any) -> HttpResponse:
    person = request.user
    has_code = second_factor.has_second_factor(person)
    context = {
        "role": permissions.ROLE_LABELS.get(permissions.role_of(person), "Superuser" if person.is_superuser else ""),
        "has_code": has_code,
        "codes_left": second_factor.recovery_codes_left(person) if has_code else 0,
        "session_count": person.sessions.filter(expire_date__gt=timezone.now()).count(),
        "events": person.account_events.select_related("by")[:8],
        "password": NewPassword(request=request),
        "take_away": TakeAway(request=request),
        "renew": Renew(request=request),
    }
    return render(request, "account/account.html", {**context, **bound}, status=status)


@own_page
@require_POST
def password(request: OwnRequest) -> HttpResponse:
    """Change the password; every session ends, and one signs in anew."""
    form = NewPassword(request.POST, request=request)
    if form.is_valid():
        try:
            accounts.change_password(person=request.user, password=form.cleaned_data["password"], now=timezone.now())
        except Refused as refusal:
            form.add_error("password", str(refusal))
        else:
            logout(request)
            messages.success(request, "Your password is changed. Sign in with it.")
            return redirect("login")
    return _account(request, status=form.status, password=form)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_set_up(request: OwnRequest) -> HttpResponse:
    """Show a seed as a picture and as words; once a code of it comes back, ask for codes from then on."""
    if second_factor.has_second_factor(request.user):
        return redirect("account")
    seed = _seed(request)
    form = SetUp(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        try:
            codes = second_factor.set_up(
                person=request.user, seed=seed, code=form.cleaned_data["code"], now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[SEED]
            return render(request, "account/recovery_codes.html", {"codes": codes, "is_first": True})
    address = second_factor.seed_address(person=request.user, seed=seed)
    parts = [seed[at : at + 4] for at in range(0, len(seed), 4)]
    context = {"form": form, "picture": _picture(address), "parts": parts, "address": address}
    return render(request, "account/second_factor.html", context, status=form.status if form.errors else 200)


def _seed(request: OwnRequest) -> str:
    """Return the seed this session was shown, or a new one; it is kept encrypted, as it will be."""
    kept = request.session.get(SEED)
    if kept:
        return decrypted(kept, purpose=second_factor.PURPOSE)
    seed = second_factor.new_seed()
    request.session[SEED] = encrypted(seed, purpose=second_factor.PURPOSE)
    return seed


def _picture(address: str) -> str:
    """Return an address as a QR code in a data address, which the policy lets an image have."""
    # Imported here: it is needed on this one page, and slow to load for every command.
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, box_size=10, border=3).save(drawn)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


@own_page
@require_POST
def second_factor_off(request: OwnRequest) -> HttpResponse:
    """Ask for the password alone again."""
    form = TakeAway(request.POST, request=request)
    if not form.is_valid():
        return _account(request, status=form.status, take_away=form)
    try:
        second_factor.take_away(person=request.user, by=request.user, now=timezone.now())
        messages.success(request, "Taken away. Signing in asks for the password alone now.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("account")


@own_page
@require_POST
def recovery_codes(request: OwnRequest) -> HttpResponse:
    """Make ten new recovery codes, and show them this once."""
    form = Renew(request.POST, request=request)
    if not form.is_valid():
        return _account(request, status=form.status, renew=form)
    try:
        codes = second_factor.renew_recovery_codes(person=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("account")
    return render(request, "account/recovery_codes.html", {"codes": codes, "is_first": False})


@own_page
@require_POST
def sign_out_everywhere(request: OwnRequest) -> HttpResponse:
    """End every session of one's own, this one too."""
    accounts.end_sessions(person_id=request.user.pk, by=request.user, now=timezone.now())
    logout(request)
    messages.success(request, "Signed out everywhere.")
    return redirect("login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account an invitation is for, or choose the new password a link is for."""
    try:
        invitation = accounts.open_invitation(token=token, now=timezone.now())
    except InvitationRefused as refusal:
        return render(request, "account/link_ended.html", {"reason": str(refusal)}, status=refusal.status)
    kind = Choose if invitation.is_for_password else Join
    first, _, last = invitation.name.partition(" ")
    form = kind(request.POST if request.method == "POST" else None, initial={"first_name": first, "last_name": last})
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                _follow(invitation, token, form.cleaned_data)
            except InvitationRefused as refusal:
                return render(request, "account/link_ended.html", {"reason": str(refusal)}, status=refusal.status)
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                logout(request)
                messages.success(request, "That is done. Sign in with it.")
                return redirect("login")
    return render(request, "account/join.html", {"form": form, "invitation": invitation}, status=status)


def _follow(invitation: Any, token: str, given: dict[str, str]) -> None:
    if invitation.is_for_password:
        accounts.choose_password(token=token, password=given["password"], now=timezone.now())
    else:
        accounts.join(token=token, now=timezone.now(), **given)
