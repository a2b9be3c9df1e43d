"""The addresses of Google's Fact Check Tools API v1alpha1."""

from django.urls import path, re_path

from . import pages, searching

urlpatterns = [
    path("claims:search", searching.claims_search, name="google-claims-search"),
    path("claims:imageSearch", searching.claims_image_search),
    path("pages", pages.pages, name="google-pages"),
    path("pages/<str:page_id>", pages.page),
    re_path("", pages.anything_else),
]
