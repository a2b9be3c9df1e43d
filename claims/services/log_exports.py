"""The ledger as a file that an outsider checks with ledger_verifier.py."""

from collections.abc import Iterator

from claims.ledger_verifier import hashes_line, header_line
from claims.models import Change, LogTile


def export_lines(*, origin: str, size: int) -> Iterator[bytes]:
    """Yield the export of a checkpoint's rows: the header, the hashes as they were signed, and the rows as they are.

    One row is held at a time. The hashes are the stored ones, so that an outsider finds which row was changed.
    """
    yield header_line(origin, size) + b"\n"
    tiles = LogTile.objects.filter(index__lt=-(-size // LogTile.WIDTH)).order_by("index")
    for tile in tiles.iterator(chunk_size=50):
        yield hashes_line(tile.index, tile.leaves[: size - tile.index * LogTile.WIDTH]) + b"\n"
    bodies = Change.objects.filter(seq__lt=size).order_by("seq").values_list("body", flat=True)
    for body in bodies.iterator(chunk_size=500):
        yield body.encode() + b"\n"
