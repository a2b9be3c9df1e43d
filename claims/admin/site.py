"""Who may enter the admin, and what everybody else is told."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from claims import permissions


def may_enter(request: HttpRequest) -> bool:
    """Whether this person's present role opens the desk; asked anew with every request."""
    return request.user.is_active and request.user.is_staff and permissions.can_view_desk(request.user)


def no_access(request: HttpRequest) -> HttpResponse:
    """Answer 403 with a page that says which account would be needed."""
    context = {**admin.site.each_context(request), "title": "Not for this account"}
    return TemplateResponse(request, "desk/no_access.html", context, status=403)


def sign_in(request: HttpRequest, extra_context=None) -> HttpResponse:
    """Send a visitor to the site's own sign-in page; tell somebody signed in why they cannot enter."""
    if request.user.is_authenticated:
        return no_access(request)
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)


admin.site.has_permission = may_enter  # type: ignore[method-assign]
admin.site.login = sign_in  # type: ignore[method-assign]
