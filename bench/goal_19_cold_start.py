"""Goal 19: how long `manage.py check` takes, beside importing its frameworks and nothing of ours."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NUMBER = 19
NAME = "manage.py check, wall x importing Django, DRF, Celery, redis"
MUST, STRETCH = 1.4, 1.1
ROUNDS = 9
HOME = Path(__file__).resolve().parent.parent
# What every management command needs of each: an application registry, views, an app with tasks, a client.
FRAMEWORKS = (
    "import django, django.apps, django.conf, django.core.management, django.db.models, django.contrib.admin,"
    " django.contrib.auth; from django.conf import settings;"
    "settings.configure(SECRET_KEY='x', INSTALLED_APPS=['django.contrib.contenttypes', 'django.contrib.auth',"
    " 'django.contrib.messages', 'django.contrib.sessions', 'django.contrib.admin', 'rest_framework']);"
    "django.setup(); import rest_framework.views, rest_framework.viewsets, celery, celery.app.base, redis"
)


def seconds(command: list[str], env: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=HOME, env=env, check=True, capture_output=True)
    return time.perf_counter() - began


def measure() -> tuple[float, str]:
    """Return the ratio of the medians of alternated runs, and what it was made of."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as var:
        env = {"PATH": os.environ.get("PATH", ""), "FACTCHECK_VAR": var}
        check, bare = [sys.executable, "manage.py", "check"], [sys.executable, "-c", FRAMEWORKS]
        for command in (check, bare):
            seconds(command, env)  # warm the page cache and the compiled files
        for _ in range(ROUNDS):
            ours.append(seconds(check, env))
            theirs.append(seconds(bare, env))
    mine, bare_time = statistics.median(ours), statistics.median(theirs)
    return mine / bare_time, f"{mine * 1000:.0f} ms / {bare_time * 1000:.0f} ms, median of {ROUNDS}"
