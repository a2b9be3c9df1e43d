"""Goal 1: a published claim by its id, from its stored document, beside a bare Django view."""

import reading

NUMBER = 1
NAME = "public claim by id, CPU x a bare Django view"
MUST, STRETCH = 2.5, 1.8


def measure() -> tuple[float, str]:
    """Return the ratio of the CPU of one request, medians of alternated rounds."""
    return reading.beside_bare("claim")
