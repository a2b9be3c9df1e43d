"""reencrypt_webhook_secrets: after SECRET_KEY changed, so that the old one can be forgotten."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from claims.services.at_rest import SecretLost
from claims.services.second_factor import reencrypt_seeds
from claims.services.webhooks import reencrypt_secrets


class Command(BaseCommand):
    help = (
        "Encrypt the webhooks' secrets and the second factors under the present SECRET_KEY. To change that key:"
        " move the old one to SECRET_KEY_FALLBACKS, start everything with the new one, run this, and take the old"
        " one out."
    )

    def handle(self, **options):
        try:
            with transaction.atomic():
                count = reencrypt_secrets() + reencrypt_seeds()
        except SecretLost as lost:
            raise CommandError(
                f"A secret was {lost}; name that key in SECRET_KEY_FALLBACKS. Nothing changed."
            ) from None
        self.stdout.write(f"{count} secrets stand under the present key.")
