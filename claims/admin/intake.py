"""Articles and candidates as lists; an article opens on its desk page."""

from django.contrib import admin
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from claims.models import Article, Candidate

from .base import ReadOnlyAdmin


@admin.register(Article)
class ArticleAdmin(ReadOnlyAdmin):
    list_display = ["article", "progress", "progress_reason", "added_by", "added_at"]
    list_display_links = None
    list_filter = ["progress"]
    list_select_related = ["source", "added_by"]
    search_fields = ["source__title", "source__url"]

    @display(description="Article")
    def article(self, article):
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), str(article))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect(get_object_or_404(Article, pk=object_id))


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    list_display = ["passage", "score", "decision", "claimant", "article", "decided_by", "decided_at"]
    list_display_links = None
    list_filter = ["decision"]
    list_select_related = ["article__source", "decided_by"]
    search_fields = ["quote", "claimant"]

    @display(description="Passage", ordering="quote")
    def passage(self, candidate):
        address = reverse("desk-article", args=[candidate.article_id])
        return format_html('<a href="{}?candidate={}">{}</a>', address, candidate.pk, candidate.quote[:160])
