"""Refusals: what is not done, with a sentence fit to show and a stable code for machines."""


class Refused(Exception):
    """Something that will not be done as asked; the message says what to do instead.

    `code` is stable and for machines, `status` the HTTP status that fits, `field` the input it is about.
    """

    code = "refused"
    status = 409

    def __init__(self, message: str, *, field: str = "", **facts):
        super().__init__(message)
        self.field = field
        self.facts = facts


class SourceRefused(Refused):
    """An address or document the desk cannot take in."""

    code = "source_refused"
    status = 400

    def __init__(self, message: str, *, code: str = "source_refused", field: str = "", **facts):
        super().__init__(message, field=field, **facts)
        self.code = code


class CaptureRefused(SourceRefused):
    """A file or text that cannot be read as a document."""


class SourceStale(SourceRefused):
    """Somebody saved the source in between; nothing was changed. `facts["current"]` is the version to read again."""

    code = "version_conflict"
    status = 412

    def __init__(self, message: str, **facts):
        super().__init__(message, code=self.code, **facts)


class CaptureLost(Refused):
    """Stored bytes that are not there any more or cannot be read; the message is a clause that says which."""

    code = "capture_lost"
