import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.addresses import (
    AddressRefused,
    canonical_address,
    is_public_ip,
    parse_address,
    registrable_domain,
)

REFUSED = """
javascript:alert(1)
file:///etc/passwd
ftp://example.com/
data:text/html,x
//example.com/
example.com
http:example.com
http:/example.com/
http:///example.com/
http://
http:///
http://?x
http://user@example.com/
http://user:pass@example.com/
http://@example.com/
http://good.example@127.0.0.1/
http://good.example\\@127.0.0.1/
http:\\\\example.com/
http://example.com\\/
http://localhost/
http://LOCALHOST/
http://localhost./
http://localhost.localdomain/
http://intranet/
http://printer.local/
http://app.localhost/
http://metadata.google.internal/
http://router.home.arpa/
http://abc.onion/
http://abc.i2p/
http://127.0.0.1/
http://127.0.0.1./
http://127.1/
http://127.0.1/
http://0x7f.1/
http://0x7f.0.0.1/
http://0x7f000001/
http://0177.0.0.1/
http://017700000001/
http://2130706433/
http://1/
http://0/
http://0.0.0.0/
http://127.0.0.1.%31/
http://%31%32%37.0.0.1/
http://example%2ecom/
http://①②⑦.0.0.1/
http://１２７.0.0.1/
http://ⓛocalhost/
http://ⓛocalhost.com/
http://loc\u00adalhost.com/
http://127。0。0。1/
http://exa\u200bmple.com/
http://exam\u202eple.com/
http://example.com/\u202e
http://example.com/a b
http://example.com/a\tb
 http://example.com/
http://example.com/\x00
http://example.com/\x7f
http://example.com/\u00a0
http://example.com/\ufeff
http://example.com:22/
http://example.com:8080/
http://example.com:0/
http://example.com:99999/
http://example.com:-80/
http://example.com:080/
http://example.com:80:80/
http://example.com:８０/
http://10.0.0.1/
http://10.255.255.255/
http://172.16.0.1/
http://172.31.255.255/
http://192.168.1.1/
http://169.254.169.254/latest/meta-data/
http://100.64.0.1/
http://168.63.129.16/
http://192.0.2.1/
http://198.18.0.1/
http://198.51.100.7/
http://203.0.113.9/
http://224.0.0.1/
http://239.255.255.250/
http://240.0.0.1/
http://255.255.255.255/
http://256.1.1.1/
http://1.2.3.4.5/
http://1.2.3.0x4/
http://[::1]/
http://[::]/
http://[::127.0.0.1]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[::ffff:8.8.8.8]/
http://[64:ff9b::808:808]/
http://[64:ff9b:1::1]/
http://[2001::1]/
http://[2001:db8::1]/
http://[2002:7f00:1::]/
http://[3fff::1]/
http://[fc00::1]/
http://[fd12::1]/
http://[fe80::1]/
http://[fe80::1%25eth0]/
http://[fec0::1]/
http://[ff02::1]/
http://[100::1]/
http://[2606:4700:4700:0:0:0:0:1111]/
http://[::1
http://::1/
http://good[::1]/
http://[::1]good/
http://[v1.x]/
http://[1.2.3.4]/
http://a..example/
http://.example.com/
http://-a.example/
http://a-.example/
http://exa mple.com/
http://exa!mple.com/
http://exa$mple.com/
http://example.com,evil.example/
http://xn--/
http://i❤.ws/
"""
ALLOWED = """
http://example.com
https://example.com/
HTTP://EXAMPLE.COM/Path
https://example.com./
http://example.com:80/
https://example.com:443/
http://example.com:443/
http://example.com:/
https://www.bbc.co.uk/news/articles/c0000?at_medium=x
https://example.com/a/b;c=d?e=f&g#h
https://example.com/@user/123
https://example.com/?u=a@b.example
https://example.com?x=1
https://example.com#top
https://example.com/a//b
https://example.com/a%20b
https://example.com/100%
https://example.com/~user/(x)!$&'*+,
https://example.com/a|b{c}"d
https://bücher.example/
https://BÜCHER.example/
https://xn--bcher-kva.example/
https://faß.example/
https://пример.рф/путь
https://例え.jp/テスト
https://דוגמה.ישראל/עמוד
https://مثال.إختبار/
https://fa.wikipedia.org/wiki/می\u200cخواهم
https://my_site.example.com/
https://1.example.com/
https://127.0.0.1.example.com/
https://0x7f.example.com/
https://localhost.example.com/
https://local.example.com/
https://internal.example.com/
https://a-b--c.example.com/
http://8.8.8.8/
http://1.1.1.1/dns
http://93.184.216.34:443/
http://172.32.0.1/
http://100.128.0.1/
http://192.167.255.255/
http://169.253.1.1/
https://[2606:4700:4700::1111]/
https://[2A00:1450:4001::1]/
https://web.archive.org/web/2020/http://example.com/
https://example.com/?next=http://127.0.0.1/
https://example.museum/
https://t.co/x
"""


