"""Signing in: where each role begins, no address outside this site, and no endless guessing."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from claims import permissions
from claims.errors import RateLimited
from claims.services import limits

DESK = "/admin/"


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

    def get_default_redirect_url(self) -> str:
        """Return the desk for those who work there; the start page for all others and for a refused `next`."""
        user = self.request.user
        asked = self.request.POST.get(self.redirect_field_name, self.request.GET.get(self.redirect_field_name))
        if not asked and user.is_staff and permissions.can_view_desk(user):
            return DESK
        return resolve_url(settings.LOGIN_REDIRECT_URL)

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
