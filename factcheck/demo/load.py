"""Load the demo desk: its people, its sources as they are fetched, and forty claims taken through the services.

Nothing is written past the services, so that the demo desk is a desk like any other: what it shows has
happened by the desk's own rules, only with its times set back.
"""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.utils import timezone

from claims import permissions
from claims.models import Article, Claim, Claimant, Evidence, Rating, Topic
from claims.services import access, citing, claims, evidence, intake, publishing, reviews, verdicts
from factcheck.demo.accounts import DESK, Account, demo_accounts
from factcheck.demo.site import DemoSite
from sources.models import Publisher, Snapshot, Source
from sources.services.checks import check_source
from sources.services.sources import register_source

GROUPS = {
    "reviewer": permissions.REVIEWERS,
    "editor": permissions.EDITORS,
    "desk_lead": permissions.DESK_LEADS,
    "api_client": permissions.API_CLIENTS,
}
# Where the demo's editor cites: addresses that are nobody's (RFC 2606).
ARTICLES = (
    ("https://weekly.example/saltmere/a-year-of-figures", "A year of figures in Saltmere"),
    ("https://weekly.example/region/what-was-promised", "What was promised, and what came of it"),
)
# The desk's story begins so long before today; the newest publication is three weeks old.
STORY_DAYS = 90
LOOKS = 4  # at one source: the first starts the reader, which took longer than a look may on a machine that was busy


def is_loaded() -> bool:
    """Whether this installation has a desk already, the demo's or a real one."""
    return Claim.objects.exists() or User.objects.exists()


