"""The address space."""

from django.urls import path

from factcheck.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
