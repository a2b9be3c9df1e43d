"""Verifiers that come from npm: what they are, where they lie, and how they are put there.

They are for the tests alone. Where Node or npm is missing, or npm cannot reach its packages, nobody has to do
anything: the tests that need them are left out, and `make test` says so at its end.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
INSTALLED = FOLDER / "node_modules"
# Of the lock file these packages were installed from; written last, so that half an installation is none.
_STAMP = INSTALLED / ".of-lock"
PATIENCE = 240  # seconds


def is_installed() -> bool:
    """Whether the packages of this very lock file are there."""
    return _STAMP.is_file() and _STAMP.read_text() == _lock_hash()


def install() -> str:
    """Install what the lock file names, unless it is there; return why not, or nothing."""
    if is_installed():
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm was not found"
    # No package runs a script of its own here.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(
            command,
            cwd=FOLDER,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "npm did not finish"
    if done.returncode:
        return next(iter(done.stderr.strip().splitlines()), "npm failed")[:200]
    _STAMP.write_text(_lock_hash())
    return ""


def _lock_hash() -> str:
    return hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
