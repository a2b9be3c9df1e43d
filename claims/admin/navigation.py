"""The admin's side bar."""

from django.urls import reverse
from django.utils import timezone

from claims import permissions
from claims.models import Alert, Endpoint


def sidebar(request):
    """Return the groups of links this person's role opens, with the number of open alerts."""
    user = request.user
    open_alerts = Alert.objects.calling(timezone.now()).count()
    desk = [
        _item(request, "Queue", "desk", "inbox"),
        _item(request, "Dashboard", "desk-dashboard", "monitoring"),
        _item(request, "New article", "desk-article-new", "add_notes"),
        _item(request, "Articles", "desk-articles", "newsmode"),
        _item(request, "Claims", "admin:claims_claim_changelist", "fact_check"),
        _item(request, "Sources", "desk-sources", "link"),
        {**_item(request, "Alerts", "desk-alerts", "notifications"), "badge": open_alerts, "badge_variant": "warning"},
    ]
    reference = [
        _item(request, "Claimants", "admin:claims_claimant_changelist", "record_voice_over"),
        _item(request, "Topics", "admin:claims_topic_changelist", "sell"),
        _item(request, "Publishers", "admin:sources_publisher_changelist", "newspaper"),
        _item(request, "Verdict scale", "desk-scale", "straighten"),
    ]
    told = [
        _item(request, "Scheduled", "desk-scheduled", "schedule"),
        _item(request, "Publications", "admin:claims_publication_changelist", "campaign"),
        _item(request, "Corrections", "admin:claims_correction_changelist", "edit_note"),
        _item(request, "Ledger", "admin:claims_change_changelist", "receipt_long"),
    ]
    groups = [
        {"title": "Desk", "items": desk},
        {"title": "Reference", "items": reference, "separator": True, "collapsible": True},
        {"title": "What we published", "items": told, "separator": True, "collapsible": True},
    ]
    office = [_item(request, "Background work", "desk-jobs", "sync"), _item(request, "Policy", "desk-policy", "gavel")]
    office = [_item(request, "Background work", "desk-jobs", "sync")]
    if permissions.can_work(user):
        office.append(_item(request, "Import", "desk-imports", "upload"))
    office.append(_item(request, "Export", "desk-exports", "download"))
    if permissions.can_publish(user):
        office.append(_item(request, "People", "desk-people", "group"))
        office.append(_item(request, "System", "desk-system", "monitor_heart"))
        office.append(_item(request, "API keys", "admin:claims_apikey_changelist", "key"))
        off = Endpoint.objects.filter(disabled_reason__in=Endpoint.GIVEN_UP).count()
        webhooks = _item(request, "Webhooks", "desk-webhooks", "webhook")
        office.append({**webhooks, "badge": off, "badge_variant": "warning"} if off else webhooks)
    groups.append({"title": "Administration", "items": office, "separator": True, "collapsible": True})
    return groups


def _item(request, title, name, icon):
    address = reverse(name)
    return {"title": title, "icon": icon, "link": address, "active": request.path == address}
