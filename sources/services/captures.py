"""Captures: the stored bytes a snapshot was read from, taken out again as they were hashed."""

import zlib

from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from sources.decoding import DecodeRefused
from sources.errors import CaptureLost
from sources.models import Snapshot
from sources.warc import Revisited, read_capture, whole_members

_DAMAGE = (DecodeRefused, ValueError, ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error)


def captured_bytes(snapshot: Snapshot) -> bytes:
    """Return the body that `raw_sha256` was taken of: a fetched page's, decoded, or the file a person gave.

    Its bytes may stand in an earlier capture; every record on the way is checked. Raises CaptureLost, whose message
    says what is wrong with the file: missing, damaged, or no capture at all.
    """
    name = snapshot.capture.name
    if not name:
        raise CaptureLost("no capture was stored")
    try:
        with snapshot.capture.storage.open(name) as file:
            data = file.read()
    except OSError as error:
        raise CaptureLost(f"the capture {name} cannot be read ({error.strerror or type(error).__name__})") from None
    if name.endswith(".bin"):  # by hand, before such captures were WARC
        return data
    try:
        whole_members(data)
        return read_capture(data)
    except Revisited:
        if snapshot.revisit_of is None:
            raise CaptureLost(f"the capture {name} names another that is gone") from None
        return captured_bytes(snapshot.revisit_of)
    except _DAMAGE as error:
        raise CaptureLost(f"the capture {name} is damaged ({error})") from None
