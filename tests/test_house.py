"""The house's own rules hold."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from claims.workflow import MOVES

HOME = Path(__file__).resolve().parent.parent
# Homes, mounts and temporary folders; written apart so that this file names none itself.
MACHINE_PATHS = re.compile(
    "(?<![\\w.])/(?:" + "|".join(["wo" + "rk/", "ro" + "ot/", "ho" + "me/", "Us" + "ers/"]) + ")"
)


def committed_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=HOME, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    files = [HOME / name for name in listed if name] or [
        file for file in HOME.rglob("*") if not {".venv", "var", ".git"} & set(file.relative_to(HOME).parts)
    ]
    return [file for file in files if file.is_file()]


def test_imports_point_one_way():
    lint = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=HOME, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert lint.returncode == 0, lint.stdout


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_lock_files_name_no_host():
    for lock in HOME.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name


def test_the_tests_run_on_the_versions_that_are_shipped():
    def pins(name):
        return dict(re.findall(r"(?m)^([a-z0-9][\w.\[\]-]*)==(\S+)", (HOME / name).read_text()))

    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in run} == run


def test_no_file_names_a_path_of_one_machine():
    named = []
    for file in committed_files():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{file.relative_to(HOME)}: {found.group()}" for found in MACHINE_PATHS.finditer(text)]
    assert named == []


def test_the_readme_tells_the_workflow_as_the_code_has_it():
    readme = (HOME / "README.md").read_text()
    told = re.search(r"<!-- workflow -->\n```text\n(.*?)```", readme, re.DOTALL).group(1).splitlines()

    def parts(line):
        name, states, target = re.split(r": | → ", line)
        return name, set(states.split(", ")), target

    assert [parts(line) for line in told] == [(m.name, set(m.sources), m.target) for m in MOVES.values()]
