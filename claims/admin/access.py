"""API keys: a desk lead issues and revokes them; a key is shown once."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from claims import permissions
from claims.models import ApiKey
from claims.services.access import issue_key, revoke_key

from .base import ReadOnlyAdmin


class IssueKeyForm(forms.ModelForm):
    """What a new key is for; its owner is the issuer or an API client, never another person."""

    scopes = forms.MultipleChoiceField(
        choices=[("read", "Read"), ("write", "Write"), ("webhooks", "Webhooks")],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = ApiKey
        fields = ["name", "owner", "scopes", "expires_at"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ["name", "prefix", "owner", "may", "state", "created_at", "expires_at", "last_used_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "prefix", "owner__username"]
    fields = ["name", "owner", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    add_fieldsets = [(None, {"fields": ["name", "owner", "scopes", "expires_at"]})]
    form = IssueKeyForm
    actions = ["revoke"]

    @display(description="May")
    def may(self, key):
        return ", ".join(key.scopes) or "nothing"

    @display(description="State", label={"in use": "success", "expired": "warning", "revoked": "danger"})
    def state(self, key):
        if key.revoked_at:
            return "revoked"
        return "expired" if key.expires_at and key.expires_at <= timezone.now() else "in use"

    def has_module_permission(self, request):
        return permissions.can_publish(request.user)

    def has_view_permission(self, request, obj=None):
        return permissions.can_publish(request.user)

    def has_add_permission(self, request):
        return permissions.can_publish(request.user)

    def has_revoke_permission(self, request):
        return permissions.can_publish(request.user)

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "owner":
            clients = Q(groups__name=permissions.API_CLIENTS) | Q(pk=request.user.pk)
            kwargs["queryset"] = User.objects.filter(clients, is_active=True).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        wanted = form.cleaned_data
        record, request.issued_key = issue_key(
            name=wanted["name"],
            owner=wanted["owner"],
            scopes=wanted["scopes"],
            expires_at=wanted["expires_at"],
            now=timezone.now(),
        )
        obj.pk = record.pk

    def log_addition(self, request, obj, message):
        obj.refresh_from_db()
        return super().log_addition(request, obj, message)

    def response_add(self, request, obj, post_url_continue=None):
        context = {**self.admin_site.each_context(request), "title": "The new key", "key": request.issued_key}
        return TemplateResponse(request, "desk/key_issued.html", {**context, "record": obj})

    @admin.action(description="Revoke: refused from the next request on", permissions=["revoke"])
    def revoke(self, request, queryset):
        for key in queryset:
            revoke_key(key_id=key.pk, now=timezone.now())
        self.message_user(request, "Revoked. They are refused from now on.", messages.SUCCESS)
