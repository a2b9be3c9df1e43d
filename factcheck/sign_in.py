"""Signing in: where each role begins, and no address outside this site."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse

from claims import permissions

DESK = "/admin/"


class SignIn(LoginView):
    """The sign-in page; in the demo it lists who can sign in."""

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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Django's own view names the site by the Host header.
        context = {**super().get_context_data(**kwargs), "site_name": settings.SITE_NAME}
        if settings.DEMO:
            # Only a demo has these; production is started without the module ever being read.
            from factcheck.demo.accounts import demo_accounts

            context["demo_accounts"] = demo_accounts()
        return context
