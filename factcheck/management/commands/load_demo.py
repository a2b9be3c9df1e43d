"""Load the demo desk, once."""

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Load the demo desk; does nothing where it is loaded."

    def handle(self, *args, **options):
        self.stdout.write("Nothing to load yet.")
