"""Which addresses may stand in an href: whatever was typed or fetched, only http and https."""

from urllib.parse import urlsplit


def safe_href(url: str) -> str:
    """Return the address if it is http or https with a host and has no blank or control character, else ""."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # an unclosed bracket in the host
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
