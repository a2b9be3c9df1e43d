"""Which addresses we look at at all: one strict grammar, one table of forbidden networks (pure)."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import idna
from publicsuffixlist import PublicSuffixList
from yarl import URL

MAX_LENGTH = 2048  # characters
DEFAULT_PORTS = {"http": 80, "https": 443}

_SHAPE = re.compile(r"(?i:(https?))://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#(.*))?\Z", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_NUMERIC = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)\Z")
_IPV4 = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})\Z")
_PRIVATE_SUFFIXES = (
    ".local",
    ".localhost",
    ".localdomain",
    ".internal",
    ".home.arpa",
    ".onion",
    ".i2p",
)
_JOINERS = "\u200c\u200d"  # Persian and Indic addresses are pasted with them; harmless outside the host
_OTHER_DOTS = "\u3002\uff0e\uff61"  # ideographic, full-width and half-width full stops
_FORBIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
# What a browser leaves alone when it sends an address; everything else is percent-encoded as UTF-8.
_SENT_AS_IS = "!$%&'()*+,-./:;=?@[]_~"

# Only parameters whose whole purpose is to follow a reader. Lists made for crawling also drop `source`,
# `session`, `ref` or `uid`, and re-order the rest: on some sites those choose the document.
_TRACKING = re.compile(
    r"(?i:utm_.+|mtm_.+|itm_.+|hsa_.+|_hsenc|_hsmi|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid"
    r"|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|mkt_tok|oly_enc_id|oly_anon_id|vero_id|_openstat|srsltid)\Z"
)


class AddressRefused(ValueError):
    """An address we do not look at; the message may be shown. `code` is "url_not_allowed" or "too_long"."""

    def __init__(self, message: str, code: str = "url_not_allowed") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Address:
    """An address that passed the grammar, in the form in which it is sent; `fragment` is never sent."""

    scheme: str
    host: str  # ASCII, lower case, no trailing dot; an IPv6 literal without its brackets
    port: int
    target: str  # path and query, percent-encoded
    fragment: str = ""
    is_literal: bool = False
    is_exempt: bool = False  # the one named loopback exception

    @property
    def origin(self) -> str:
        """Scheme, host and port; the port only when it is not the scheme's own (RFC 6454)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if DEFAULT_PORTS[self.scheme] == self.port else f":{self.port}")

    @property
    def url(self) -> str:
        """The address as it is requested, without its fragment."""
        return self.origin + self.target


def parse_address(url: str, *, allowed_origin: str | None = None, ports: tuple[int, ...] = (80, 443)) -> Address:
    """Read an address strictly (RFC 3986, IDNA 2008), or raise AddressRefused.

    No name is looked up: a name that leads to a private network passes here and is stopped at the door.
    `allowed_origin` ("127.0.0.1:8001") names one literal address and port that is allowed all the same.
    """
    if not isinstance(url, str) or not url:
        raise AddressRefused("Enter an address.")
    if len(url) > MAX_LENGTH:
        raise AddressRefused(f"An address has at most {MAX_LENGTH} characters.", "too_long")
    if has_forbidden_character(url):
        raise AddressRefused("An address has no blanks, backslashes, control characters or invisible characters.")
    shape = _SHAPE.match(url)
    if not shape:
        raise AddressRefused("An address starts with http:// or https:// and a host.")
    scheme, authority, path, query, fragment = shape.groups(default="")
    scheme = scheme.lower()
    host, port_text = _split_authority(authority)
    port = _port(port_text, scheme)
    address = _literal(host)
    target = _encoded((path or "/") + query)
    if address is None:
        name = _host_name(host)
        if port not in ports:
            raise AddressRefused("This port is not allowed.")
        return Address(scheme, name, port, target, fragment)
    is_exempt = is_exempt_endpoint(str(address), port, allowed_origin)
    if not is_exempt and port not in ports:
        raise AddressRefused("This port is not allowed.")
    if not is_exempt and not is_public_ip(str(address)):
        raise AddressRefused("This address is not allowed.")
    return Address(scheme, str(address), port, target, fragment, is_literal=True, is_exempt=is_exempt)


def has_forbidden_character(url: str) -> bool:
    """Whether a blank, backslash, control, bidi or other invisible character stands in an address."""
    if url.isascii():
        return not url.isprintable() or " " in url or "\\" in url
    return "\\" in url or any(
        unicodedata.category(character) in _FORBIDDEN_CATEGORIES and character not in _JOINERS for character in url
    )


def canonical_address(url: str, *, allowed_origin: str | None = None, ports: tuple[int, ...] = (80, 443)) -> str:
    """The form in which two addresses of one document are equal; raises AddressRefused.

    Case of scheme and host, IDNA, default port, trailing dot, dot segments, percent-encoding (RFC 3986,
    section 6.2.2), fragment and tracking parameters do not count. Path and order of parameters do.
    """
    address = parse_address(url, allowed_origin=allowed_origin, ports=ports)
    path, mark, query = address.target.partition("?")
    kept = [part for part in query.split("&") if part and not _TRACKING.match(part.partition("=")[0])]
    target = path + (mark + "&".join(kept) if kept else "")
    normal = URL(address.origin + target).raw_path_qs
    return address.origin + (normal if normal.startswith("/") else "/" + normal)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def registrable_domain(host: str) -> str:
    """The domain someone registered ("bbc.co.uk" for "www.bbc.co.uk"), or the host itself."""
    host = host.lower().rstrip(".")
    if _IPV4.match(host) or ":" in host:
        return host
    return _suffixes().privatesuffix(host) or host


