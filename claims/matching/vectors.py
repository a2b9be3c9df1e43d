"""Claims by the vectors of their texts: exact while they are few, a navigable graph when they are many (pure)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

# Up to so many are compared one by one, which is exact; above that a graph of int8 vectors finds most of the nearest.
EXACT_UP_TO = 100_000
_BLOCK = 8192


class Vectors:
    """Vectors of one model by the id of their claim."""

    def __init__(self, size: int, *, exact_up_to: int = EXACT_UP_TO) -> None:
        import numpy as np

        self._size = size
        self._exact_up_to = exact_up_to
        self._ids: list[str] = []
        self._places: dict[str, int] = {}
        self._rows: Any = np.zeros((0, size), dtype=np.float16)
        self._graph: Any = None

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def is_exact(self) -> bool:
        return self._graph is None

    def put(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Take these in, each in the place of the one with its id; one of another size is left out."""
        import numpy as np

        given = {key: kept for key, kept in rows if len(kept) == 2 * self._size}
        if not given:
            return
        vectors = np.frombuffer(b"".join(given.values()), dtype=np.float16).reshape(len(given), self._size)
        new = [at for at, key in enumerate(given) if key not in self._places]
        for at, key in enumerate(given):
            if key not in self._places:
                self._places[key] = len(self._ids)
                self._ids.append(key)
            elif self._graph is not None:
                self._graph.remove(self._places[key])
                self._graph.add(self._places[key], vectors[at].astype(np.float32))
            else:
                self._rows[self._places[key]] = vectors[at]
        if new and self._graph is not None:
            places = np.arange(len(self._ids) - len(new), len(self._ids))
            self._graph.add(places, vectors[new].astype(np.float32))
        elif new:
            self._rows = np.concatenate([self._rows, vectors[new]])
            if len(self._ids) > self._exact_up_to:
                self._build()

    def _build(self) -> None:
        import numpy as np
        from usearch.index import Index

        self._graph = Index(ndim=self._size, metric="cos", dtype="i8", connectivity=16, expansion_search=128)
        for at in range(0, len(self._rows), _BLOCK):
            block = self._rows[at : at + _BLOCK].astype(np.float32)
            self._graph.add(np.arange(at, at + len(block)), block)
        self._rows = None  # the graph keeps its own

    def nearest(self, vector: "np.ndarray", limit: int) -> dict[str, float]:
        """Return the ids of the nearest claims, each with its cosine."""
        import numpy as np

        if not self._ids:
            return {}
        if self._graph is not None:
            found = self._graph.search(vector, limit)
            return {self._ids[int(key)]: 1 - float(far) for key, far in zip(found.keys, found.distances, strict=True)}
        # In blocks: half precision is kept, single is what the processor multiplies.
        blocks = [self._rows[at : at + _BLOCK].astype(np.float32) @ vector for at in range(0, len(self._rows), _BLOCK)]
        cosines = np.concatenate(blocks)
        best = np.argpartition(-cosines, min(limit, len(cosines)) - 1)[:limit]
        return {self._ids[int(place)]: float(cosines[place]) for place in best}

    def cosines(self, vector: "np.ndarray", ids: Iterable[str]) -> dict[str, float]:
        """Return the cosine of each of these claims that has a vector."""
        import numpy as np

        known = [key for key in ids if key in self._places]
        if not known:
            return {}
        places = np.array([self._places[key] for key in known])
        rows = self._rows[places] if self._graph is None else self._graph.get(places, dtype="f32")
        rows = np.asarray(rows, dtype=np.float32)
        length = np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
        return dict(zip(known, map(float, (rows @ vector) / length), strict=True))
