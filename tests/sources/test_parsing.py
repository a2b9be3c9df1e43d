import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from sources import parsing
from sources.parsing import Parser, ParseRefused, parse_document

PAGE = (
    b"<html lang=en><head><title>A vote</title><meta name=author content='Rina Levi'>"
    b"<meta property='article:published_time' content='2026-09-12'></head><body><article><h1>A vote</h1>"
    + b"<p>Fatah lost 28 of 48 seats in the municipal vote, officials said on Saturday.</p>" * 9
    + b"</article></body></html>"
)


@pytest.fixture(scope="module")
def parser():
    parser = Parser()
    yield parser
    parser.close()


def pdf(*pages, drawn=b""):
    """A PDF with one line of text on each page, and what else is drawn there, compressed."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for words in pages:
        page = writer.add_blank_page(300, 300)
        stream = DecodedStreamObject()
        stream.set_data(b"BT /F1 12 Tf 20 200 Td (" + words + b") Tj ET" if words else drawn)
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode() if drawn else stream)
        fonts = DictionaryObject({NameObject("/F1"): font})
        if words or not drawn:  # a page without them is passed by before its drawing is unfolded
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def endless_pdf():
    """A PDF whose only page is its own tree of pages."""
    tree = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj "
    return tree + b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"


def test_a_page_is_read(parser):
    parsed = parser.parse(PAGE, "text/html", "https://news.example/vote")

    assert (parsed.kind, parsed.title, parsed.language, parsed.author) == ("html", "A vote", "en", "")
    assert parsed.text.startswith("A vote\nFatah lost 28 of 48 seats")
    assert parsed.page_facts["paragraphs"] == 9


def test_author_and_date_come_when_asked_for(parser):
    parsed = parser.parse(PAGE, "text/html", "https://news.example/vote", with_metadata=True)

    assert (parsed.author, parsed.published_on) == ("Rina Levi", "2026-09-12")
    assert "Fatah lost 28 of 48 seats" in parsed.main_text


def test_a_guess_that_fails_takes_nothing_from_the_text(parser):
    page = (
        b"<html><title>x\xff</title><body><p>A vote.</p>" + b"<table>" * 60 + b"<meta name=author content='&#xD800;'>"
    )

    parsed = parser.parse(page, "text/html", "http://[", with_metadata=True)

    assert parsed.text.startswith("A vote.")


def test_a_quote_in_a_pdf_has_its_page(parser):
    parsed = parser.parse(pdf(b"First page", b"28 of 48 seats"), "application/pdf")

    at = parsed.text.index("28 of 48")
    assert (parsed.kind, sum(start <= at for start in parsed.pages)) == ("pdf", 2)


@pytest.mark.parametrize(
    ("body", "content_type", "kind", "text"),
    [
        (b"hello\r\nworld ", "text/plain", "text", "hello\nworld"),
        (b'{"a": "28"}', "application/json", "json", '{"a": "28"}'),
        (b"<?xml version='1.0'?><a>28</a>", "application/xml", "xml", "<?xml version='1.0'?><a>28</a>"),
        (b"<!doctype html><p>x", "", "html", "x"),
        (b"<!doctype html><p>x", "text/plain", "html", "x"),
        (b"", "text/html", "html", ""),
        (
            b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>28</p></body></html>',
            "application/xml",
            "html",
            "28",
        ),
        (
            b"<rss version='2.0'><channel><item><title>Lost 28 of 48</title></item></channel></rss>",
            "application/rss+xml; charset=utf-8",
            "xml",
            "<rss version='2.0'><channel><item><title>Lost 28 of 48</title></item></channel></rss>",
        ),
        (b'\xef\xbb\xbf{"a": "\xd7\xa9"}', "application/ld+json", "json", '{"a": "\u05e9"}'),
        (b"a,b\n28,48\n", "text/csv", "text", "a,b\n28,48"),
    ],
)
def test_each_kind_of_text_is_read(parser, body, content_type, kind, text):
    parsed = parser.parse(body, content_type)

    assert (parsed.kind, parsed.text) == (kind, text)


@pytest.mark.parametrize(
    ("body", "content_type", "outcome"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "text/html", "bad_type"),
        (b"PK\x03\x04" + bytes(60), "application/octet-stream", "bad_type"),
        (b"hello", "application/pdf", "bad_type"),
        (b"hello", "image/png", "bad_type"),
        (b"%PDF-1.4 junk", "application/pdf", "parse_limit"),
        (pdf(b""), "application/pdf", "empty"),
        (pdf(b"", drawn=bytes(80_000_000)), "application/pdf", "parse_limit"),
        (endless_pdf(), "application/pdf", "parse_limit"),
        (b" \n ", "text/plain", "empty"),
        (b"a" * 1_000_001, "text/plain", "parse_limit"),
        (b"<p>" + b"word " * 220_000, "text/html", "parse_limit"),
        (b"<div>" * 300 + b"x", "text/html", "parse_limit"),
        (("<p>a" + "\u0300\u0316" * 400_000).encode(), "text/html; charset=utf-8", "parse_limit"),
        (b"<p>28 of 48" + b"<br>" * 300_000, "text/html", "parse_limit"),
        (pdf(*[b"x"] * 301), "application/pdf", "parse_limit"),
    ],
)
def test_what_cannot_be_read_has_its_outcome(parser, body, content_type, outcome):
    with pytest.raises(ParseRefused) as refusal:
        parser.parse(body, content_type)

    assert refusal.value.outcome == outcome
    assert refusal.value.reason


def test_a_page_that_takes_too_long_ends_the_child_and_nothing_else():
    parser = Parser(cpu_seconds=1)
    parser.parse(PAGE, "text/html")
    first = parser.pid
    attributes = b" ".join(b"a%d=1" % number for number in range(200_000))

    with pytest.raises(ParseRefused) as refusal:
        parser.parse(b"<p " + attributes + b">x", "text/html")

    assert refusal.value.outcome == "parse_limit"
    assert parser.parse(PAGE, "text/html").title == "A vote"
    assert parser.pid != first
    parser.close()


def test_a_child_that_is_killed_is_replaced():
    parser = Parser()
    parser.parse(PAGE, "text/html")
    os.kill(parser.pid, signal.SIGKILL)

    try:
        parser.parse(PAGE, "text/html")
    except ParseRefused as refusal:
        assert refusal.outcome == "parse_limit"
    assert parser.parse(PAGE, "text/html").title == "A vote"
    parser.close()


@pytest.mark.parametrize(
    "program",
    [
        "print('garbage ' * 1000, flush=True); import time; time.sleep(9)",
        "import os, time; os.write(1, bytes([255] * 999)); time.sleep(9)",
        'import os; h = b\'{"outcome": "ok", "length": 0}\'; os.write(1, bytes([0, 0, 0, len(h)]) + h)',
        'import os; h = b\'{"outcome": "live", "length": 0}\'; os.write(1, bytes([0, 0, 0, len(h)]) + h)',
        'import os; h = b\'{"outcome": "empty", "length": -1}\'; os.write(1, bytes([0, 0, 0, len(h)]) + h)',
        "import os; h = b'[]'; os.write(1, bytes([0, 0, 0, len(h)]) + h)",
        "pass",
        "import time; time.sleep(9)",
        "import os; os.abort()",
    ],
)
def test_a_child_that_talks_nonsense_is_a_parse_limit(program):
    parser = Parser([sys.executable, "-I", "-c", program], wall_seconds=0.5)

    with pytest.raises(ParseRefused) as refusal:
        parser.parse(b"x" * 300_000, "text/html")

    assert (refusal.value.outcome, parser.pid) == ("parse_limit", None)


def test_a_child_gets_no_secrets_and_no_sockets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "planted")
    program = (
        "import os, sys, struct, json; "
        "names = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if int(n) > 2 and "
        "os.path.exists(f'/proc/self/fd/{n}')]; "
        "text = (json.dumps(dict(os.environ)) + str([n for n in names if 'socket' in n])).encode(); "
        "h = {'outcome': 'ok', 'length': len(text), 'pages': [], 'facts': {}, 'kind': 'text'}; "
        "h = json.dumps(h).encode(); "
        "sys.stdout.buffer.write(struct.pack('>I', len(h)) + h + text); sys.stdout.flush(); sys.stdin.read()"
    )
    parser = Parser([sys.executable, "-I", "-c", program])

    said = parser.parse(b"x").text

    assert "planted" not in said and said.endswith("[]")
    parser.close()


def test_threads_share_a_child_in_turn(parser):
    found = []
    threads = [
        threading.Thread(target=lambda n=n: found.append((n, parser.parse(b"page %d" % n, "text/plain").text)))
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [(number, f"page {number}") for number in range(12)]


def _in_a_fork(queue):
    queue.put((parse_document(PAGE, "text/html").title, parsing._idle[-1].pid))
    parsing.close_parser()


def test_a_forked_daemon_has_a_child_of_its_own():
    parse_document(PAGE, "text/html")
    mine = parsing._idle[-1].pid
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    process = context.Process(target=_in_a_fork, args=(queue,), daemon=True)
    process.start()
    title, theirs = queue.get()
    process.join(5)

    assert (title, theirs != mine) == ("A vote", True)
    assert (parse_document(PAGE, "text/html").title, parsing._idle[-1].pid) == ("A vote", mine)
    parsing.close_parser()


def test_the_child_needs_no_working_directory_and_the_caller_no_parser_library(tmp_path):
    program = (
        f"import sys; sys.path.insert(0, {str(parsing.Path(parsing.__file__).parent.parent)!r}); "
        "from sources.parsing import parse_document; import sources.web; "
        "print(parse_document(b'hello', 'text/plain').text, *({'trafilatura', 'pypdf'} & set(sys.modules)))"
    )

    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=20)

    assert said.stdout.split() == ["hello"]


def test_the_first_look_at_a_page_of_much_script_reads_its_text():
    page = b"<title>Arrivals</title><p>412 ships</p><script>" + b"var a=0;" * 1_150_000 + b"</script>"

    parsed = parse_document(page, "text/html", with_metadata=True)

    assert (parsed.title, parsed.text) == ("Arrivals", "412 ships")


def test_a_child_that_holds_much_memory_is_replaced_and_its_answer_kept(monkeypatch):
    # How much a process is said to hold differs from system to system; some it always does.
    monkeypatch.setattr(parsing, "MAX_HELD", 1)
    parser = Parser()
    many = b'<b class="abcdefg">a</b>' * 150_000

    assert len(parser.parse(many, "text/html").text) == 150_000
    assert parser.pid is None
    assert parser.parse(b"<p>412 ships", "text/html").text == "412 ships"
    parser.close()
