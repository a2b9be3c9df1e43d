"""sweep: the background work without a broker."""

import logging
import signal
import socket
import time

from celery import current_app
from celery.schedules import maybe_schedule
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, connection

from sources.services.workers import forget_worker, see_worker

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Do everything the timetable asks for that is due now, in this process and without a broker: looks at"
        " sources, quotes read again, and the rest. With --loop, again and again until it is told to end"
        " (SIGTERM, SIGINT); it then finishes what it does, or gives it back after WORKER_STOP_AFTER seconds."
        " Safe beside workers, and beside another of its kind."
    )

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="go on until told to end")

    def handle(self, *, loop, **options):
        self.stopping = False
        # What a task hands on, it then does itself; the same tasks, the same services.
        current_app.conf.task_always_eager = True
        current_app.loader.import_default_modules()
        due = dict.fromkeys(settings.CELERY_BEAT_SCHEDULE, 0.0)
        if not loop:
            for entry in due:
                self.run(entry)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        signal.signal(signal.SIGALRM, self.stop_at_once)
        name = f"sweep@{socket.gethostname()}"
        try:
            self.go_round(name, due)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            forget_worker(name=name)

    def go_round(self, name, due):
        while not self.stopping:
            self.see(name)
            for entry in [entry for entry, when in due.items() if time.monotonic() >= when]:
                if not self.stopping:
                    self.run(entry)
                    due[entry] = time.monotonic() + self.seconds_until_next(entry)
            connection.close()  # a server that went away is found again by the next round
            while not self.stopping and time.monotonic() < min(due.values()):
                time.sleep(0.1)

    def seconds_until_next(self, entry):
        timetable = maybe_schedule(settings.CELERY_BEAT_SCHEDULE[entry]["schedule"], app=current_app)
        return timetable.remaining_estimate(current_app.now()).total_seconds()

    def run(self, entry):
        try:
            current_app.tasks[settings.CELERY_BEAT_SCHEDULE[entry]["task"]].apply(throw=True)
        except Exception:
            log.exception("%s failed; the next round tries again", entry)

    def see(self, name):
        try:
            see_worker(name=name, serves=settings.JOB_ROLES)
        except Error as error:
            log.warning("its row is not written (%s)", type(error).__name__)

    def stop(self, *_):
        self.stopping = True
        signal.setitimer(signal.ITIMER_REAL, settings.WORKER_STOP_AFTER)

    def stop_at_once(self, *_):
        raise SystemExit(0)
