import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.decoding import DecodeRefused
from sources.warc import Revisited, read_capture, read_payload, write_capture, write_resource
from tests.sources.hostile_site import PAGE, look

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def check(capture, tmp_path):
    """What `warcio check` says of a capture, and its exit status."""
    path = tmp_path / "capture.warc.gz"
    path.write_bytes(capture)
    warcio = Path(sys.executable).with_name("warcio")
    done = subprocess.run([warcio, "check", "-v", path], capture_output=True, text=True)
    return done.returncode, done.stdout


@pytest.mark.parametrize("path", ["/ok", "/gzip", "/deflate", "/chunked", "/http10", "/moved"])
def test_a_capture_holds_what_was_read_and_passes_the_check(hostile, path, tmp_path):
    capture = write_capture(look(hostile, path))

    status, said = check(capture, tmp_path)

    assert read_capture(capture) == PAGE
    assert status == 0, said
    assert said.count("digest pass") >= 2


def test_the_same_bytes_again_are_a_revisit_that_passes_the_check(hostile, tmp_path):
    first, again = look(hostile, "/gzip"), look(hostile, "/gzip")
    kept = write_capture(first)

    capture = write_capture(again, same_as=read_payload(kept))

    assert check(capture, tmp_path)[0] == 0
    assert first.raw_body not in capture and b"Content-Encoding" not in read_capture(kept)
    assert read_payload(capture) is None
    with pytest.raises(Revisited, match="/gzip"):
        read_capture(capture)


def test_other_bytes_are_no_revisit(hostile):
    kept = write_capture(look(hostile, "/ok"))

    with pytest.raises(ValueError, match="other bytes"):
        write_capture(look(hostile, "/gzip"), same_as=read_payload(kept))


@pytest.mark.parametrize("url", ["", "https://news.example/vote"])
@pytest.mark.parametrize("content", [b"28 of 48", b"%PDF-1.7\n\x00\xff\r\n\r\nWARC/1.1\r\n"])
def test_a_document_given_by_hand_is_kept_whole_and_passes_the_check(url, content, tmp_path):
    capture = write_resource(content, content_type="text/plain", url=url, taken_at=NOW)

    status, said = check(capture, tmp_path)

    assert (read_capture(capture), status) == (content, 0), said


@pytest.mark.parametrize("data", [b"", b"no capture", b"\x1f\x8b\x08\x00broken"])
def test_a_capture_without_a_document_is_said(data):
    with pytest.raises((ValueError, DecodeRefused, OSError)):
        read_capture(data)
