"""Deep links to a quote on a live page: text fragments (pure)."""

import re
from urllib.parse import quote as percent_encode


def text_fragment(quote: str, prefix: str = "", suffix: str = "") -> str:
    """The `#:~:text=` that makes a browser scroll to a quote (WICG, Text Fragments); "" for a blank quote.

    Long quotes and those over several blocks are given by first and last words, short ones with context.
    Browsers match whole words, so a quote that begins or ends inside one is widened by its context.
    """
    lead = re.search(r"\w+\Z", prefix) if quote[:1].isalnum() else None
    tail = re.match(r"\w+", suffix) if quote[-1:].isalnum() else None
    if lead:
        quote, prefix = lead.group() + quote, prefix[: lead.start()]
    if tail:
        quote, suffix = quote + tail.group(), suffix[tail.end() :]
    lines = [line for line in re.split(r"[\n\t]+", quote) if line.strip()]
    if not lines:
        return ""
    words = quote.split()
    if len(lines) > 1 or (len(quote) > 300 and len(words) >= 8):
        first, last = lines[0].split()[:6], lines[-1].split()[-6:]
        middle = f"{_encode(' '.join(first))},{_encode(' '.join(last))}"
    else:
        middle = _encode(" ".join(words))
    before = after = ""
    if len(quote) < 20:
        before = " ".join(re.split(r"[\n\t]", prefix)[-1].split()[-4:])
        after = " ".join(re.split(r"[\n\t]", suffix)[0].split()[:4])
    return "#:~:text=" + (f"{_encode(before)}-," if before else "") + middle + (f",-{_encode(after)}" if after else "")


def _encode(part: str) -> str:
    return percent_encode(part, safe="").replace("-", "%2D")
