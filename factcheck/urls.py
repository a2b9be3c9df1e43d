"""The address space."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from factcheck.health import healthz, readyz
from factcheck.sign_in import SignIn, SignInCode

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url="/static/factcheck/mark.svg")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("login", SignIn.as_view(), name="login"),
    path("login/code", SignInCode.as_view(), name="login-code"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("admin", RedirectView.as_view(pattern_name="desk")),
    # The admin's own index of each app lists what the side bar has; its address leads to the desk's list.
    path("admin/sources/", RedirectView.as_view(pattern_name="desk-sources")),
    path("admin/claims/", RedirectView.as_view(pattern_name="admin:claims_claim_changelist")),
    # The theme's own link leads to the page where the second factor and the sessions are, too.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account")),
    path("admin/", include("claims.admin.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("claims.api.urls")),
    path("v1alpha1/", include("claims.api.google.urls")),
    path("", include("claims.urls")),
]

handler400 = "factcheck.error_pages.bad_request"
handler403 = "factcheck.error_pages.forbidden"
handler404 = "factcheck.error_pages.not_found"
handler500 = "factcheck.error_pages.server_error"
