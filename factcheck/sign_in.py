"""Signing in: a password, a code where one is asked for; where each role begins, and no endless guessing."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from claims import permissions
from claims.errors import RateLimited
from claims.services import limits, second_factor
from sources.errors import Refused

DESK = "/admin/"
HALF_SIGNED_IN = "half_signed_in"  # the session's word for a right password that waits for its code
CODE_WITHIN = timedelta(minutes=10)


class SignInForm(AuthenticationForm):
    """A user name and a password, which is looked at only while the limits on failures hold."""

    refusal: RateLimited | None = None

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password or self.request is None:
            return self.cleaned_data
        address = limits.address_of(self.request.META)
        try:
            tried = limits.begin_sign_in(username=username, address=address, now=timezone.now())
        except RateLimited as refusal:
            self.refusal = refusal
            raise ValidationError(str(refusal), code=refusal.code) from None
        super().clean()
        limits.end_sign_in(tried)
        return self.cleaned_data


class SignIn(LoginView):
    """The sign-in page; in the demo it lists who can sign in."""

    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign the person in; or, with a second factor, ask for its code first."""
        person = form.get_user()
        if not second_factor.has_second_factor(person):
            return super().form_valid(form)
        # A new key, so that whoever planted the old one is not at the code's page with them.
        self.request.session.cycle_key()
        self.request.session[HALF_SIGNED_IN] = {
            "person": person.pk,
            "backend": person.backend,
            "hash": person.get_session_auth_hash(),
            "at": timezone.now().isoformat(),
            "next": self.get_redirect_url(),
        }
        return redirect("login-code")

    def get_default_redirect_url(self) -> str:
        """Return the desk for those who work there; the start page for all others and for a refused `next`."""
        asked = self.request.POST.get(self.redirect_field_name, self.request.GET.get(self.redirect_field_name))
        return resolve_url(settings.LOGIN_REDIRECT_URL) if asked else first_page(self.request.user)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return the address asked for if it is on this site, and neither of the two pages that lead nowhere."""
        url = super().get_redirect_url()
        return "" if url.partition("?")[0] in (reverse("login"), reverse("logout")) else url

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with what was typed; after too many failures say when to come back."""
        response = super().form_invalid(form)
        if form.refusal:
            response.status_code = form.refusal.status
            response["Retry-After"] = str(form.refusal.facts["retry_after"])
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Django's own view names the site by the Host header.
        context = {**super().get_context_data(**kwargs), "site_name": settings.SITE_NAME}
        if settings.DEMO:
            # Only a demo has these; production is started without the module ever being read.
            from factcheck.demo.accounts import demo_accounts

            context["demo_accounts"] = demo_accounts()
        return context


class CodeForm(forms.Form):
    """The code that an authenticator app shows, or a recovery code."""

    code = forms.CharField(max_length=20)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SignInCode(FormView):
    """The second step: a code, asked of whoever just gave the right password, for ten minutes."""

    form_class = CodeForm
    template_name = "registration/login_code.html"
    refusal: Refused | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Go back to the password where none was given, or not just now, or where it has changed since."""
        self.person = half_signed_in(request, timezone.now())
        if self.person is None:
            request.session.pop(HALF_SIGNED_IN, None)
            return redirect("login")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign them in if the code is right."""
        person, address = self.person, limits.address_of(self.request.META)
        try:
            second_factor.check_code(
                person=person, code=form.cleaned_data["code"], address=address, now=timezone.now()
            )
        except Refused as refusal:
            self.refusal = refusal
            form.add_error("code", str(refusal))
            return self.form_invalid(form)
        half = self.request.session.pop(HALF_SIGNED_IN)
        login(self.request, person, backend=half["backend"])
        return redirect(half["next"] or first_page(person))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; after too many wrong codes say when to come back."""
        response = super().form_invalid(form)
        if isinstance(self.refusal, RateLimited):
            response.status_code = self.refusal.status
            response["Retry-After"] = str(self.refusal.facts["retry_after"])
        return response


def half_signed_in(request: HttpRequest, now: datetime) -> Any:
    """Return who gave the right password and not yet the code, or None."""
    half = request.session.get(HALF_SIGNED_IN)
    if not half or now - datetime.fromisoformat(half["at"]) > CODE_WITHIN:
        return None
    person = get_user_model().objects.filter(pk=half["person"], is_active=True).first()
    is_same = person and constant_time_compare(person.get_session_auth_hash(), half["hash"])
    return person if is_same else None


def first_page(user: Any) -> str:
    """Return the desk for those who work there, the start page for all others."""
    is_at_desk = user.is_staff and permissions.can_view_desk(user)
    return DESK if is_at_desk else resolve_url(settings.LOGIN_REDIRECT_URL)
