"""reencrypt_webhook_secrets: after SECRET_KEY changed, so that the old one can be forgotten."""

from django.core.management.base import BaseCommand, CommandError

from claims.services.webhooks import SecretLost, reencrypt_secrets


class Command(BaseCommand):
    help = (
        "Encrypt the webhooks' secrets under the present SECRET_KEY. To change that key: move the old one to"
        " SECRET_KEY_FALLBACKS, start everything with the new one, run this, and take the old one out."
    )

    def handle(self, **options):
        try:
            count = reencrypt_secrets()
        except SecretLost as lost:
            raise CommandError(
                f"A secret was {lost}; name that key in SECRET_KEY_FALLBACKS. Nothing changed."
            ) from None
        self.stdout.write(f"{count} secrets stand under the present key.")
