"""What a site's robots.txt lets us read (RFC 9309; pure)."""

import re
from collections.abc import Iterator

from protego import Protego

MAX_BYTES = 500 * 1024
_RULE = re.compile(r"\s*(user-agent|allow|disallow)\s*:(.*)", re.IGNORECASE)


class RobotsRules:
    """The rules of one robots.txt for one product token."""

    def __init__(self, body: bytes, user_agent: str) -> None:
        self.token = product_token(user_agent)
        text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
        self._rules = Protego.parse("\n".join(self._lines(text)))

    def allows(self, url: str) -> bool:
        """Whether our product may read this address; robots.txt itself always may be."""
        return bool(self._rules.can_fetch(url, self.token))

    def _lines(self, text: str) -> Iterator[str]:
        """The records of section 2.2 and no others: those must not end a group (2.2.4), and the parser lets them."""
        for line in re.split("[\r\n]+", text):
            rule = _RULE.match(line.partition("#")[0])
            if not rule:
                continue
            name, value = rule.group(1).lower(), rule.group(2).strip()
            # A product token is matched whole (2.2.1); the parser would take "Fact" for a part of "FactDesk".
            if name == "user-agent" and not re.match(r"\*(\s|\Z)", value):
                value = self.token if product_token(value) == self.token else "somebody-else"
            yield f"{name}: {value}"


def product_token(user_agent: str) -> str:
    """The part of a User-Agent that robots.txt is matched on ("FactDesk" of "FactDesk/1.0 (+https://...)")."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match.group().lower() if match else "*"


ALLOW_ALL = RobotsRules(b"", "any")
