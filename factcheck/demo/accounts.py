"""Who can sign in at the demo desk: the accounts it is loaded with and the start prints."""

import json
from dataclasses import dataclass
from pathlib import Path

DESK = Path(__file__).with_name("desk.json")
PASSWORD = "demo-desk-2026"  # noqa: S105 — printed at every start; production refuses the demo


@dataclass(frozen=True)
class Account:
    """One person of the demo newsroom, or the client of its API."""

    username: str
    name: str
    role: str
    password: str = PASSWORD

    @property
    def role_and_name(self) -> str:
        return f"{self.name}, {self.role.replace('_', ' ')}"


NEWSROOM = [
    Account("rosa", "Rosa Okafor", "reviewer"),
    Account("ravi", "Ravi Lindqvist", "reviewer"),
    Account("edda", "Edda Moreau", "editor"),
    Account("dana", "Dana Whitfield", "desk_lead"),
    Account("apia", "The archive's client", "api_client"),
]


def demo_accounts() -> list[Account]:
    """Return one account per role and a second reviewer, from the desk's own file where it names them."""
    if not DESK.exists():
        return NEWSROOM
    people = json.loads(DESK.read_text(encoding="utf-8")).get("people", [])
    return [
        Account(
            username=person["username"],
            name=person.get("display_name") or person["username"],
            role=person["role"],
            password=person.get("password") or PASSWORD,
        )
        for person in people
    ] or NEWSROOM
