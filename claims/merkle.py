"""The Merkle tree over the ledger, as RFC 6962 section 2.1 and RFC 9162 section 2.1 define it (pure).

Leaves are numbered from 0. Hashes are the 32 bytes of a SHA-256. A range of leaves is half open and written
`low, high`; where a function asks for `node`, it is given a way to get the hash of the tree over such a range.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

SIZE = 32  # bytes of a hash
EMPTY = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf that holds this entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above these two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these leaf hashes; of none, the hash of nothing."""
    return Frontier().extended(hashes).root()


class Frontier:
    """What has to be remembered of a tree to append to it: its size, and the roots of its full subtrees.

    Appending n leaves costs fewer than 2n hashes whatever the tree's size, and at most 64 hashes are held.
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()):
        """Take up a tree again; raises ValueError unless there is one peak for each bit of the size."""
        self.size, self.peaks = size, list(peaks)
        if len(self.peaks) != size.bit_count() or any(len(peak) != SIZE for peak in self.peaks):
            raise ValueError("A tree has one peak for each bit of its size.")

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Frontier":
        """Read what `packed` returned; raises ValueError where the two do not fit."""
        return cls(size, split(packed))

    def packed(self) -> bytes:
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash."""
        full, node = self.size, leaf
        while full & 1:
            node = node_hash(self.peaks.pop(), node)
            full >>= 1
        self.peaks.append(node)
        self.size += 1

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        """Add these leaves' hashes in their order, and return the same frontier."""
        for leaf in leaves:
            self.append(leaf)
        return self

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def split(packed: bytes) -> list[bytes]:
    """Return the hashes that were written one after the other; raises ValueError for a broken last one."""
    if len(packed) % SIZE:
        raise ValueError("Not a row of whole hashes.")
    return [packed[at : at + SIZE] for at in range(0, len(packed), SIZE)]


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """Return PATH(index, D[size]): the hashes that lead from a leaf to the root, the leaf's neighbour first.

    Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError("The tree has no such leaf.")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if index < middle:
            path.append(node(middle, high))
            high = middle
        else:
            path.append(node(low, middle))
            low = middle
    return path[::-1]


def consistency_path(older: int, size: int, node: Node) -> list[bytes]:
    """Return PROOF(older, D[size]): the hashes that show the older tree is the beginning of the newer one.

    Of a tree with itself, and of the empty tree, it is empty. Raises ValueError unless 0 <= older <= size.
    """
    if not 0 <= older <= size:
        raise ValueError("The older tree is larger than the newer one.")
    if older in (0, size):
        return []
    path: list[bytes] = []
    low, high = 0, size
    while older != high:
        middle = low + _largest_power_below(high - low)
        if older <= middle:
            path.append(node(middle, high))
            high = middle
        else:
            path.append(node(low, middle))
            low = middle
    if low:  # a subtree that is the whole older tree needs no hash: whoever checks has its root
        path.append(node(low, high))
    return path[::-1]


def includes(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from this leaf to this root (RFC 9162 section 2.1.3.2); never raises."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for hash_ in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(hash_, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(*, older: int, older_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows the older tree to begin the newer one (RFC 9162 section 2.1.4.2); never raises."""
    if not 0 <= older <= size:
        return False
    if older in (0, size):
        return not path and older_root == (root if older else EMPTY)
    hashes = list(path)
    if older & (older - 1) == 0:
        hashes.insert(0, older_root)
    if not hashes:
        return False
    at, last = older - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = hashes[0]
    for hash_ in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        at, last = at >> 1, last >> 1
    return last == 0 and old == older_root and new == root


def _largest_power_below(number: int) -> int:
    """Return the largest power of two smaller than a number from 2."""
    return 1 << (number - 1).bit_length() - 1
