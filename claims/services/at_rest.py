"""Secrets at rest: encrypted under keys derived from SECRET_KEY (HKDF, RFC 5869), one for each purpose.

A copy of the database alone reads none of them. When SECRET_KEY changes, the old one stands in
SECRET_KEY_FALLBACKS until `manage.py reencrypt_webhook_secrets` has run.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SecretLost(Exception):
    """A secret that was encrypted under a SECRET_KEY this installation does not know."""


def encrypted(secret: str, *, purpose: bytes) -> str:
    return _cipher(purpose).encrypt(secret.encode()).decode()


def decrypted(token: str, *, purpose: bytes) -> str:
    """Return the secret; or raise SecretLost."""
    try:
        return _cipher(purpose).decrypt(token.encode()).decode()
    except InvalidToken:
        raise SecretLost("encrypted under another SECRET_KEY") from None


def _cipher(purpose: bytes) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [HKDF(SHA256(), 32, salt=None, info=purpose).derive(key.encode()) for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
