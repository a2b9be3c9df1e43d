"""The living verdict, with a real worker: held everywhere when a source changes, let go by an answer or by itself."""

import json
import re

import pytest

from claims import permissions
from tests.fakes import Site
from tests.journeys.service import Visitor, wait_for

QUOTES = {
    "/log/january": "In January the line cancelled 28 of its 48 scheduled crossings.",
    "/log/february": "In February the line cancelled 28 of its 44 scheduled crossings.",
}
AROUND = "The harbour office publishes the log of the line at the end of each month, as the port act demands."

# Run where the service runs: registers the logs, waits until its worker has read them, publishes a claim on each.
STORY = """
import time
from django.utils import timezone
from sources.models import Snapshot
from sources.services.sources import register_source
from tests.factories import ClaimFactory, decided, published, with_evidence
quotes = {quotes!r}
sources = [register_source(url=url, by=None, now=timezone.now())[0] for url in quotes]
deadline = time.monotonic() + 30
while Snapshot.objects.count() < len(sources) and time.monotonic() < deadline:
    time.sleep(0.1)
for source, quote in zip(sources, quotes.values()):
    print(published(decided(with_evidence(ClaimFactory(), snapshot=source.snapshots.get(), quote=quote))).code)
"""


@pytest.fixture
def world():
    site = Site()
    for path, quote in QUOTES.items():
        site.says(path, AROUND, quote)
    yield site
    site.close()


def told(reader, code: str) -> dict:
    return json.loads(reader.get(f"/api/v1/claims/{code}").text)


def review_status(reader, code: str) -> str | None:
    return json.loads(reader.get(f"/claims/{code}.jsonld").text).get("creativeWorkStatus")


def feed_title(reader, code: str) -> str:
    items = json.loads(reader.get("/feed.json").text)["items"]
    return next(item["title"] for item in items if item["_factcheck"]["id"] == code)


def ledger(reader, code: str) -> list[tuple[str, str, str]]:
    rows = json.loads(reader.get(f"/api/v1/claims/{code}/history").text)["results"]
    return [(row["kind"], row["cause"], row["actor"]) for row in rows]


def test_a_changed_source_holds_its_claims_until_it_is_answered_or_says_the_sealed_words_again(running, world):
    service = running(world.origin)
    reviewer, reader = service.add_person("rosa", permissions.REVIEWERS), Visitor(service)
    quotes = {world.url(path): quote for path, quote in QUOTES.items()}
    answered, returning = service.manage("shell", "-v0", "-c", STORY.format(quotes=quotes)).split()

    # Both logs change their figure: both claims are on hold everywhere, with the figure in the reason.
    for path, quote in QUOTES.items():
        world.says(path, AROUND, quote.replace("28", "23"))
    for code in (answered, returning):
        wait_for(lambda code=code: told(reader, code)["hold"], name="the hold")
        held = told(reader, code)
        assert "23" in held["hold"]["reason"]
        assert held["freshness"] == {"word": "evidence_changed", "reason": held["hold"]["reason"]}
        assert held["verdict"]["rating"] == "correct"
        assert reader.get(f"/claims/{code}").says(held["hold"]["reason"])
        assert review_status(reader, code) == "On hold"
        assert reader.get(f"/embed/{code}").says("On hold since")
        assert feed_title(reader, code).endswith("(on hold)")
        assert ("claim.held", "source_change", "machine") in ledger(reader, code)

    # A person answers one at the desk; the claim is let go everywhere.
    page = reviewer.get(f"/admin/claim/{answered}/")
    alert = re.search(r"/admin/alerts/\d+/", page.text).group()
    assert reviewer.get(alert).says("23")
    page = reviewer.submit(alert, "/answer/", answer="noise", note="The office keeps two tables; ours is the first.")
    assert page.says("Answered")
    lifted = told(reader, answered)
    assert (lifted["hold"], lifted["citability"], lifted["freshness"]["word"]) == (None, "citable", "current")
    assert review_status(reader, answered) != "On hold"
    assert not reader.get(f"/embed/{answered}").says("On hold")
    assert feed_title(reader, answered).endswith(": Correct")
    assert ledger(reader, answered)[-1] == ("claim.hold_lifted", "decision", "person")
    assert told(reader, returning)["hold"]

    # The other log says the sealed words again, and nobody has to answer.
    world.says("/log/february", AROUND, QUOTES["/log/february"])
    wait_for(lambda: not told(reader, returning)["hold"], name="the hold to be lifted")
    assert told(reader, returning)["freshness"]["word"] == "current"
    assert ledger(reader, returning)[-1] == ("claim.hold_lifted", "recheck", "machine")
    assert reviewer.get("/admin/alerts/?show=answered").says("The source says the sealed words again")
