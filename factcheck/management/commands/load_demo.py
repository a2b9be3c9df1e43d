"""Load the demo desk into an empty installation."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from factcheck.demo.load import is_loaded, load


class Command(BaseCommand):
    help = "Load the demo desk: a small newsroom with forty claims. Does nothing where there is a desk already."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo desk is not for production: its passwords are printed in the README.")
        if not settings.FETCH_ALLOWED_ORIGIN:
            raise CommandError("Set FETCH_ALLOWED_ORIGIN to the demo site's address, as in 127.0.0.1:8001.")
        if is_loaded():
            self.stdout.write("There is a desk already; nothing loaded.")
            return
        with transaction.atomic():  # all of it or nothing: a start that was broken off begins again
            load(say=lambda step: self.stdout.write(f"  demo desk: {step}", ending="\r"))
        self.stdout.write("  demo desk: loaded          ")
