"""What is served as plain text for machines and for whoever finds a hole."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.formats.links import safe_href

# RFC 9116 section 2.5.5 recommends less than a year.
_SECURITY_TXT_LASTS = timedelta(days=180)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say who keeps this desk, and how a site can speak to the machine that reads it."""
    context = {"contact": settings.SITE_CONTACT, "user_agent": settings.USER_AGENT}
    return render(request, "claims/about.html", context)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Let everything public be read (RFC 9309)."""
    closed = ("/admin/", "/login", "/logout", "/account", "/uses", "/check")
    sitemap = f"Sitemap: {settings.SITE_URL}/sitemap.xml"
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", sitemap]
    return _text(lines)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where a security problem is reported (RFC 9116)."""
    contact = safe_href(settings.SITE_CONTACT) or f"mailto:{settings.SITE_CONTACT}"
    expires = (timezone.now() + _SECURITY_TXT_LASTS).strftime("%Y-%m-%dT00:00:00Z")
    canonical = f"{settings.SITE_URL}/.well-known/security.txt"
    lines = [f"Contact: {contact}", f"Expires: {expires}", "Preferred-Languages: en", f"Canonical: {canonical}"]
    return _text(lines)


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
