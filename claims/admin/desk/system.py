"""The System page: whether the service is whole, for whoever looks after it."""

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from claims import permissions
from claims.services import system as services
from claims.services.signing import why_unavailable
from sources.backlog import waiting_messages
from sources.models import Worker
from sources.services.workers import unserved

from .jobs import ROLE_LABELS
from .page import desk_page, show

QUEUES = ["checks", "now"]
LATE = 600  # seconds a look may be due before somebody should look at the workers


@desk_page(may=permissions.can_administer)
@require_GET
def system(request):
    """Show queues, workers, storage, database, log and mail, with what is not as it should be on top."""
    now = timezone.now()
    waiting = services.waiting(now=now)
    awake = set(Worker.objects.awake())
    queues = waiting_messages(QUEUES)
    return show(
        request,
        "system",
        title="System",
        waiting=waiting,
        is_late=bool(waiting["oldest_look"]) and (now - waiting["oldest_look"]).total_seconds() > LATE,
        queues=[(ROLE_LABELS[name], queues[name]) for name in QUEUES] if queues else None,
        has_broker=queues is not None,
        workers=[
            (worker, [ROLE_LABELS.get(role, role) for role in worker.serves], worker in awake)
            for worker in Worker.objects.all()
        ],
        unserved=[ROLE_LABELS.get(role, role) for role in unserved()],
        versions=services.versions(),
        database=services.database(),
        storage=services.storage(),
        log=services.log_state(),
        signing_problem=why_unavailable(),
        keeps_mail=services.keeps_mail(),
        mails=services.kept_mail(),
        mail_server=getattr(settings, "EMAIL_HOST", ""),
        now=now,
    )


@desk_page(may=permissions.can_administer)
@require_GET
def mail(request, name):
    """Show one message that was written to a file because no mail server is named."""
    number = request.GET.get("no", "0")
    found = [one for one in services.kept_mail() if one.name == name and str(one.number) == number]
    if not found:
        raise Http404
    return show(request, "mail", title="Mail", mail=found[0])
