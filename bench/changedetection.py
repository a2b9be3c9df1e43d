"""changedetection.io's own fetch and text over the farm's pages: `changedetection.py PORT COUNT`, in its environment.

Its plain client and its `html_to_text`, called as its worker calls them; no queue, no history, no notification.
"""

import json
import os
import resource
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 10  # its own default of fetch workers


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(port: int, count: int) -> dict[str, float]:
    """CPU of each page in milliseconds, and how many of them had their quoted sentence."""
    os.environ["ALLOW_IANA_RESTRICTED_ADDRESSES"] = "true"
    os.chdir(tempfile.gettempdir())
    from changedetectionio.content_fetchers.requests import fetcher
    from changedetectionio.html_tools import html_to_text
    from loguru import logger

    logger.remove()

    def look(number: int) -> bool:
        one = fetcher()
        one._run_sync(
            url=f"http://127.0.0.1:{port}/page/{number}",
            timeout=15,
            request_headers={"User-Agent": "bench"},
            request_body=None,
            request_method="GET",
        )
        return f"The harbour office of basin {number} counted" in html_to_text(one.content)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(look, range(10)))
        spent = cpu_seconds()
        found = sum(pool.map(look, range(count)))
        return {"cpu_ms": (cpu_seconds() - spent) * 1000 / count, "found": found}


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
