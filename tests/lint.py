"""Everything that is checked without running the service, and all that is wrong at once (`make lint`)."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
PYTHON = sys.executable
PRODUCTION = {
    "FACTCHECK_PRODUCTION": "1",
    "SECRET_KEY": "only-to-be-looked-at-" + "0123456789abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://desk.example.org",
    "DATABASE_URL": "postgres://desk@db.example.org/desk",
    "REDIS_URL": "redis://broker.example.org/0",
}
CHECKS = [
    ("style", [PYTHON, "-m", "ruff", "check", "."], {}),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."], {}),
    ("import contracts", [str(SCRIPTS / "lint-imports"), "--no-cache"], {}),
    ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("types", [PYTHON, "-m", "mypy", "claims", "sources", "factcheck"], {}),
    ("templates", [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"], {}),
    ("production settings", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory() as var:
        for name, command, more in CHECKS:
            began = time.monotonic()
            env = {**os.environ, "FACTCHECK_VAR": var, **more}
            done = subprocess.run(command, cwd=HOME, env=env, capture_output=True, text=True, check=False)
            print(
                f"{name:22} {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - began:.0f} s)",
                flush=True,
            )
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    hosts = [f.name for f in HOME.glob("requirements*.lock") if "://" in f.read_text()]
    print(f"{'lock files name no host':22} {'FAILED: ' + ', '.join(hosts) if hosts else 'ok'}")
    return 1 if failed or hosts else 0


if __name__ == "__main__":
    sys.exit(main())
