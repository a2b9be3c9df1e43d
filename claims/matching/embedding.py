"""A sentence embedding in ONNX form: texts to vectors, with onnxruntime and tokenizers alone (pure).

The folder holds `model.onnx` and `tokenizer.json`, and if you like `embedding.json` with `max_tokens` and `pooling`
("mean" or "cls"). Any model does that takes `input_ids` and `attention_mask` and gives a vector for each token or one
for each text. Nothing is downloaded.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

BATCH = 32
MAX_TOKENS = 128
_NEEDED = "Install the extra `semantic` (onnxruntime, tokenizers, numpy, usearch) to use an embedding."


class EmbeddingUnusable(Exception):
    """A folder without a usable model, or an environment without what runs it."""


class Embedding:
    """One model in memory. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Load the model; or raise EmbeddingUnusable that says what is missing."""
        try:
            import onnxruntime
            import tokenizers
        except ImportError:
            raise EmbeddingUnusable(_NEEDED) from None
        known = _described(folder)
        try:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise EmbeddingUnusable(f"{folder} holds no usable model: {str(error)[:200]}") from None
        self._tokenizer.enable_truncation(int(known.get("max_tokens", MAX_TOKENS)))
        self._tokenizer.enable_padding()
        self._pooling = str(known.get("pooling", "mean"))
        self._inputs = {node.name for node in self._session.get_inputs()}
        self.name = fingerprint(folder)
        self.size = int(self.encode(["size"]).shape[1])

    def encode(self, texts: Sequence[str]) -> "np.ndarray":
        """Return a row of unit length for each text, float32."""
        import numpy as np

        rows = [self._encode(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(rows) if rows else np.zeros((0, self.size), dtype=np.float32)

    def _encode(self, texts: Sequence[str]) -> "np.ndarray":
        import numpy as np

        encoded = self._tokenizer.encode_batch([text or " " for text in texts])
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given: dict[str, Any] = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
        }
        found = np.asarray(self._session.run(None, {n: v for n, v in given.items() if n in self._inputs})[0])
        if found.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            pooled = (found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
            found = found[:, 0] if self._pooling == "cls" else pooled
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return (found / np.maximum(length, 1e-9)).astype(np.float32)


def fingerprint(folder: Path) -> str:
    """Return what tells one model from another: vectors of different models are never compared."""
    digest = hashlib.sha256()
    for name in ("model.onnx", "tokenizer.json"):
        try:
            with (folder / name).open("rb") as file:
                while block := file.read(2**20):
                    digest.update(block)
        except OSError as error:
            raise EmbeddingUnusable(f"{folder / name} cannot be read: {error.strerror}.") from None
    return digest.hexdigest()[:32]


def _described(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "embedding.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EmbeddingUnusable(f"{folder / 'embedding.json'} cannot be read: {error}") from None
    return found if isinstance(found, dict) else {}


def to_bytes(vector: "np.ndarray") -> bytes:
    """Return a vector of unit length as it is kept: half-precision floats."""
    import numpy as np

    return vector.astype(np.float16).tobytes()
