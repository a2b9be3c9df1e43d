"""What kind of file it is, told by its content; its name and declared type are not asked."""

import codecs
import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

from .objects import LINE_LIMIT, read_document, read_lines
from .pages import read_page
from .rows import FileRefused, Problem, Row
from .tables import read_table

CSV, JSON, LINES, PAGE = "csv", "json", "jsonl", "page"
LABELS = {CSV: "CSV", JSON: "JSON", LINES: "JSON Lines", PAGE: "Web page"}

_HEAD = 256 * 1024
_BLOCK = 256 * 1024
PAGE_LIMIT = 20 * 2**20  # bytes of a page, which is read whole
_OTHERS = (
    (b"PK\x03\x04", "a spreadsheet (XLSX) or another zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7-zip archive"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)


def detect(head: bytes) -> str:
    """Return the format of a file that begins so; or raise FileRefused, `is_type` for what is no text at all."""
    for mark, what in _OTHERS:
        if head.startswith(mark):
            raise _refused(
                "unsupported_media_type",
                f"This is {what}. Save the table as “CSV UTF-8”, or send JSON, JSON Lines or a page.",
                is_type=True,
            )
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused("not_utf8", "This is UTF-16 or UTF-32. Save it as UTF-8 (“CSV UTF-8”) and try again.")
    if head[:64].count(0) >= max(1, len(head[:64]) // 3):
        raise _refused("not_utf8", "Every other byte is zero, as in UTF-16. Save it as UTF-8 and try again.")
    text = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    if text.startswith(b"["):
        return JSON
    if text.startswith(b"{"):
        return LINES if _is_lines(text) else JSON
    if text.startswith(b"<"):
        return PAGE
    return CSV


def _is_lines(text: bytes) -> bool:
    """Whether the first line is a whole object by itself, and one that holds no list of claims."""
    first, _, rest = text.partition(b"\n")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        # The first line may be longer than what was read of it; then only a line's own beginning tells.
        return False
    return bool(rest.strip()) or not isinstance(value, dict) or ("@type" not in value and "claims" not in value)


def read_file(file: BinaryIO) -> tuple[str, Iterator[Row]]:
    """Return a file's format and its rows, which are read as they are asked for; raise FileRefused, now or then."""
    head = file.read(_HEAD)
    kind = detect(head)
    file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
    return kind, _READERS[kind](file)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.readline(LINE_LIMIT), b"")


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_BLOCK), b"")


def _page(file: BinaryIO) -> Iterator[Row]:
    content = file.read(PAGE_LIMIT + 1)
    if len(content) > PAGE_LIMIT:
        raise _refused("too_large", f"A page has at most {PAGE_LIMIT // 2**20} MiB.")
    return read_page(content)


_READERS: dict[str, Callable[[BinaryIO], Iterator[Row]]] = {
    CSV: lambda file: read_table(_lines(file)),
    JSON: lambda file: read_document(_blocks(file)),
    LINES: lambda file: read_lines(_lines(file)),
    PAGE: _page,
}


def _refused(code: str, message: str, *, is_type: bool = False) -> FileRefused:
    return FileRefused(Problem(1, "row 1", "no. 1", code, message), is_type=is_type)
