"""The yardstick of goals 1 to 9: Django alone, no middleware, one view of constant JSON, which BARE_BODY names."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="bench", LOGGING_CONFIG=None)
django.setup()
BODY = Path(os.environ["BARE_BODY"]).read_bytes()


def constant(request):
    return HttpResponse(BODY, content_type="application/json")


urlpatterns = [path("constant", constant)]
application = WSGIHandler()
