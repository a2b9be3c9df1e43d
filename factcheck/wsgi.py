"""What the web server runs."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """Answer as Django does; a body that is whole goes out as a list, which the server sends in one piece.

    An iterable it asks for piece by piece, from another thread, which costs more than a short answer itself.
    """
    response: Any = django_application(environ, start_response)
    if response.streaming:
        return response
    try:
        return [response.content]
    finally:
        response.close()
