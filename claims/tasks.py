"""The clock's edge: one service call each, safe to run twice."""

import logging

from celery import shared_task
from django.utils import timezone

from sources.services.checks import check_source
from sources.services.leases import database_clock

from .errors import LogBroken, SigningUnavailable
from .models import Article
from .services import (
    alerts,
    checkpoints,
    contradictions,
    deliveries,
    digests,
    dumps,
    freshness,
    idempotency,
    importing,
    intake,
    limits,
    log_checks,
    meaning,
    scheduling,
    webhooks,
)

log = logging.getLogger(__name__)


@shared_task
def follow_changed_sources():
    """Read waiting articles and re-read the quotes of sources that changed; the timetable calls it."""
    intake.read_waiting_articles()
    alerts.follow_changed_sources(now=timezone.now())


@shared_task
def tell_what_fell_due():
    """Tell readers which reviews fell due; the timetable calls it every minute."""
    freshness.tell_what_fell_due(now=timezone.now())


@shared_task
def read_article(*, article_id):
    """Look at a new article's source and take it apart, because somebody waits."""
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        log.warning("no article %s to read; the message is dropped", article_id)
    elif not intake.read_article(article=article):
        check_source(source_id=article.source_id, requested_by=None, clock=database_clock())
        intake.read_article(article=article)


@shared_task
def forget_old_answers():
    """Delete what was kept for a while that is over: answers to repeated requests, counts, old deliveries."""
    idempotency.forget_old_answers(now=timezone.now())
    limits.forget_old_counts(now=timezone.now())
    webhooks.forget_old_deliveries(now=timezone.now())


@shared_task
def make_due_dump():
    """Make the nightly dump if none was made for a day; the timetable calls it hourly."""
    dumps.make_due_dump(now=timezone.now())


@shared_task
def find_contradictions():
    """Hand every claim out, in batches, to have its figures compared; the timetable calls it nightly."""
    for batch in contradictions.batches():
        find_contradictions_of.delay(claim_ids=batch)


@shared_task
def find_contradictions_of(*, claim_ids):
    """Compare the figures of these claims with their evidence's and with like claims'."""
    contradictions.find_contradictions(claim_ids=claim_ids, now=timezone.now())


@shared_task
def sign_checkpoint():
    """Sign the ledger's new rows; the timetable calls it often enough that none waits for a minute."""
    try:
        while checkpoints.sign_checkpoint(now=timezone.now()):
            pass
    except (SigningUnavailable, LogBroken) as refusal:
        log.error("no checkpoint: %s", refusal)


@shared_task
def check_log():
    """Check the whole ledger against what was signed; the timetable calls it nightly."""
    found = log_checks.check_log(now=timezone.now())
    if found.failure:
        log.error("the ledger does not hold: %s", found.failure)


@shared_task
def send_due_deliveries():
    """Post the webhooks that are due; the timetable calls it, and whoever waits for one. Two at once do no harm."""
    deliveries.send_due_deliveries(clock=database_clock())


@shared_task
def tell_endpoint_owners():
    """Mail the owners of endpoints that were switched off for failing; the timetable calls it."""
    deliveries.tell_owners(now=timezone.now())


@shared_task
def run_imports():
    """Fetch, write and take back the imports that wait; the timetable calls it, and whoever waits for one."""
    importing.run_imports(clock=timezone.now)


@shared_task
def send_due_digests():
    """Mail editors about claims they cited that moved; the timetable calls it. Two at once do no harm."""
    digests.send_due_digests(clock=database_clock())


@shared_task
def publish_due():
    """Publish what was approved for a time that has come; the timetable calls it."""
    scheduling.publish_due(now=timezone.now())


@shared_task
def make_vectors():
    """Make the vectors that an embedding's search needs, where the settings name one; the timetable calls it."""
    meaning.make_vectors()
