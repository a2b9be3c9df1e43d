"""The Merkle tree: the published roots and proofs, and that every proof verifies and no mutated one does."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claims import merkle

# The eight entries and their roots that Certificate Transparency's own implementations are tested with.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


def node_of(leaves):
    return lambda low, high: merkle.root_of(leaves[low:high])


def leaves_of(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("count", "root"), list(enumerate(ROOTS, 1)))
def test_the_published_trees_have_their_published_roots(count, root):
    assert merkle.root_of(LEAVES[:count]).hex() == root


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)
def test_the_published_inclusion_proofs_are_ours(index, size, path):
    assert [hash_.hex() for hash_ in merkle.inclusion_path(index, size, node_of(LEAVES))] == path


@pytest.mark.parametrize(
    ("older", "size", "path"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_the_published_consistency_proofs_are_ours(older, size, path):
    assert [hash_.hex() for hash_ in merkle.consistency_path(older, size, node_of(LEAVES))] == path


def test_every_proof_of_every_small_tree_verifies():
    leaves = leaves_of(33)
    node = node_of(leaves)
    for size in range(len(leaves) + 1):
        root = merkle.root_of(leaves[:size])
        for index in range(size):
            path = merkle.inclusion_path(index, size, node)
            assert merkle.includes(leaf=leaves[index], index=index, size=size, path=path, root=root)
        for older in range(size + 1):
            path = merkle.consistency_path(older, size, node)
            older_root = merkle.root_of(leaves[:older])
            assert merkle.is_consistent(older=older, older_root=older_root, size=size, root=root, path=path)


@st.composite
def mutations(draw, path):
    """Draw a path that differs: a bit flipped, a hash left out, put in, doubled, or two exchanged."""
    mutated = list(path)
    kind = draw(st.sampled_from(["flip", "drop", "add", "swap"]))
    if kind == "flip" and mutated:
        at, bit = draw(st.integers(0, len(mutated) - 1)), draw(st.integers(0, 255))
        flipped = int.from_bytes(mutated[at], "big") ^ 1 << bit
        mutated[at] = flipped.to_bytes(32, "big")
    elif kind == "drop" and mutated:
        del mutated[draw(st.integers(0, len(mutated) - 1))]
    elif kind == "swap" and len(mutated) > 1:
        at = draw(st.integers(0, len(mutated) - 2))
        mutated[at], mutated[at + 1] = mutated[at + 1], mutated[at]
    else:
        extra = draw(st.sampled_from([*mutated, merkle.EMPTY]))
        mutated.insert(draw(st.integers(0, len(mutated))), extra)
    assume(mutated != list(path))
    return mutated


@given(data=st.data(), size=st.integers(1, 600))
def test_no_mutated_inclusion_proof_verifies(data, size):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    root, path = merkle.root_of(leaves), merkle.inclusion_path(index, size, node_of(leaves))
    proof = {"leaf": leaves[index], "index": index, "size": size, "path": path, "root": root}
    assert merkle.includes(**proof)
    assert not merkle.includes(**{**proof, "path": data.draw(mutations(path))})
    assert not merkle.includes(**{**proof, "leaf": merkle.leaf_hash(b"another")})
    assert not merkle.includes(**{**proof, "root": merkle.node_hash(root, root)})
    elsewhere = data.draw(st.integers(-1, size + 1).filter(lambda at: at != index))
    assert not merkle.includes(**{**proof, "index": elsewhere})


@given(data=st.data(), size=st.integers(2, 600))
def test_no_mutated_consistency_proof_verifies(data, size):
    leaves = leaves_of(size)
    older = data.draw(st.integers(1, size - 1))
    path = merkle.consistency_path(older, size, node_of(leaves))
    proof = {
        "older": older,
        "older_root": merkle.root_of(leaves[:older]),
        "size": size,
        "root": merkle.root_of(leaves),
        "path": path,
    }
    assert merkle.is_consistent(**proof)
    assert not merkle.is_consistent(**{**proof, "path": data.draw(mutations(path))})
    rewritten = [*leaves[: older - 1], merkle.leaf_hash(b"rewritten")]
    assert not merkle.is_consistent(**{**proof, "older_root": merkle.root_of(rewritten)})
    assert not merkle.is_consistent(**{**proof, "older": size, "size": older})


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_frontier_taken_up_again_goes_on_as_one_that_never_stopped(batches):
    leaves = leaves_of(sum(batches))
    frontier = merkle.Frontier()
    for count in batches:
        frontier = merkle.Frontier.unpacked(frontier.size, frontier.packed())
        frontier.extended(leaves[frontier.size : frontier.size + count])
        assert frontier.root() == merkle.root_of(leaves[: frontier.size])


@pytest.mark.parametrize(("size", "packed"), [(1, b""), (3, bytes(32)), (0, bytes(32)), (1, bytes(31))])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size, packed):
    with pytest.raises(ValueError):
        merkle.Frontier.unpacked(size, packed)


@pytest.mark.parametrize("index", [-1, 8])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index):
    with pytest.raises(ValueError):
        merkle.inclusion_path(index, 8, node_of(LEAVES))
    with pytest.raises(ValueError):
        merkle.consistency_path(index, 7, node_of(LEAVES))
