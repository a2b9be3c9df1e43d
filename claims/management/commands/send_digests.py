"""`manage.py send_digests`: the mails to editors that are due, once; the timetable sends them as well."""

from django.core.management.base import BaseCommand

from claims.services.digests import send_due_digests
from sources.services.leases import database_clock


class Command(BaseCommand):
    help = "Mail every editor whose digest is due about the claims they cited that moved. Safe to run at any time."

    def handle(self, **options):
        sent = send_due_digests(clock=database_clock())
        self.stdout.write(f"{sent} mail{'' if sent == 1 else 's'} sent.")