def is_exempt_endpoint(ip: str, port: int, allowed_origin: str | None) -> bool:
    """Whether this literal address and port are the one named exception."""
    if not allowed_origin:
        return False
    host, _, exempt_port = allowed_origin.rpartition(":")
    return host.strip("[]") == ip and exempt_port == str(port)


def is_literal_endpoint(text: str) -> bool:
    """Whether this is one canonical IP address and one port, as in 127.0.0.1:8001 or [::1]:8001."""
    host, _, port = text.rpartition(":")
    try:
        return _literal(host) is not None and _port(port, "http") == int(port)
    except ValueError:
        return False


def _split_authority(authority: str) -> tuple[str, str]:
    if "@" in authority:
        raise AddressRefused("An address carries no user name or password.")
    if "%" in authority:
        raise AddressRefused("A host is written without percent signs.")
    if authority.startswith("["):
        host, bracket, rest = authority.partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise AddressRefused("The host of this address cannot be read.")
        return host + bracket, rest[1:]
    host, _, port = authority.partition(":")
    return host, port


def _port(text: str, scheme: str) -> int:
    if not text:
        return DEFAULT_PORTS[scheme]
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text, re.ASCII) or int(text) > 65535:
        raise AddressRefused("The port of this address cannot be read.")
    return int(text)


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address a literal stands for, None for a name; every form but the canonical one is refused."""
    if host.startswith("["):
        inner = host[1:-1].lower()
        try:
            address = ipaddress.IPv6Address(inner)
        except ValueError as error:
            raise AddressRefused("The host of this address cannot be read.") from error
        if str(address) != inner:
            raise AddressRefused("A numeric host is written in its usual form.")
        return address
    if not _IPV4.match(host):
        return None
    try:
        return ipaddress.IPv4Address(host)
    except ValueError as error:
        raise AddressRefused("The host of this address cannot be read.") from error


def _host_name(host: str) -> str:
    host = host.removesuffix(".")
    name = host.lower() if host.isascii() else _in_ascii(host)
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or not all(_LABEL.match(label) for label in labels):
        raise AddressRefused("The host of this address is not a full name.")
    if not all(_is_readable(label) for label in labels if label.startswith("xn--")):
        raise AddressRefused("The host of this address is not a valid name.")
    if _NUMERIC.match(labels[-1]):
        raise AddressRefused("A numeric host is written in its usual form.")
    if f".{name}".endswith(_PRIVATE_SUFFIXES):
        raise AddressRefused("This address is not allowed.")
    return name


def _in_ascii(host: str) -> str:
    """A name in Unicode as it is asked for (strict IDNA 2008), or AddressRefused.

    The compatibility mappings are left out: what they would quietly turn into another host (circled or
    full-width digits and dots, the Kelvin sign, soft hyphens) is refused instead.
    """
    # Letter by letter, as a final sigma is another letter than the sigma that browsers ask for.
    small = [character.lower() for character in host]
    quiet = any(_turns_ascii(character) for character in host if not character.isascii())
    if quiet or any(dot in host for dot in _OTHER_DOTS):
        raise AddressRefused("The host of this address is not a valid name.")
    try:
        return idna.encode(unicodedata.normalize("NFC", "".join(small))).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressRefused("The host of this address is not a valid name.") from error


def _turns_ascii(character: str) -> bool:
    return any(letter.isascii() for letter in unicodedata.normalize("NFC", character.lower()))


def _is_readable(label: str) -> bool:
    """Whether an encoded label stands for a name a person could be shown (RFC 5890, section 2.3.2.1).

    More lenient than IDNA 2008: names with symbols are registered, and are linked to in this form.
    """
    try:
        shown = label[4:].encode().decode("punycode")
    except (UnicodeError, OverflowError):
        return False
    return not shown.isascii() and not has_forbidden_character(shown)


def _encoded(target: str) -> str:
    return quote(target, safe=_SENT_AS_IS)


# IANA IPv4 Special-Purpose Address Registry, and one cloud's metadata service on a public address. All of the
# registry, also what it calls globally reachable (192.0.0.9 and .10, AS112): no document is published there.
_CLOSED_IPV4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "168.63.129.16/32",
    )
]
# IPv6 is closed but for global unicast, and there for what embeds IPv4, documents, or is in the registry too.
_OPEN_IPV6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_IPV6 = [
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


def is_public_ip(ip: str, *, nat64_prefix: str | None = None) -> bool:
    """Whether an address may be connected to; False for anything that is not a canonical literal.

    A site behind NAT64 names its prefix (a /96); addresses under it are judged by the IPv4 they embed.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_IPV4)
    if address.scope_id:
        return False
    if nat64_prefix and address in ipaddress.IPv6Network(nat64_prefix):
        return is_public_ip(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
    # An interface identifier made of an IPv4 address (ISATAP, RFC 5214, section 6.1) embeds one as well.
    is_isatap = int(address) >> 32 & 0xFDFFFFFF == 0x5EFE
    return address in _OPEN_IPV6 and not is_isatap and not any(address in network for network in _CLOSED_IPV6)
