"""Whether this web process can do its work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from claims.services.signing import why_unavailable


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
        response = JsonResponse({"status": "no database"}, status=503)
    else:
        response = JsonResponse({"status": "ok", "signing": signing})
    response["Cache-Control"] = "no-store"
    return response
