"""What a site's robots.txt lets us read (RFC 9309; pure)."""

import re

from protego import Protego

MAX_BYTES = 500 * 1024
_RULE = re.compile(r"\s*(user-agent|allow|disallow)\s*:(.*)", re.IGNORECASE)


class RobotsRules:
    """The rules of one robots.txt for one product token."""

    def __init__(self, body: bytes, user_agent: str) -> None:
        self.token = product_token(user_agent)
        text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
        # Other records must not end a group (section 2.2.4); the parser lets them, so they go first.
        lines = (line.partition("#")[0] for line in text.splitlines())
        self._rules = Protego.parse("\n".join(line for line in lines if _RULE.match(line)))

    def allows(self, url: str) -> bool:
        """Whether our product may read this address; robots.txt itself always may be."""
        return bool(self._rules.can_fetch(url, self.token))


def product_token(user_agent: str) -> str:
    """The part of a User-Agent that robots.txt is matched on ("FactDesk" of "FactDesk/1.0 (+https://...)")."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match.group().lower() if match else "*"


ALLOW_ALL = RobotsRules(b"", "any")
