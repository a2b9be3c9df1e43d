"""How a look at an address ended, and what that says about the link (pure)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Outcome(StrEnum):
    """How one look ended. Only `ok` and `unchanged` say anything about what the source says."""

    OK = "ok"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"  # we refused the address
    NOT_PERMITTED = "not_permitted"  # robots.txt
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    DECODE_ERROR = "decode_error"
    BAD_TYPE = "bad_type"
    EMPTY = "empty"
    PARSE_LIMIT = "parse_limit"
    PROTOCOL_ERROR = "protocol_error"
    REDIRECT_ERROR = "redirect_error"
    HTTP_ERROR = "http_error"
    AUTH_REQUIRED = "auth_required"
    GONE = "gone"
    LEGAL = "legal"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TLS_ERROR = "tls_error"


class LinkState(StrEnum):
    """What one look says about the link. `failing` becomes `dead` only by counting, elsewhere."""

    LIVE = "live"
    MOVED = "moved"
    BLOCKED = "blocked"
    FAILING = "failing"
    DEVIATED = "deviated"
    DEAD = "dead"


# The words a reader may see. They name no address and do not tell a closed port from a filtered one.
REASONS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.OK: "The page was read.",
        Outcome.UNCHANGED: "The site says the page has not changed.",
        Outcome.BLOCKED: "This address is not allowed.",
        Outcome.NOT_PERMITTED: "The site's robots.txt asks us not to read this page.",
        Outcome.UNREACHABLE: "The site could not be reached.",
        Outcome.TIMEOUT: "The site did not answer in time.",
        Outcome.TOO_LARGE: "The page is larger than we read.",
        Outcome.TRUNCATED: "The page ended before it was complete.",
        Outcome.DECODE_ERROR: "The page's encoding could not be read.",
        Outcome.BAD_TYPE: "The address does not lead to a text we can read.",
        Outcome.EMPTY: "The page has no text.",
        Outcome.PARSE_LIMIT: "The page is too complex to be read safely.",
        Outcome.PROTOCOL_ERROR: "The site's answer was not valid HTTP.",
        Outcome.REDIRECT_ERROR: "The site sends us in circles or nowhere.",
        Outcome.HTTP_ERROR: "The site answered with an error.",
        Outcome.AUTH_REQUIRED: "The site asks for a login or payment.",
        Outcome.GONE: "The site says the page is gone.",
        Outcome.LEGAL: "The site withholds the page for legal reasons.",
        Outcome.RATE_LIMITED: "The site asks us to come back later.",
        Outcome.SERVER_ERROR: "The site has trouble of its own.",
        Outcome.TLS_ERROR: "The site's certificate could not be trusted.",
    }
)

# `gone` is dead at once for counting; the caller still confirms it by a second look.
_LINK_STATES: Mapping[Outcome, LinkState] = MappingProxyType(
    {
        Outcome.OK: LinkState.LIVE,
        Outcome.UNCHANGED: LinkState.LIVE,
        Outcome.BLOCKED: LinkState.FAILING,
        Outcome.NOT_PERMITTED: LinkState.BLOCKED,
        Outcome.UNREACHABLE: LinkState.FAILING,
        Outcome.TIMEOUT: LinkState.FAILING,
        Outcome.TOO_LARGE: LinkState.LIVE,
        Outcome.TRUNCATED: LinkState.FAILING,
        Outcome.DECODE_ERROR: LinkState.FAILING,
        Outcome.BAD_TYPE: LinkState.LIVE,
        Outcome.EMPTY: LinkState.LIVE,
        Outcome.PARSE_LIMIT: LinkState.LIVE,
        Outcome.PROTOCOL_ERROR: LinkState.FAILING,
        Outcome.REDIRECT_ERROR: LinkState.FAILING,
        Outcome.HTTP_ERROR: LinkState.FAILING,
        Outcome.AUTH_REQUIRED: LinkState.BLOCKED,
        Outcome.GONE: LinkState.DEAD,
        Outcome.LEGAL: LinkState.BLOCKED,
        Outcome.RATE_LIMITED: LinkState.BLOCKED,
        Outcome.SERVER_ERROR: LinkState.FAILING,
        Outcome.TLS_ERROR: LinkState.FAILING,
    }
)
_PAGE_STATES: Mapping[str, LinkState] = MappingProxyType(
    {
        "consent_wall": LinkState.BLOCKED,
        "paywall_stub": LinkState.BLOCKED,
        "captcha": LinkState.BLOCKED,
        "soft_404": LinkState.DEVIATED,
        "parked": LinkState.DEVIATED,
    }
)
REFUSING_STATUSES = frozenset({403, 412, 428, 449})
CONFIRMING = frozenset({Outcome.OK, Outcome.UNCHANGED})
NOT_CHECKABLE = frozenset({Outcome.TOO_LARGE, Outcome.BAD_TYPE, Outcome.PARSE_LIMIT, Outcome.EMPTY})

_STATUS_OUTCOMES: Mapping[int, Outcome] = MappingProxyType(
    {
        401: Outcome.AUTH_REQUIRED,
        402: Outcome.AUTH_REQUIRED,
        407: Outcome.AUTH_REQUIRED,
        440: Outcome.AUTH_REQUIRED,
        410: Outcome.GONE,
        429: Outcome.RATE_LIMITED,
        451: Outcome.LEGAL,
    }
)


def outcome_of_status(status: int) -> Outcome:
    """The outcome of an answer that is no page, redirect or 304 (RFC 9110, 6585, 7725)."""
    if status in _STATUS_OUTCOMES:
        return _STATUS_OUTCOMES[status]
    if 500 <= status <= 599:
        return Outcome.SERVER_ERROR
    return Outcome.HTTP_ERROR if 300 <= status <= 499 else Outcome.PROTOCOL_ERROR


def first_link_state(state: LinkState) -> LinkState:
    """What a first look makes of it: what only a second look confirms is `failing` until then."""
    return LinkState.FAILING if state in (LinkState.DEAD, LinkState.DEVIATED) else state


def link_state(
    outcome: Outcome, *, http_status: int = 0, page_class: str = "", permanent_redirect: bool = False
) -> LinkState:
    """What one look says about the link: one table, no history.

    `failing` and `deviated` are candidates: counting failures and the second look are the caller's.
    """
    if outcome is Outcome.HTTP_ERROR and http_status in REFUSING_STATUSES:
        return LinkState.BLOCKED
    if outcome in CONFIRMING and page_class in _PAGE_STATES:
        return _PAGE_STATES[page_class]
    state = _LINK_STATES[outcome]
    if outcome in CONFIRMING and permanent_redirect:
        return LinkState.MOVED
    return state
