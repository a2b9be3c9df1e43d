"""The mail an editor gets about claims they cited that have moved: plain text, by article."""

from itertools import groupby
from typing import Any

from .moved import moved_use


def digest_mail(uses: list[Any], *, site_name: str, site_url: str) -> tuple[str, str]:
    """Return the subject and the text; the uses come by article, as `moved_use` wants them."""
    number = len({use.publication.claim_id for use in uses})
    what = "a claim you cited has moved" if number == 1 else f"{number} claims you cited have moved"
    lines = [f"Since you cited {'it' if number == 1 else 'them'}, {site_name} has changed what it says.", ""]
    for address, group in groupby(uses, key=lambda use: use.article_url):
        described = [moved_use(use) for use in group]
        title = described[0]["article"]
        lines += [f"In {title}", *([address] if title != address else []), ""]
        for item in described:
            lines += _lines(item, site_url)
    lines += [
        "Mark each as fixed, not affected or later:",
        f"{site_url}/uses",
        "",
        "This mail comes at most once a day, and only when something moved. You can switch it off on the same page.",
    ]
    return f"{site_name}: {what}", "\n".join(lines) + "\n"


def _lines(item: dict[str, Any], site_url: str) -> list[str]:
    cited = f"  You cited it as {item['cited_label']} (version {item['cited_version']})."
    told = [f"  “{_one_line(item['text'])}”", cited]
    if item["moved"]:
        told.append(f"  {_one_line(item['moved'].sentence)}")
    if item["now"] and item["since"]:
        told.append(f"  Now: {item['now']['label']}. {item['now']['finding']}")
    return [*told, f"  {site_url}/claims/{item['code']}", ""]


def _one_line(text: str) -> str:
    return " ".join(text.split())
