"""The programs we are measured beside, in a virtual environment of their own that is made when first asked for."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements-yardsticks.lock"
PLACE = HERE.parent / ".bench" / "yardsticks"


def python() -> Path:
    """The Python that can import them; raises CalledProcessError where they cannot be installed."""
    bin_python = PLACE / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, digest = PLACE / "installed", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return bin_python
    print("Installing what we are measured beside, once, into .bench ...", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PLACE)], check=True)
    install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    with (PLACE / "install.log").open("w") as log:
        subprocess.run([str(bin_python), *install, "-r", str(LOCK)], check=True, stdout=log, stderr=log)
    stamp.write_text(digest)
    return bin_python
