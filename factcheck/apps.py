"""The project as an app, and allauth's two without their doors."""

from allauth.account.apps import AccountConfig
from allauth.mfa.apps import MFAConfig
from django.apps import AppConfig


class FactcheckConfig(AppConfig):
    name = "factcheck"
    default = True


class AllauthAccounts(AccountConfig):
    """allauth's account app, which its second factors are built on: no page, signal or middleware of it is used."""

    def ready(self) -> None:
        """Start nothing: what it would ask for serves sign-up and sign-in pages that are not here."""


class AllauthSecondFactor(MFAConfig):
    """allauth's store of second factors; who may try a code, and how often, `claims.services` says."""

    def ready(self) -> None:
        """Start nothing, as above."""
