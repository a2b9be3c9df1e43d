"""Fewer collections of cyclic garbage while a batch is worked on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 20)  # containers made before a collection; some 10 MB at most


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Let the collector leave alone what is there already, and look at what is new seldom, while the block runs.

    What Django and its apps loaded is walked again and again otherwise: a tenth of the time a look takes.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
