"""What the commands share: files read whole, one JSON object a line, refusals as one sentence."""

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from sources.errors import Refused


class LineCommand(BaseCommand):
    """A command that answers in lines, and refuses in one sentence on standard error with exit code 1."""

    requires_system_checks: list[str] = []

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (CommandError, Refused) as refusal:
            self.refuse(str(refusal))
        except DatabaseError as error:
            self.refuse(f"The database cannot be used ({str(error).splitlines()[0]}); run migrate first.")
        except BrokenPipeError:  # the reader has seen enough, as head does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            self.refuse("Stopped.")
        raise SystemExit(1)

    def refuse(self, sentence: str) -> None:
        self.stderr.write(" ".join(sentence.split()))

    def write_json(self, value: dict[str, Any]) -> None:
        """Write one object as one line of ASCII, whatever the terminal's encoding."""
        self.stdout.write(json.dumps(value))


def day_argument(value: str) -> date:
    """Return a day given as YYYY-MM-DD; or have the parser refuse it."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value} is not a day; write it as YYYY-MM-DD.") from None


def read_bytes(name: str) -> bytes:
    """Return a file's bytes; or raise CommandError that says what is wrong with it."""
    path = Path(name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"There is no file {name}.") from None
    except IsADirectoryError:
        raise CommandError(f"{name} is a folder; name the files in it.") from None
    except PermissionError:
        raise CommandError(f"{name} cannot be read: permission denied.") from None
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if not content.strip():
        raise CommandError(f"{name} is empty.")
    return content


def read_text(name: str) -> str:
    """Return a text file's characters with its line ends as they stand; or raise CommandError."""
    return decoded(read_bytes(name), name)


def decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 (byte {error.start}); save it as UTF-8 and try again.") from None
