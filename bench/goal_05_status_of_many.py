"""Goal 5: the status of a hundred claims in one request."""

import reading

NUMBER = 5
NAME = "status of 100 ids in one request, CPU x a bare Django view"
MUST, STRETCH = 6, 5


def measure() -> tuple[float, str]:
    """Return the ratio of the CPU of one request, medians of alternated rounds."""
    return reading.beside_bare("status")
