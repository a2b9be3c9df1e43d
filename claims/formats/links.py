"""Which addresses may stand in an href, whatever was typed or fetched: only http and https. Which are our own."""

import re
from urllib.parse import urlsplit

_CLAIM = re.compile(r"/claims/([0-9A-Za-z-]{8,12})(?:/versions/[1-9][0-9]{0,8})?")


def safe_href(url: str) -> str:
    """Return the address if it is http or https with a host and has no blank or control character, else ""."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # an unclosed bracket in the host
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def claim_code_at(url: str, *, site_url: str) -> str | None:
    """Return the code in the address of a claim's page, or of one of its versions, on this very site; or None.

    Scheme, host and port are the site's own, whatever follows in query and fragment; nothing is looked up.
    """
    if len(url) > 2048 or not safe_href(url) or "\\" in url:
        return None
    try:
        asked, own = urlsplit(url), urlsplit(site_url)
        is_ours = (asked.scheme, asked.hostname, asked.port) == (own.scheme, own.hostname, own.port)
    except ValueError:  # a port that is none
        return None
    if not is_ours or "@" in asked.netloc or not asked.path.startswith(own.path):
        return None
    found = _CLAIM.fullmatch(asked.path.removeprefix(own.path))
    return found[1] if found else None
