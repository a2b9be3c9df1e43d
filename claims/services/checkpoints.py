"""Checkpoints of the ledger: signing what it has become, and proving that a row or an older log is part of it."""

from datetime import datetime, timedelta
from functools import cache

from django.db import transaction

from claims import merkle
from claims.errors import LogBroken
from claims.formats import notes
from claims.models import Change, Checkpoint, LogKey, LogTile

from .signing import retire_keys, signers

SIGNED_AGAIN_AFTER = timedelta(days=1)  # so that a reader can tell a quiet log from one nobody signs
ROWS_AT_ONCE = 10_000  # in one transaction; more wait for the next checkpoint


@transaction.atomic
def sign_checkpoint(*, now: datetime, again: bool = False) -> Checkpoint | None:
    """Sign the ledger's rows if there are new ones, if a day has passed or if asked to again; else return None.

    Only new rows are read: the tree goes on from the last checkpoint, so a row that was changed behind our back
    stays as it was signed in every later root. Run twice at once, the second finds nothing new. Raises
    SigningUnavailable without the key, and LogBroken where a row is missing or the last checkpoint's hashes are
    not those that were signed.
    """
    held = signers(now=now)
    list(LogKey.objects.select_for_update())  # one at a time
    last = Checkpoint.objects.order_by("-size", "-pk").first()
    is_due = again or last is None or now - last.signed_at >= SIGNED_AGAIN_AFTER
    frontier = _frontier(last)
    added = _append_new_rows(frontier)
    if not (added or is_due):
        return None
    text = notes.Checkpoint(held[0].name, frontier.size, frontier.root()).text()
    retire_keys(held, now=now)
    return Checkpoint.objects.create(
        size=frontier.size,
        root=frontier.root(),
        note=notes.signed_note(text, held),
        peaks=frontier.packed(),
        signed_at=now,
    )


def newest_checkpoint() -> Checkpoint | None:
    """Return the checkpoint that covers most, the latest of that size."""
    return Checkpoint.objects.order_by("-size", "-pk").first()


def prove_inclusion(*, seq: int, size: int) -> list[bytes]:
    """Return the path from the row's leaf to the root of that many rows, which checkpoints have to cover.

    Raises ValueError where the row is not among them.
    """
    return merkle.inclusion_path(seq, size, nodes(size))


def prove_consistency(*, older: int, size: int) -> list[bytes]:
    """Return the proof that a log of `older` rows is the beginning of the one of `size`; raises ValueError."""
    return merkle.consistency_path(older, size, nodes(size))


def signed_hashes(size: int) -> list[bytes]:
    """Return the stored leaf hashes of the first rows, as they were when they were signed."""
    tiles = LogTile.objects.filter(index__lt=-(-size // LogTile.WIDTH)).order_by("index")
    return [leaf for tile in tiles.iterator(chunk_size=50) for leaf in tile.leaves][:size]


def nodes(size: int) -> merkle.Node:
    """Return what gives the hash of any subtree over the first rows, from stored hashes: a query and one per tile."""
    width = LogTile.WIDTH
    tiles = LogTile.objects.filter(index__lt=-(-size // width)).order_by("index")
    roots = [bytes(root) for root in tiles.values_list("root", flat=True)]

    @cache
    def leaves(index: int) -> list[bytes]:
        return LogTile.objects.get(index=index).leaves

    def node(low: int, high: int) -> bytes:
        first, last = low // width, (high - 1) // width
        if first == last:
            return merkle.root_of(leaves(first)[low - first * width : high - first * width])
        # A subtree wider than a tile begins with one: its own width is a power of two.
        whole = roots[first : high // width]
        rest = leaves(last)[: high % width] if high % width else []
        return merkle.root_of([*whole, merkle.root_of(rest)] if rest else whole)

    return node


def _frontier(last: Checkpoint | None) -> merkle.Frontier:
    if last is None:
        return merkle.Frontier()
    try:
        frontier = merkle.Frontier.unpacked(last.size, bytes(last.peaks))
    except ValueError:
        frontier = merkle.Frontier()
    if frontier.size != last.size or frontier.root() != bytes(last.root):
        raise LogBroken("The last checkpoint's hashes are not those that were signed; run verify_ledger.")
    return frontier


def _append_new_rows(frontier: merkle.Frontier) -> int:
    """Add the rows that came since to the tree and their hashes to the tiles; return how many they were."""
    began = frontier.size
    new = Change.objects.filter(seq__gte=began).order_by("seq").values_list("seq", "body")[:ROWS_AT_ONCE]
    tiles: dict[int, list[bytes]] = {}
    if began % LogTile.WIDTH:
        index = began // LogTile.WIDTH
        tile = LogTile.objects.filter(index=index).first()
        tiles[index] = tile.leaves[: began % LogTile.WIDTH] if tile else []
        if len(tiles[index]) < began % LogTile.WIDTH:
            raise LogBroken("Stored hashes of the log are missing; run verify_ledger.")
    for seq, body in new.iterator(chunk_size=500):
        if seq != frontier.size:
            raise LogBroken(f"Row {frontier.size} of the ledger is missing; run verify_ledger.")
        leaf = merkle.leaf_hash(body.encode())
        tiles.setdefault(seq // LogTile.WIDTH, []).append(leaf)
        frontier.append(leaf)
    if frontier.size > began:
        rows = [LogTile(index=i, hashes=b"".join(found), root=merkle.root_of(found)) for i, found in tiles.items()]
        LogTile.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["index"], update_fields=["hashes", "root"]
        )
    return frontier.size - began
