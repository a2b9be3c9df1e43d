"""Files read as an import reads them, without a database."""

from io import BytesIO

from claims.importing.checks import check
from claims.importing.formats import read_file
from claims.importing.rows import Draft, FileRefused, Problem


def read(content: bytes | str) -> tuple[list[Draft], list[Problem]]:
    """Return the drafts a file makes and everything that is wrong with it."""
    drafts, problems = [], []
    try:
        _, rows = read_file(BytesIO(content.encode() if isinstance(content, str) else content))
        for row in rows:
            draft, found = check(row)
            problems += found
            if draft:
                drafts.append(draft)
    except FileRefused as refused:
        problems.append(refused.problem)
    return drafts, problems


def told(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(one.place, one.column, one.code) for one in problems]
