"""Whether this web process can do its work, and whether the whole service does."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from claims.services.signing import why_unavailable
from sources.services.workers import unserved
from sources.wake import broker_answers


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, 503 when it does not; and whether the log can be signed.

    Without its key nothing is published, but all that is published stays readable: no reason to take the process
    out of service.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        signing = "unavailable" if why_unavailable() else "ok"
    except DatabaseError:
        return _answer({"status": "no database"}, 503)
    return _answer({"status": "ok", "signing": signing})


def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the background work goes on: `ok`, or `degraded` with what is missing; 503 without a database.

    Degraded is 200 all the same: pages and API answer, and a load balancer that took this process away for
    a broker's sake would make it worse. `unserved` names queues from which no worker asked for work lately,
    and `timetable` when nobody swept.
    """
    try:
        missing = unserved()
    except DatabaseError:
        return _answer({"status": "no database"}, 503)
    has_broker = broker_answers()
    status = "ok" if has_broker and not missing else "degraded"
    return _answer({"status": status, "broker": "answers" if has_broker else "away", "unserved": missing})


def _answer(body: dict, status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