class DemoDesk:
    """The demo desk while it is being loaded; `say` is told each step."""

    def __init__(self, *, now: datetime, say=lambda step: None):
        self.content: dict[str, Any] = json.loads(DESK.read_text(encoding="utf-8"))
        self.now = now
        self.say = say
        self.people: dict[str, User] = {}
        self.topics: dict[str, Topic] = {}
        self.claimants: dict[str, Claimant] = {}
        self.snapshots: dict[str, Snapshot] = {}
        self.claims: dict[str, Claim] = {}

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def load(self) -> None:
        self.add_people()
        self.add_names()
        with demo_site():
            self.add_sources()
        for number, story in enumerate(self.content["claims"], 1):
            self.say(f"claim {number} of {len(self.content['claims'])}")
            self.tell(story)
        for story in self.content["claims"]:
            self.end(story)

    def add_people(self) -> None:
        for account in demo_accounts():
            self.people[account.username] = add_person(account)
        client = next((a for a in demo_accounts() if a.role == "api_client"), None)
        if client:
            _, key = access.issue_key(
                name="Demo archive", owner=self.people[client.username], scopes=["read", "write"], now=self.now
            )
            path = Path(settings.VAR_DIR) / "demo_api_key"
            path.touch(mode=0o600)
            path.write_text(key + "\n")

    def add_names(self) -> None:
        for topic in self.content["topics"]:
            self.topics[topic["slug"]] = Topic.objects.create(name=topic["name"], slug=topic["slug"])
        for item in self.content["claimants"]:
            self.claimants[item["slug"]] = Claimant.objects.create(
                name=item["name"], slug=item["slug"], kind=item["kind"]
            )

    def add_sources(self) -> None:
        publishers = {p["slug"]: Publisher.objects.create(name=p["name"]) for p in self.content["publishers"]}
        by = next(iter(self.people.values()))
        then = self.ago(STORY_DAYS)
        sources: dict[str, Source] = {}
        for number, item in enumerate(self.content["sources"], 1):
            self.say(f"source {number} of {len(self.content['sources'])}")
            source, _ = register_source(
                url=f"http://{settings.FETCH_ALLOWED_ORIGIN}{item['path']}",
                by=by,
                now=then,
                kind=item["kind"],
                title=item["title"],
                publisher=publishers[item["publisher"]],
                author=item["author"] or "",
                published_on=item["published_on"],
                is_date_confirmed=True,
                language=item["language"],
                is_primary=item["primary"],
                origin=sources.get(item["origin"]),
            )
            sources[item["slug"]] = source
            self.snapshots[item["slug"]] = self.fetched(source)
            if item["kind"] == Source.Kind.ARTICLE:
                article = Article.objects.create(source=source, added_by=by, added_at=then)
                intake.read_article(article=article)

    def fetched(self, source: Source) -> Snapshot:
        """Return what the source says, looked at again where a busy machine ran out of a look's time."""
        look = None
        for _ in range(LOOKS):
            look = check_source(source_id=source.pk, requested_by=None, clock=partial(self.ago, STORY_DAYS))
            snapshot = source.snapshots.first()
            if snapshot is not None:
                return snapshot
        what = f"{look.outcome}: {look.reason}" if look else "another look was under way"
        raise RuntimeError(f"{source.url} could not be read at {LOOKS} looks ({what}).")

    def tell(self, story: dict[str, Any]) -> None:
        """Take one claim from its draft to as far as its story goes."""
        drafted_by, then = self.people[story["drafted_by"]], self.ago(story["drafted_days_ago"])
        claim = claims.draft_claim(
            text=story["text"],
            context=story["context"] or "",
            claimants=[self.claimants[slug] for slug in story["claimants"]],
            topics=[self.topics[slug] for slug in story["topics"]],
            language=story["language"],
            priority=story["priority"],
            review_by=(self.now + timedelta(days=story["review_by_days"])).date()
            if story["review_by_days"] is not None
            else None,
            by=drafted_by,
            now=then,
        )
        self.claims[story["key"]] = claim
        for item in story["appearances"]:
            intake.add_appearance(
                claim_id=claim.pk,
                snapshot_id=self.snapshots[item["source"]].pk,
                quote=item["quote"],
                claimant=self.claimants.get(item["claimant"]),
                said_on=item["said_on"],
                by=drafted_by,
                now=then,
            )
        if story["workflow"] != Claim.Workflow.UNSTARTED and story["assignee"]:
            claims.assign_claim(claim_id=claim.pk, to=self.people[story["assignee"]], by=drafted_by, now=then)
        for item in story["evidence"]:
            evidence.attach_evidence(
                claim_id=claim.pk,
                snapshot_id=self.snapshots[item["source"]].pk,
                quote=item["quote"],
                stance=Evidence.Stance(item["stance"]),
                note=item["note"] or "",
                by=self.people[item["added_by"]],
                now=then,
            )
        for note in story["notes"]:
            claims.add_note(
                claim_id=claim.pk, author=self.people[note["by"]], text=note["text"], now=self.ago(note["days_ago"])
            )
        self.judge(claim, story, then)

    def judge(self, claim: Claim, story: dict[str, Any], then: datetime) -> None:
        for days, item in enumerate(story["reviews"], 1):
            claim.refresh_from_db()
            reviews.submit_review(
                claim_id=claim.pk,
                version=claim.version,
                reviewer=self.people[item["reviewer"]],
                rating=Rating.objects.get(slug=item["rating"]),
                rationale=item["rationale"],
                now=then + timedelta(days=days),
            )
        if not story["verdict"]:
            return
        self.write(claim, story["verdict"], then + timedelta(days=3))
        publication = story["publication"]
        if publication:
            publishing.publish_claim(
                claim_id=claim.pk,
                by=self.people[publication["published_by"]],
                revision_sha256=self.revision(claim),
                now=self.ago(publication["days_ago"]),
            )
            if publication["corrections"] or len(self.claims) % 4 == 0:
                self.cite(claim, self.ago(publication["days_ago"]) + timedelta(hours=5))
            for correction in publication["corrections"]:
                self.correct(claim, correction)

    def cite(self, claim: Claim, when: datetime) -> None:
        """Let the editor use it in one of two articles, so that what moves since has somebody to tell."""
        editor = next((account for account in demo_accounts() if account.role == "editor"), None)
        if editor:
            path, title = ARTICLES[len(self.claims) % len(ARTICLES)]
            citing.record_use(
                claim_id=claim.pk, article_url=path, article_title=title, by=self.people[editor.username], now=when
            )

    def write(self, claim: Claim, words: dict[str, Any], when: datetime) -> None:
        verdict = claim.verdicts.get(round=claim.review_round)
        verdicts.write_verdict(
            claim_id=claim.pk,
            version=verdict.version,
            finding=words["finding"],
            explanation=words["explanation"],
            by=self.people[words["written_by"]],
            now=when,
        )
        claim.refresh_from_db()

    def revision(self, claim: Claim) -> str:
        revision = publishing.revision_of(Claim.objects.get(pk=claim.pk))
        if revision is None:
            raise ValueError(f"{claim} has no written verdict; its story in desk.json is out of order.")
        return revision.sha256

    def correct(self, claim: Claim, correction: dict[str, Any]) -> None:
        when, lead = self.ago(correction["days_ago"]), self.people[correction["published_by"]]
        if correction["kind"] == "withdrawal":
            publishing.withdraw_claim(claim_id=claim.pk, reason=correction["reason"], by=lead, now=when)
            return
        self.write(claim, correction, when - timedelta(hours=3))
        publishing.correct_claim(
            claim_id=claim.pk,
            kind=correction["kind"],
            reason=correction["reason"],
            by=lead,
            revision_sha256=self.revision(claim),
            now=when,
        )

    def end(self, story: dict[str, Any]) -> None:
        """Do what needs the other claims to be there, or comes last: merge, drop, reopen, supersede."""
        claim, by = self.claims[story["key"]], self.people[story["drafted_by"]]
        reason, when = story["workflow_reason"] or "", self.ago(2)
        if story["workflow"] == Claim.Workflow.MERGED:
            into = self.claims[story["merged_into"]]
            claims.merge_claim(claim_id=claim.pk, into_id=into.pk, by=by, now=when)
        elif story["workflow"] == Claim.Workflow.DROPPED:
            claims.drop_claim(claim_id=claim.pk, reason=reason, by=by, now=when)
        elif story["workflow"] == Claim.Workflow.REOPENED:
            claims.reopen_claim(claim_id=claim.pk, reason=reason, by=by, now=when)
        publication = story["publication"]
        if publication and publication["superseded_by"]:
            publishing.supersede_claim(
                claim_id=claim.pk,
                by_claim_id=self.claims[publication["superseded_by"]].pk,
                by=self.people[publication["published_by"]],
                now=when,
            )


def add_person(account: Account) -> User:
    first, _, last = account.name.partition(" ")
    group = GROUPS[account.role]
    user = User.objects.create_user(
        account.username, password=account.password, first_name=first, last_name=last,
        email=f"{account.username}@weekly.example" if account.role == "editor" else "",
        is_staff=group in permissions.DESK_ROLES,
    )  # fmt: skip
    user.groups.add(Group.objects.get(name=group))
    return user


@contextmanager
def demo_site() -> Iterator[None]:
    """Serve the demo's sources while they are fetched for the first time, unless they are being served already."""
    host, port = settings.FETCH_ALLOWED_ORIGIN.rsplit(":", 1)
    with socket.socket() as probe:
        if probe.connect_ex((host, int(port))) == 0:
            yield
            return
    site = DemoSite(port=int(port), change_after=float("inf"))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        site.shutdown()
        site.server_close()


def load(*, say=lambda step: None) -> None:
    DemoDesk(now=timezone.now(), say=say).load()
