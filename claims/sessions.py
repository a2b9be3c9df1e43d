"""The sessions of people who are signed in: rows that say whose they are (SESSION_ENGINE)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from claims.models import Session


class SessionStore(DatabaseStore):
    """Django's own store of sessions in the database, with the person beside each."""

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        """Return the row of this session's data, with whoever is signed in by it."""
        row: Any = super().create_model_instance(data)
        row.person_id = data.get(SESSION_KEY)
        return row