@pytest.mark.parametrize(
    "url",
    [*REFUSED.split("\n")[1:-1], "", "http://a.example/\n", "http://a.exa\nmple/", "http://a.example/\nb"],
)
def test_an_address_that_hides_or_leads_inside_is_refused(url):
    with pytest.raises(AddressRefused) as refusal:
        parse_address(url)

    assert refusal.value.code == "url_not_allowed"
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("url", ALLOWED.split())
def test_an_ordinary_address_is_allowed(url):
    address = parse_address(url)

    assert address.url.isascii()
    assert parse_address(address.url).url == address.url


def test_an_address_has_a_longest_length():
    fits = "http://example.com/".ljust(2048, "a")

    assert parse_address(fits).url == fits
    with pytest.raises(AddressRefused) as refusal:
        parse_address(fits + "a")
    assert refusal.value.code == "too_long"


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("http://127.0.0.1:8001/x", True),
        ("http://127.0.0.1:8002/x", False),
        ("http://127.0.0.1/", False),
        ("http://127.0.0.2:8001/", False),
        ("http://localhost:8001/", False),
        ("http://[::1]:8001/", False),
        ("http://0x7f.1:8001/", False),
        ("http://example.com:8001/", False),
    ],
)
def test_the_named_exception_is_one_address_and_one_port(url, fits):
    if fits:
        assert parse_address(url, allowed_origin="127.0.0.1:8001").is_exempt
    else:
        with pytest.raises(AddressRefused):
            parse_address(url, allowed_origin="127.0.0.1:8001")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.Example.COM.:80/a/../b?utm_source=x&id=2&b=1#frag", "http://www.example.com/b?id=2&b=1"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com/?fbclid=1", "https://example.com/"),
        ("https://bücher.example/%7euser/é", "https://xn--bcher-kva.example/~user/%C3%A9"),
        ("https://example.com/%e9", "https://example.com/%E9"),
        # Left alone: these choose the document.
        ("https://example.com/a//b/", "https://example.com/a//b/"),
        (
            "https://example.com/A?source=a&ref=b&uid=2&flag",
            "https://example.com/A?source=a&ref=b&uid=2&flag",
        ),
        ("https://example.com/x?q=http://other.example/y", "https://example.com/x?q=http://other.example/y"),
        (
            "https://web.archive.org/web/2020/http://a.example/",
            "https://web.archive.org/web/2020/http://a.example/",
        ),
    ],
)
def test_equal_addresses_have_one_form(url, canonical):
    assert canonical_address(url) == canonical
    assert canonical_address(canonical) == canonical


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://example.com/", "http://example.com/?"]))
def test_whatever_is_typed_is_refused_or_read_the_same_twice(text, start):
    try:
        canonical = canonical_address(start + text)
    except AddressRefused:
        return
    assert canonical_address(canonical) == canonical


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("a.b.example.com", "example.com"),
        ("8.8.8.8", "8.8.8.8"),
        ("co.uk", "co.uk"),
    ],
)
def test_registrable_domains(host, domain):
    assert registrable_domain(host) == domain


@pytest.mark.parametrize("ip", ["", "x", "0x7f.1", "1", "::1%1", "2001:4860::1%1", "192.88.99.1", "2001:1ff::1"])
def test_what_is_no_public_address(ip):
    assert not is_public_ip(ip)


def test_a_site_behind_nat64_names_its_prefix():
    assert is_public_ip("64:ff9b::808:808", nat64_prefix="64:ff9b::/96")
    assert not is_public_ip("64:ff9b::7f00:1", nat64_prefix="64:ff9b::/96")
