"""Where captures lie when they lie in a folder: Django's own storage, its files written in one go."""

import os
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class CaptureFolder(FileSystemStorage):
    """A folder of captures. Their names are digests, nearly always new, so that no free name is looked for first."""

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        """Keep a file and return its name: the one asked for, or a free one like it where that is taken."""
        if name is None or len(name) > (max_length or len(name)):
            return super().save(name, content, max_length)
        document = content if isinstance(content, File) else File(content, name)
        path = self.path(name)
        try:
            opened = os.open(path, _NEW, 0o666)
        except (FileExistsError, FileNotFoundError):  # the name is taken, or it is the first of its month
            return super().save(name, content, max_length)
        try:
            with os.fdopen(opened, "wb") as file:
                if self.file_permissions_mode is not None:
                    os.fchmod(opened, self.file_permissions_mode)
                for chunk in document.chunks():
                    file.write(chunk)
        except OSError:  # no space: half a capture is none
            os.unlink(path)
            raise
        return name
