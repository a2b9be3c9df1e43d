"""Take a content coding off a body within limits, and know whether it was whole (pure)."""

import zlib
from typing import Any

from sources.outcomes import Outcome

STEP = 64 * 1024  # bytes of output at a time


class DecodeRefused(Exception):
    """A body that cannot be taken apart; `outcome` is decode_error, truncated or too_large."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class BoundedDecoder:
    """Decode one gzip, deflate or plain body piece by piece; never holds more than `limit` bytes of it.

    One gzip member (RFC 1952) or one zlib or bare deflate stream (RFC 1950, 1951); the end marker and the
    checksum are verified by `finish`. Every method raises DecodeRefused.
    """

    def __init__(self, coding: str, limit: int) -> None:
        codings = [name for name in (part.strip().lower() for part in coding.split(",")) if name]
        codings = [name for name in codings if name != "identity"]
        if len(codings) > 1 or (codings and codings[0] not in {"gzip", "x-gzip", "deflate"}):
            raise DecodeRefused(Outcome.DECODE_ERROR)
        self.coding = codings[0].removeprefix("x-") if codings else ""
        self.limit = limit
        self.size = 0
        self._parts: list[bytes] = []
        self._inflate: Any = None

    def begins(self, data: bytes, mark: bytes) -> bool:
        """Whether the body begins with this mark, by its first piece; nothing is kept of it."""
        if not self.coding:
            return data.startswith(mark)
        try:
            return self._fresh(data).decompress(data, len(mark)) == mark
        except zlib.error:
            return False

    def feed(self, data: bytes) -> None:
        """Decode the next piece."""
        if not self.coding:
            self._keep(data)
            return
        if self._inflate is None:
            self._inflate = self._fresh(data)
        while data:
            if self._inflate.eof:
                raise DecodeRefused(Outcome.DECODE_ERROR)  # a second member, or bytes after the end
            try:
                self._keep(self._inflate.decompress(data, STEP))
            except zlib.error as error:
                raise DecodeRefused(Outcome.DECODE_ERROR) from error
            data = self._inflate.unconsumed_tail or self._inflate.unused_data

    def finish(self) -> bytes:
        """The whole decoded body, once its end has been seen."""
        if self.coding:
            while self._inflate is not None and not self._inflate.eof:
                try:
                    more = self._inflate.decompress(self._inflate.unconsumed_tail, STEP)
                except zlib.error as error:
                    raise DecodeRefused(Outcome.DECODE_ERROR) from error
                if not more:
                    break
                self._keep(more)
            if self._inflate is None or not self._inflate.eof:
                raise DecodeRefused(Outcome.TRUNCATED)
        return b"".join(self._parts)

    def so_far(self) -> bytes:
        """What has been decoded up to here, its end not seen."""
        return b"".join(self._parts)

    def _fresh(self, first: bytes) -> Any:
        if self.coding == "gzip":
            return zlib.decompressobj(31)
        # Servers disagree on what "deflate" is; the first byte of a zlib header tells (RFC 1950, 2.2).
        return zlib.decompressobj(15 if first[0] & 0x0F == 8 else -15)

    def _keep(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.limit:
            raise DecodeRefused(Outcome.TOO_LARGE)
        self._parts.append(data)


def decode_body(data: bytes, coding: str, limit: int) -> bytes:
    """Decode a whole body at once; raises DecodeRefused."""
    decoder = BoundedDecoder(coding, limit)
    decoder.feed(data)
    return decoder.finish()
