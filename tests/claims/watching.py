"""A desk that watches one page of the web: claims published on its sentences, and a clock that looks at it."""

import json
from datetime import timedelta

from claims.models import Alert, Change, Claim
from claims.services import alerts
from sources.models import Source
from sources.services.checks import check_source
from sources.services.sources import register_source
from tests.factories import NOW, ClaimFactory, decided, published, with_evidence

MINUTE = timedelta(minutes=1)
SENTENCE = "The line cancelled 28 of its 48 crossings in January."
OTHER = "Two ships stayed in dock for nine weeks."
THIRD = "The harbour master blamed a shortage of crews."
FILLER = "The harbour office publishes its figures each month, and the line has not disputed them so far this year."


class Desk:
    """Claims published on a page of the web, one per sentence, and a clock that looks at the page."""

    def __init__(self, web, *, sentences=(SENTENCE, OTHER), path="/report"):
        self.web, self.path, self.now, self.sentences = web, path, NOW, list(sentences)
        self.says()
        self.source, _ = register_source(url=web.url(path), by=None, now=NOW)
        self.look()
        snapshot = self.source.snapshots.get()
        self.claims = [
            published(decided(with_evidence(ClaimFactory(), snapshot=snapshot, quote=sentence)))
            for sentence in self.sentences
        ]
        self.claim, self.bystander = self.claims[0], self.claims[-1]

    def says(self, **changes):
        """Let the page say its sentences with these words for those from now on."""
        changed = []
        for sentence in self.sentences:
            for old, new in changes.items():
                sentence = sentence.replace(old.strip("_"), new)
            changed.append(sentence)
        self.web.says(self.path, FILLER, *changed)

    def look(self, after=timedelta(0)):
        self.now += after
        check_source(source_id=self.source.pk, requested_by=None, clock=lambda: self.now)
        self.follow()

    def follow(self, after=timedelta(0)):
        self.now += after
        alerts.follow_changed_sources(now=self.now)
        self.source = Source.objects.get(pk=self.source.pk)

    def changes(self, **changes) -> Alert:
        """Let the page change, and two looks confirm it; return the open alert."""
        self.says(**changes)
        self.look(after=MINUTE)
        self.look(after=10 * MINUTE)
        return Alert.objects.get(source=self.source, answered_at=None)

    def state(self, claim=None):
        return Claim.objects.get(pk=(claim or self.claim).pk).citability

    def told(self, claim=None):
        """Return the public document of a claim as it is served now."""
        return json.loads(Claim.objects.get(pk=(claim or self.claim).pk).public_document.body)

    def last_change(self) -> Change:
        return Change.objects.order_by("-seq")[0]
