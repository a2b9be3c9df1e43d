"""Goal 7: 304 for a claim and for a list; more than 250 bytes miss it whatever they cost."""

import reading

NUMBER = 7
NAME = "304 for one claim or a list, at most 250 bytes, CPU x a bare Django view"
MUST, STRETCH = 2.2, 1.6
BYTES = 250


def measure() -> tuple[float, str]:
    """Return the dearer one's ratio, or infinity for an answer that is too long."""
    found = reading.measured()
    claim, words = reading.beside_bare("304 claim")
    listed, of_list = reading.beside_bare("304 list")
    size = max(found["304 claim"]["bytes"], found["304 list"]["bytes"])
    ratio = max(claim, listed) if size <= BYTES else float("inf")
    return ratio, f"claim {claim:.2f}: {words}; list {listed:.2f}: {of_list}; {size} bytes"
