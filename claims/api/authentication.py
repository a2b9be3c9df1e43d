"""Who is calling: an API key in the Authorization header, or a person's session."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from claims.services.access import usable_key


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer fck_…`; a header that holds anything but a usable key is refused."""

    def authenticate(self, request):
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        scheme, _, key = header.strip().partition(" ")
        is_written = scheme.lower() == "bearer" and key.strip().isascii()
        record = usable_key(key=key.strip(), now=timezone.now()) if is_written else None
        if record is None:
            raise AuthenticationFailed
        return record.owner, record

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


class KeyScheme(OpenApiAuthenticationExtension):
    """The key as the OpenAPI document describes it."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "An API key: fck_…, made by a desk lead."}
