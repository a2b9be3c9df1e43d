"""What is asked of the door, within which limits, and what it brings back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from sources.outcomes import Outcome


@dataclass(frozen=True)
class Limits:
    """What one look may cost: seconds and bytes."""

    dns: float = 5.0
    connect: float = 5.0
    tls: float = 5.0
    first_byte: float = 10.0
    idle: float = 10.0
    total: float = 30.0  # over all hops; waiting for other looks at a host is not counted
    post: float = 15.0  # a whole post
    wire: int = 5 * 1024 * 1024
    pdf: int = 20 * 1024 * 1024  # on the wire and decoded
    decoded: int = 10 * 1024 * 1024
    headers: int = 100
    header_bytes: int = 32 * 1024
    answer_head: int = 16 * 1024  # of the answer to a post
    held: int = 48 * 1024 * 1024  # bodies in hand, all looks together; past it they are read one by one
    redirects: int = 5
    per_host: int = 2
    robots_age: float = 24 * 3600.0


@dataclass(frozen=True)
class FetchPolicy:
    """How this site looks at others. `user_agent` names the product first and carries a contact address."""

    user_agent: str
    allowed_origin: str | None = None  # "127.0.0.1:8001": one address and port, for the demo and for tests
    proxy: str | None = None  # every request goes through it; it then resolves and guards names itself
    ca_file: str | None = None  # PEM; certificates trusted besides the system's own
    spacing: float = 1.0  # seconds between two requests to one host
    limits: Limits = field(default_factory=Limits)
    robots: bool = True
    closes_hosts: bool = True  # a Retry-After holds for the whole host, not for its one address alone
    ports: tuple[int, ...] = (80, 443)
    nat64_prefix: str | None = None


@dataclass(frozen=True)
class FetchRequest:
    """An address to look at, with the validators of the last good answer (RFC 9110, section 13)."""

    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Hop:
    """One redirect: its status and the address it leads to."""

    status: int
    url: str


@dataclass(frozen=True)
class FetchResult:
    """What one look found. `body` is empty unless the outcome is `ok`."""

    url: str
    final_url: str
    outcome: Outcome
    http_status: int = 0
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""  # content coding taken off
    raw_body: bytes = b""  # as received, transfer coding taken off
    content_type: str = ""  # without parameters, lower case
    charset: str = ""
    redirects: list[Hop] = field(default_factory=list)
    permanent_redirect: bool = False  # there were redirects and all of them are 301 or 308
    seconds: float = 0.0  # of our work, not of polite waiting
    bytes: int = 0  # of the body on the wire
    retry_after: float | None = None  # seconds, 60 to 86,400
    reason: str = ""  # fit to show; names no address
    etag: str = ""
    last_modified: str = ""
    fetched_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    raw_headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_downgraded(self) -> bool:
        """Whether a redirect led from https to http on the way."""
        schemes = [url.partition(":")[0] for url in (self.url.lower(), *(hop.url for hop in self.redirects))]
        return ("https", "http") in pairwise(schemes)


@dataclass(frozen=True)
class PostRequest:
    """Something to tell an address, as webhooks do: the body and its headers, sent as they are."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PostResult:
    """How a post ended: `ok` for any 2xx, `redirect_error` for any 3xx, else what a look would be told."""

    outcome: Outcome
    http_status: int = 0
    retry_after: float | None = None  # seconds, 60 to 86,400
    response_head: bytes = b""  # the start of the answer's body, as received
    seconds: float = 0.0
    reason: str = ""  # fit to show; names no address
