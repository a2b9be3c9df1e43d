import subprocess
import sys
from pathlib import Path

import pytest

from sources.decoding import DecodeRefused
from sources.warc import read_capture, write_capture
from tests.sources.hostile_site import PAGE, look


@pytest.mark.parametrize("path", ["/ok", "/gzip", "/deflate", "/chunked", "/http10", "/moved"])
def test_a_capture_holds_what_was_read_and_passes_the_check(hostile, path, tmp_path):
    capture = write_capture(look(hostile, path))
    (tmp_path / "capture.warc.gz").write_bytes(capture)

    checked = subprocess.run(
        [Path(sys.executable).with_name("warcio"), "check", "-v", tmp_path / "capture.warc.gz"],
        capture_output=True,
        text=True,
    )

    assert read_capture(capture) == PAGE
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("digest pass") >= 2


def test_a_capture_without_a_response_is_said():
    with pytest.raises((ValueError, DecodeRefused)):
        read_capture(b"")
