"""Addresses by kind: what must be refused, and what must not be, as typed, as answered by DNS, and as redirected to.

Over-blocking fails like under-blocking: beside each closed network stand its open neighbours.
"""

import ipaddress

import pytest

from sources.addresses import AddressRefused, canonical_address, is_public_ip, parse_address
from sources.web import fetch_all
from tests.sources.hostile_site import CountingResolver, FetchRequest, policy_for
from tests.sources.test_addresses import ALLOWED as ALLOWED_BEFORE
from tests.sources.test_addresses import REFUSED as REFUSED_BEFORE

# The networks that are closed, each with what stands just outside it where that is open.
CLOSED_NETWORKS = {
    "0.0.0.0/8": "1.0.0.0",
    "10.0.0.0/8": "9.255.255.255 11.0.0.0",
    "100.64.0.0/10": "100.63.255.255 100.128.0.0",
    "127.0.0.0/8": "126.255.255.255 128.0.0.0",
    "168.63.129.16/32": "168.63.129.15 168.63.129.17",
    "169.254.0.0/16": "169.253.255.255 169.255.0.0",
    "172.16.0.0/12": "172.15.255.255 172.32.0.0",
    "192.0.0.0/24": "191.255.255.255 192.0.1.0",
    "192.0.2.0/24": "192.0.1.255 192.0.3.0",
    "192.31.196.0/24": "192.31.195.255 192.31.197.0",
    "192.52.193.0/24": "192.52.192.255 192.52.194.0",
    "192.88.99.0/24": "192.88.98.255 192.88.100.0",
    "192.168.0.0/16": "192.167.255.255 192.169.0.0",
    "192.175.48.0/24": "192.175.47.255 192.175.49.0",
    "198.18.0.0/15": "198.17.255.255 198.20.0.0",
    "198.51.100.0/24": "198.51.99.255 198.51.101.0",
    "203.0.113.0/24": "203.0.112.255 203.0.114.0",
    "224.0.0.0/4": "223.255.255.255",
    "240.0.0.0/4": "",
    "::/128": "",
    "::1/128": "",
    "::/96": "",
    "::ffff:0:0/96": "",
    "64:ff9b::/96": "",
    "64:ff9b:1::/48": "",
    "100::/64": "",
    "2001::/23": "2001:200:: 2000:ffff::1",
    "2001:db8::/32": "2001:db7:ffff::1 2001:db9::1",
    "2002::/16": "2001:ffff::1 2003::1",
    "2620:4f:8000::/48": "2620:4f:7fff::1 2620:4f:8001::1",
    "3fff::/20": "3ffe:ffff::1 3fff:1000::1",
    "4000::/3": "3fff:ffff::1",
    "5f00::/16": "",
    "fc00::/7": "",
    "fe80::/10": "",
    "fec0::/10": "",
    "ff00::/8": "",
}
ALSO_CLOSED = """
169.254.169.254 169.254.170.2 169.254.169.253 100.100.100.200 192.0.0.192 192.0.0.9 192.0.0.10 192.0.0.170
255.255.255.255 224.0.0.251 239.255.255.250 127.0.0.53 127.1.1.1 fd00:ec2::254 fe80::1 fe80::a9fe:a9fe ff02::fb
::7f00:1 ::a9fe:a9fe ::ffff:7f00:1 ::ffff:a9fe:a9fe ::ffff:808:808 ::ffff:0:7f00:1 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::a9fe:a9fe 2001::1 2001:0:53aa:64c:0:5efe:7f00:1 2001:10::1 2001:20::1
2001:1::1 2001:2::1 2001:3::1 2001:4:112::1 2002:7f00:1::1 2002:a9fe:a9fe:: 2002:808:808::1
2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1
"""
ALSO_OPEN = """
8.8.8.8 8.8.4.4 1.1.1.1 9.9.9.9 93.184.216.34 151.101.1.164 185.199.108.153 104.16.132.229 23.215.0.136 200.1.1.1
2606:4700:4700::1111 2001:4860:4860::8888 2620:fe::fe 2a00:1450:4001:81b::200e 2400:cb00:2048:1::c629:d7a2 2c0f:fb50::1
2a03:2880:f12f:83:face:b00c:0:25de 2800:3f0:4001:81d::200e 240e::1 2001:67c:2564::1
"""
EDGES = [
    str(edge)
    for network in map(ipaddress.ip_network, CLOSED_NETWORKS)
    for edge in dict.fromkeys((network[0], network[-1], network[network.num_addresses // 2]))
]
CLOSED_IPS = [*EDGES, *ALSO_CLOSED.split()]
OPEN_IPS = [*" ".join(CLOSED_NETWORKS.values()).split(), *ALSO_OPEN.split()]

REFUSED = {
    "another scheme": """
        ws://example.com/ wss://example.com/ gopher://127.0.0.1:6379/_x dict://example.com/ ldap://example.com/
        smb://example.com/ telnet://example.com/ mailto:a@example.com tel:+123 about:blank blob:http://example.com/x
        view-source:http://example.com/ feed:http://example.com/ jar:http://example.com/!/ chrome://settings
        http+unix://x/ httpx://example.com/ htp://example.com/ http//example.com/ http;//example.com/
        vbscript:x DATA:text/html,x JavaScript:alert(1) urn:isbn:1 s3://bucket/x git://example.com/ ssh://example.com/
    """,
    "no host, or two": """
        http:////example.com/ http://http://example.com/ https://https:///x http://:80/ http://:@/ http://#x
        http://?@example.com/ http://. http://.. http://./ https:///path http:?x / //10.0.0.1/ /path ?x #x .
        http://example.com:80:443/ http://[]/ http://[:/ http://]/ http://[example.com]/ http://[127.0.0.1]/
    """,
    "a user name or password": """
        http://a@example.com/ http://a:b@example.com/ http://:b@example.com/ http://example.com@127.0.0.1/
        http://example.com:80@127.0.0.1/ http://127.0.0.1@example.com/ http://a@b@example.com/ http://a%40b@example.com/
        https://example.com:443@10.0.0.1/ http://1.1.1.1@[::1]/
    """,
    "IPv4 in another form": """
        http://0177.0.0.1/ http://0177.0.0.01/ http://00.0.0.0/ http://127.000.000.001/ http://010.8.8.8/
        http://0x7f.0x0.0x0.0x1/ http://0X7F.1/ http://0x7F000001/ http://017700000001/ http://2130706433/
        http://127.65530/ http://127.0.1/ http://127.1/ http://0x8.0x8.0x8.0x8/ http://134744072/ http://8.8.2056/
        http://8.8.8/ http://8.8/ http://8/ http://0x/ http://1.1.1.0x/ http://1.1.1.256/ http://999.1.1.1/
        http://1.1.1.1.1/ http://1.1.1.1./ http://4294967296/ http://-1/ http://1e3/ http://127.0.0.1.0x0/
        http://example.0/ http://example.0x1f/ http://example.1/ http://3232235777/ http://0xa9fea9fe/ http://2852039166/
        http://0251.0376.0251.0376/ http://169.254.43518/ http://0xA9.0xFE.0xA9.0xFE/ http://00000177.1/
    """,
    "digits and dots that are not ASCII": """
        http://１２７.０.０.１/ http://①②⑦.0.0.1/ http://127。0。0。1/ http://127．0．0．1/ http://127｡0｡0｡1/
        http://example。com/ http://example．com/ http://example｡com/ http://８.8.8.8/ http://٨.٨.٨.٨/
        http://𝟏𝟐𝟕.0.0.1/ http://⑯⑨。②⑤④。⑯⑨｡②⑤④/ http://ⓔⓧⓐⓜⓟⓛⓔ.com/ http://ｅｘａｍｐｌｅ.com/ http://ᵉxample.com/
        http://example.ｃom/ http://faceboo\u212a.com/ http://ﬁle.example/ http://℀.example/ http://a.exa\u2100mple/
        http://example.com／@127.0.0.1/ http://example.com：80/ http://example.com＃x/
    """,
    "percent signs in the host": """
        http://%31%32%37.0.0.1/ http://127.0.0.1%2f.example.com/ http://example%2Ecom/ http://%6c%6f%63alhost/
        http://%00example.com/ http://example.com%00.evil.example/ http://%5B::1%5D/ http://example.com%20/
        http://example.com%3a80/ http://%e2%91%a0.example/ http://%/ http://a%zz.example/
    """,
    "IPv6 in another form": """
        http://::1/ http://[::1%25lo]/ http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[2606:4700::1%251]/
        http://[0:0:0:0:0:0:0:1]/ http://[2606:4700:4700::0:1111]/ http://[2606:4700:4700:0000::1111]/
        http://[2606:4700::4700::1111]/ http://[::8.8.8.8]/ http://[::ffff:8.8.8.8]/ http://[64:ff9b::8.8.8.8]/
        http://[2606:4700:4700::1111/ http://2606:4700:4700::1111/ http://[2606:4700:4700::1111]x/ http://x[::1]/
        http://[[::1]]/ http://[::1]]/ http://[v7.x]/ http://[:::1]/ http://[g::1]/ http://good[::1]/ http://[::1].example.com/
        http://[2606:4700:4700::1111]:x/ http://[2606:4700:4700::1111]80/ http://[2606:4700:4700::111１]/
    """,
    "a name of one's own network": """
        http://localhost/ https://LocalHost/ http://localhost./ http://a.localhost/ http://a.localhost./
        http://localhost.localdomain/ http://intranet/ http://metadata/ http://wpad/ http://com/ http://a./
        http://printer.local/ http://PRINTER.LOCAL./ http://a.b.local/ http://metadata.google.internal/ http://x.internal./
        http://router.home.arpa/ http://home.arpa/ http://facebookcorewwwi.onion/ http://x.ONION/ http://stats.i2p/
        http://db.internal/ http://ip-10-0-0-1.ec2.internal/ http://kubernetes.default.svc.cluster.local/
    """,
    "no valid name": """
        http://a..b.example/ http://.a.example/ http://a.example../ http://-a.example/ http://a-.example/ http://a.-b.example/
        http://a!.example/ http://a*.example/ http://a,b.example/ http://a'b.example/ http://a"b.example/ http://<a>.example/
        http://a|b.example/ http://a^b.example/ http://{a}.example/ http://a`b.example/ http://a;b.example/ http://a&b.example/
        http://a=b.example/ http://a+b.example/ http://a$b.example/ http://(a).example/ http://a~b.example/
        http://xn--.example/ http://xn--a.example/ http://xn--abc-.example/ http://xn--example-.com/ http://xn--99999999999.com/
        http://xn--\u00fc.example/ http://☃.example/ http://i❤.example/ http://\u0301a.example/ http://a\u0338b\u2260.example\u037e/
        http://exa\u200dmple.com/ http://exa\u200cmple.com/ http://\u0627a.example/ http://ａ.example/
    """,
    "a port that is not for pages": """
        http://example.com:0/ http://example.com:1/ http://example.com:21/ http://example.com:22/ http://example.com:25/
        http://example.com:81/ http://example.com:6379/ http://example.com:8000/ http://example.com:8080/
        http://example.com:8443/ http://example.com:9200/ http://example.com:65535/ http://example.com:65536/
        http://example.com:99999999999/ http://example.com:080/ http://example.com:+80/ http://example.com:8a/
        http://example.com:８０/ http://example.com:0x50/ http://1.1.1.1:8080/ http://[2606:4700:4700::1111]:8080/
    """,
}
# What a split at blanks would lose.
HIDDEN = [
    "\thttp://example.com/", "http://example.com/\t", "ht\ntp://example.com/", "http://exam\nple.com/",
    "http://example.com/a\r\nHost: evil.example", "\x00http://example.com/", "http://example.com\x00.evil.example/",
    "http://example.com/\x1b[0m", "http://example.com/\x7f", "http://example.com/\x85", " http://example.com/",
    "http://example.com/ ", "http://example.com /", "http:// example.com/", "http://exam ple.com/",
    "http://example.com/a b", "http://example.com/?q=a b", "http://example.com/#a b", "http://example.com/\u00a0",
    "http://example.com/\u1680", "http://example.com/\u2003", "http://example.com/\u3000", "http://example.com/\u2028",
    "http://example.com/\u2029", "http://example.com/\u200b", "http://exam\u200bple.com/", "http://example.com/\u200e",
    "http://example.com/\u202a", "http://example.com/\u202e", "http://exam\u202eple.com/", "http://example.com/\u2066",
    "http://example.com/\u2060", "http://example.com/\ufeff", "\ufeffhttp://example.com/", "http://example.com/\u00ad",
    "http://exam\u00adple.com/", "http://example.com/\u061c", "http://example.com/\u180e", "http://example.com/\ufff9",
    "http://example.com/\U000e0041", "http://example.com/\ud800", "http://exam\udcffple.com/",
    "http:\\\\example.com\\", "http://example.com\\@127.0.0.1/", "http://example.com/\\127.0.0.1/",
    "\\\\example.com\\x",
    "http:/\\example.com/", "http://example.com/a\\b", "http://127.0.0.1\\@example.com/", "http://example.com?\\",
    "http://" + "a" * 64 + ".example/", "http://" + ".".join(["a" * 60] * 5) + "/", "http://" + "ü" * 60 + ".example/",
    "http://" + "a." * 130 + "example/", "", " ", "\n", "http://a.example/" + "x" * 2032,
]  # fmt: skip
ALLOWED = {
    "schemes and ports": """
        http://example.com https://example.com HTTP://example.com/ HtTpS://example.com/ http://example.com:80/
        http://example.com:443/ https://example.com:443/ https://example.com:80/ http://example.com:/ https://example.com:?x
    """,
    "names": """
        http://a.co/ https://x.com/ https://t.me/x https://www.bbc.co.uk/ https://a-b.example/ https://a--b.example/
        https://r3---sn-abc.example.com/ https://my_host.example.com/ https://_dmarc.example.com/ https://1.example/
        https://163.com/ https://1and1.example/ https://0x7f.example.com/ https://127.0.0.1.example.com/ https://0.example/
        https://10.0.0.1.nip.io/ https://2130706433.example.com/ https://a.b.c.d.e.f.g.example.org/ https://co.uk/
        https://example.com./ https://example.com.:443/ https://localhost.example/ https://local.example/ https://mylocal.com/
        https://notlocalhost.com/ https://internal.example/ https://theinternal.org/ https://onion.example/ https://i2p.example/
        https://home.arpa.example/ https://arpa.example/ https://site.test/ https://example.museum/ https://example.photography/
        https://metadata.example.com/ https://localdomain.org/ https://e164.arpa/
    """,
    "names in other scripts": """
        https://bücher.example/ https://BÜCHER.example/ https://bu\u0308cher.example/ https://faß.example/ https://straße.example/
        https://пример.рф/ https://例え.jp/ https://例え.テスト/ https://中文.中国/ https://דוגמה.ישראל/ https://مثال.إختبار/
        https://उदाहरण.परीक्षा/ https://한국.kr/ https://παράδειγμα.ελ/ https://ΟΔΟΣ.example/ https://ÅNGSTRÖM.example/
        https://аpple.example/ https://xn--bcher-kva.example/ https://XN--BCHER-KVA.example/ https://xn--n3h.example/
        https://xn--ls8h.example/ https://xn--p1ai.xn--p1ai/ https://xn--fiqs8s.example/ https://ไทย.example/ https://æøå.example/
    """,
    "paths and queries": """
        https://example.com/a/b/../c https://example.com/./a https://example.com//a//b https://example.com/a;b=c;d
        https://example.com/@user https://example.com/a:b https://example.com/a@b.example:80/c https://example.com/%
        https://example.com/%zz https://example.com/%00 https://example.com/%0d%0aX:y https://example.com/%5c
        https://example.com/a%20b https://example.com/a+b https://example.com/(a)[b]{c}|d^e`f"g<h> https://example.com/~a
        https://example.com/é https://example.com/日本 https://example.com/שלום https://example.com/😀 https://example.com/👩\u200d🔬
        https://example.com/?a=b&c[]=d https://example.com/?http://127.0.0.1/ https://example.com/?u=a@b.example
        https://example.com/?a?b?c https://example.com?@127.0.0.1/ https://example.com#@127.0.0.1/ https://example.com/#/a/b
        https://example.com/#:~:text=28%20of%2048 https://example.com/a,b,c https://example.com/a!b$c&d'e*f
        https://web.archive.org/web/2020/http://10.0.0.1/ https://example.com/localhost https://example.com/...
        https://example.com/?q=127.0.0.1 https://example.com/file.pdf https://example.com/index.php?id=1;DROP https://example.com/?
    """,
}


def bracketed(ip):
    return f"[{ip}]" if ":" in ip else ip


REFUSED_CASES = [
    *(url for urls in REFUSED.values() for url in urls.split()),
    *HIDDEN,
    *(f"http://{bracketed(ip)}/" for ip in CLOSED_IPS),
]
ALLOWED_CASES = [
    *(url for urls in ALLOWED.values() for url in urls.split()),
    *(f"https://{bracketed(ip)}/" for ip in OPEN_IPS),
    "https://" + "a" * 63 + ".example/",
    "https://" + ".".join(["a" * 60] * 4) + ".example/",
    "http://a.example/".ljust(2048, "x"),
]


@pytest.mark.parametrize("url", REFUSED_CASES)
def test_what_must_be_refused_is_refused_with_a_sentence(url):
    with pytest.raises(AddressRefused) as refusal:
        parse_address(url)

    assert str(refusal.value).endswith(".")
    assert refusal.value.code == ("too_long" if len(url) > 2048 else "url_not_allowed")


@pytest.mark.parametrize("url", ALLOWED_CASES)
def test_what_must_be_allowed_is_allowed_and_means_one_address(url):
    sent = parse_address(url).url

    assert sent.isascii()
    assert parse_address(sent).url == sent
    assert canonical_address(canonical_address(url)) == canonical_address(url)


@pytest.mark.parametrize("ip", CLOSED_IPS)
def test_a_closed_address_is_closed_to_the_guard_too(ip):
    assert not is_public_ip(ip)


@pytest.mark.parametrize("ip", OPEN_IPS)
def test_an_open_address_is_open_to_the_guard_too(ip):
    assert is_public_ip(ip)


def test_a_name_that_leads_to_any_closed_address_is_blocked_even_beside_an_open_one(site):
    names = {f"n{number}.example": [ip] for number, ip in enumerate(CLOSED_IPS)}
    names |= {f"m{number}.example": ["8.8.8.8", ip, "2606:4700:4700::1111"] for number, ip in enumerate(CLOSED_IPS)}
    resolver = CountingResolver(names)

    results = fetch_all([FetchRequest(f"http://{name}/") for name in names], policy_for(site), resolver=resolver)

    assert {result.outcome for result in results} == {"blocked"}
    assert sorted(resolver.asked) == sorted(names)
    assert {result.reason for result in results} == {"This address is not allowed."}


def test_the_catalogue_is_large():
    refused = {*REFUSED_CASES, *REFUSED_BEFORE.split("\n")}
    allowed = {*ALLOWED_CASES, *ALLOWED_BEFORE.split()}

    assert len(refused) + len(allowed) >= 330
    assert len(allowed) >= 100


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://ΟΔΟΣ.example/", "xn--pxavbq.example"),  # no final sigma: what browsers ask for
        ("https://faß.example/", "xn--fa-hia.example"),
        ("https://BÜCHER.example./", "xn--bcher-kva.example"),
    ],
)
def test_a_name_is_asked_for_as_browsers_do(text, host):
    assert parse_address(text).host == host
