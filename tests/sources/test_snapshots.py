"""What is kept of a source: text and facts, the bytes once, and what a person gave by hand."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as installed
from django.db.models import ProtectedError
from django.utils import timezone

from sources.errors import CaptureRefused
from sources.services.captures import captured_bytes
from sources.services.checks import check_source
from sources.services.snapshots import add_document_file, capture_file, capture_text
from sources.services.sources import register_source
from tests.factories import NOW, ReviewerFactory, SourceFactory
from tests.sources.test_parsing import PAGE as REPORT
from tests.sources.test_parsing import pdf

pytestmark = pytest.mark.django_db

ONE = "The office counted 412 arrivals in May, nine more than in the year before."
TWO = "The office counted 409 arrivals in May, six more than in the year before."


def files_kept():
    return [path for path in Path(installed.MEDIA_ROOT).rglob("*") if path.is_file()]


def looked_at(web, path="/report"):
    """Look at a page of the site now and return what it says."""
    source, _ = register_source(url=web.url(path), by=None, now=NOW)
    check = check_source(source_id=source.pk, requested_by=None, clock=timezone.now)
    return check.snapshot


def test_what_a_page_says_of_itself_is_kept_and_its_date_is_unconfirmed(web):
    web.says("/report", ONE)
    web.pages["/report"].body = REPORT.decode()

    snapshot = looked_at(web)

    assert (snapshot.title, snapshot.author, snapshot.language) == ("A vote", "Rina Levi", "en")
    assert str(snapshot.published_on) == "2026-09-12"
    assert "Fatah lost 28 of 48 seats" in snapshot.main_text
    assert (snapshot.source.is_date_confirmed, str(snapshot.source.published_on)) == (False, "2026-09-12")


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        (
            "application/rss+xml",
            "<rss><channel><title>412</title></channel></rss>",
            "<rss><channel><title>412</title></",
        ),
        ("application/json", '{"arrivals": 412}', '{"arrivals": 412}'),
        ("text/plain", "412 arrivals", "412 arrivals"),
        ("text/csv", "month,ships\nMay,412", "month,ships\nMay,412"),
    ],
)
def test_a_file_that_is_no_page_is_kept_as_its_text(content_type, body, text, web):
    web.says("/data")
    web.pages["/data"].body, web.pages["/data"].headers = body, {"Content-Type": content_type}

    snapshot = looked_at(web, "/data")

    assert snapshot.text.startswith(text)
    assert captured_bytes(snapshot).decode() == body


def test_bytes_that_come_again_are_kept_once_and_can_still_be_read(web):
    web.says("/report", ONE)
    first = looked_at(web)
    web.says("/report", TWO)
    second = looked_at(web)
    web.says("/report", ONE)
    third = looked_at(web)

    assert (first.revisit_of, second.revisit_of, third.revisit_of) == (None, None, first)
    assert third.capture.name != first.capture.name
    assert captured_bytes(third) == captured_bytes(first)
    assert ONE in captured_bytes(third).decode()
    assert third.capture.size < first.capture.size + 400
    with pytest.raises(ProtectedError):
        first.source.snapshots.filter(pk=first.pk).delete()


def test_the_same_page_at_two_addresses_is_kept_once(web):
    web.says("/report", ONE)
    web.says("/copy", ONE)
    web.pages["/copy"].body = web.pages["/report"].body

    first, second = looked_at(web), looked_at(web, "/copy")

    assert second.revisit_of == first
    assert captured_bytes(second) == captured_bytes(first)


def test_a_capture_whose_file_is_lost_is_no_reason_to_lose_the_next(web):
    web.says("/report", ONE)
    first = looked_at(web)
    web.says("/report", TWO)
    looked_at(web)
    first.capture.storage.delete(first.capture.name)
    web.says("/report", ONE)

    again = looked_at(web)

    assert again.revisit_of is None
    assert ONE in captured_bytes(again).decode()


def test_a_wall_that_is_long_gone_is_measured_against_the_document_and_not_against_the_wall(web):
    web.says("/report", *[ONE] * 40)
    looked_at(web)
    web.says("/report", "Subscribe to continue reading")
    assert looked_at(web).page_class == "paywall_stub"
    web.says("/report", *[ONE] * 19, "Subscribe to continue reading")

    assert looked_at(web).page_class == "paywall_stub"


def test_a_pdf_given_by_hand_keeps_its_pages():
    source = SourceFactory()
    file = pdf(b"First page", b"28 of 48 seats")

    snapshot = capture_file(
        source=source, content=file, name="r.pdf", content_type="application/pdf", by=ReviewerFactory(), now=NOW
    )

    assert (snapshot.is_by_hand, snapshot.page_at(snapshot.text.index("28 of"))) == (True, 2)
    assert [number for number, _ in snapshot.pages] == [1, 2]
    assert "".join(text for _, text in snapshot.pages) == snapshot.text
    assert captured_bytes(snapshot) == file


def test_the_same_file_twice_is_one_snapshot_and_one_file():
    source, other, by = SourceFactory(), SourceFactory(), ReviewerFactory()
    file = pdf(b"28 of 48 seats")

    def give(to):
        return capture_file(source=to, content=file, name="r.pdf", content_type="", by=by, now=NOW)

    first = give(source)

    assert give(source) == first
    elsewhere = give(other)
    assert elsewhere.revisit_of == first
    assert captured_bytes(elsewhere) == file
    assert len(files_kept()) == 1
    assert add_document_file(content=file, name="x.pdf", by=by, now=NOW) == first


def test_the_same_words_after_others_are_a_capture_of_their_own():
    source, by = SourceFactory(), ReviewerFactory()
    first = capture_text(source=source, text=ONE, by=by, now=NOW)
    capture_text(source=source, text=TWO, by=by, now=NOW + timedelta(hours=1))

    again = capture_text(source=source, text=ONE + "", by=by, now=NOW + timedelta(hours=2))

    assert again != first
    assert (again.text, again.revisit_of) == (ONE, first)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b" \r\n\t", "a.txt", "empty"),
        (b"\x00" * 500, "a.txt", "bad_type"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "scan.png", "bad_type"),
        (b"%PDF-1.4 junk", "a.pdf", "parse_limit"),
        (b"no pdf at all", "a.pdf", "bad_type"),
        (pdf(b""), "a.pdf", "empty"),
        (b"<html><script>x()</script>", "a.html", "empty"),
        (b"a" * (10 * 1024 * 1024 + 1), "a.txt", "too_large"),
        (b"word " * 220_000, "a.txt", "parse_limit"),
    ],
    ids=lambda value: str(value)[:16],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(content, name, code):
    source = SourceFactory()

    with pytest.raises(CaptureRefused) as refusal:
        capture_file(source=source, content=content, name=name, content_type="", by=ReviewerFactory(), now=NOW)

    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert str(refusal.value).endswith(".")
    assert not source.snapshots.exists() and not files_kept()


@pytest.mark.parametrize("sent", ["text/plain; charset=x\x00\r\nX: 1", "\x00", "x" * 400, "no type"])
def test_a_type_that_is_none_is_not_believed(sent):
    snapshot = capture_file(
        source=SourceFactory(), content=b"412 ships", name="a.txt", content_type=sent, by=ReviewerFactory(), now=NOW
    )

    assert snapshot.content_type in ("", "text/plain")


def test_pasted_nul_and_half_characters_are_kept_as_marks():
    snapshot = capture_text(source=SourceFactory(), text="41\x002 \ud800 ships\r\n", by=ReviewerFactory(), now=NOW)

    assert snapshot.text == "41\ufffd2 \ufffd ships\n"


def test_captures_go_to_a_bucket_once_one_is_named():
    program = "import json; from factcheck import settings; print(json.dumps(settings.STORAGES['default']))"
    named = {
        "CAPTURES_S3_BUCKET": "desk-captures",
        "CAPTURES_S3_ENDPOINT": "https://objects.example",
        "SECRET_KEY": "x",
    }

    said = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **named}, capture_output=True, text=True, check=True
    )

    storage = json.loads(said.stdout)
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    assert storage["OPTIONS"]["bucket_name"] == "desk-captures"
    assert storage["OPTIONS"]["endpoint_url"] == "https://objects.example"
    assert (storage["OPTIONS"]["file_overwrite"], storage["OPTIONS"]["default_acl"]) == (False, "private")
    assert installed.STORAGES["default"]["BACKEND"] == "sources.storage.CaptureFolder"


def test_pasted_letters_with_marks_without_end_are_refused_before_anything_composes_them():
    with pytest.raises(CaptureRefused, match="1,000 marks"):
        capture_text(
            source=SourceFactory(), text="412 ships a" + "\u0300\u0316" * 400_000, by=ReviewerFactory(), now=NOW
        )
