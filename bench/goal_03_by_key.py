"""Goal 3: the same with an API key, which is looked up and counted with every request."""

import reading

NUMBER = 3
NAME = "claim by id with API key and throttle, CPU x a bare Django view"
MUST, STRETCH = 4.5, 3.0


def measure() -> tuple[float, str]:
    """Return the ratio of the CPU of one request, medians of alternated rounds."""
    return reading.beside_bare("key")
