"""From a change to a hold: exactly the claims that rest on the changed source, after a second look."""

from datetime import timedelta

import pytest

from claims.errors import AlertRefused
from claims.models import Alert, Change, Claim, QuoteCheck
from claims.services import alerts, answers
from sources.models import Source
from sources.services.checks import check_source
from sources.services.sources import register_source
from tests.factories import NOW, ClaimFactory, ReviewerFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SENTENCE = "The line cancelled 28 of its 48 crossings in January."
OTHER = "Two ships stayed in dock for nine weeks."
FILLER = "The harbour office publishes its figures each month, and the line has not disputed them so far this year."


class Desk:
    """A claim published on a page of the web, and a clock that looks at the page."""

    def __init__(self, web):
        self.web, self.now = web, NOW
        web.says("/report", FILLER, SENTENCE, OTHER)
        self.source, _ = register_source(url=web.url("/report"), by=None, now=NOW)
        self.look()
        snapshot = self.source.snapshots.get()
        self.claim = published(decided(with_evidence(snapshot=snapshot, quote=SENTENCE)))
        self.bystander = published(decided(with_evidence(ClaimFactory(), snapshot=snapshot, quote=OTHER)))

    def look(self, after=timedelta(0)):
        self.now += after
        check_source(source_id=self.source.pk, requested_by=None, clock=lambda: self.now)
        alerts.follow_changed_sources(now=self.now)
        self.source.refresh_from_db()

    def state(self, claim=None):
        return Claim.objects.get(pk=(claim or self.claim).pk).citability


@pytest.fixture
def desk(web):
    return Desk(web)


def test_a_changed_figure_holds_the_claim_after_a_second_look_and_only_that_claim(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER)

    desk.look(after=MINUTE)
    check = QuoteCheck.objects.get(result="figure_changed")
    assert "23" in check.reason
    assert desk.state() == Claim.Citability.CITABLE

    desk.look(after=10 * MINUTE)
    assert desk.state() == Claim.Citability.ON_HOLD
    assert desk.state(desk.bystander) == Claim.Citability.CITABLE
    assert Alert.objects.get().severity == QuoteCheck.SEVERITY[QuoteCheck.Result.FIGURE_CHANGED]
    assert Change.objects.last().kind == Change.Kind.HELD
    assert '"citability":"on_hold"' in desk.claim.public_document.__class__.objects.get(claim=desk.claim).body


def test_typography_alarms_nobody(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace(" ", "\u00a0", 3), OTHER)

    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    assert desk.state() == Claim.Citability.CITABLE
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("now_says", "result"),
    [
        (SENTENCE.replace("28", "23"), "figure_changed"),
        (SENTENCE.replace("cancelled", "did not cancel"), "figure_changed"),
        (SENTENCE.replace("cancelled", "called off"), "reworded"),
        ("Passengers can now buy their tickets by telephone.", "missing"),
    ],
)
def test_what_became_of_a_quote_is_named(desk, now_says, result):
    desk.web.says("/report", FILLER, now_says, OTHER)

    desk.look(after=MINUTE)

    assert QuoteCheck.objects.get(evidence__claim=desk.claim).result == result


def test_a_source_that_says_the_sealed_words_again_lifts_the_hold_by_itself(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    desk.web.says("/report", FILLER, SENTENCE, OTHER)
    desk.look(after=MINUTE)

    assert desk.state() == Claim.Citability.CITABLE
    assert Alert.objects.get().answer == Alert.Answer.RETURNED
    assert Change.objects.last().kind == Change.Kind.HOLD_LIFTED


def test_a_page_that_is_gone_raises_an_alert_without_a_hold(desk):
    desk.web.says("/report", "Gone.", status=410)

    desk.look(after=MINUTE)
    assert desk.source.link_state == Source.LinkState.FAILING
    desk.look(after=10 * MINUTE)

    assert desk.source.link_state == Source.LinkState.DEAD
    alert = Alert.objects.get()
    assert alert.severity == 0
    assert {item.claim for item in alert.items.all()} == {desk.claim, desk.bystander}
    assert desk.state() == Claim.Citability.CITABLE


def test_a_page_that_comes_back_closes_its_alert(desk):
    desk.web.says("/report", "Gone.", status=410)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    desk.web.says("/report", FILLER, SENTENCE, OTHER)
    desk.look(after=MINUTE)

    assert Alert.objects.get().answer == Alert.Answer.RETURNED


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_failed_look_says_nothing_about_the_quotes(desk, status):
    confirmed = desk.source.last_confirmed_at
    desk.web.says("/report", "No.", status=status)

    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    assert desk.source.last_confirmed_at == confirmed
    assert not QuoteCheck.objects.exists()
    assert desk.state() == Claim.Citability.CITABLE


def test_the_alert_is_answered_once_and_noise_lifts_the_hold(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)
    alert, person = Alert.objects.get(), ReviewerFactory()

    with pytest.raises(AlertRefused, match="in a sentence"):
        answers.answer_alert(alert_id=alert.pk, answer="noise", note="", by=person, now=desk.now)
    answers.answer_alert(alert_id=alert.pk, answer="noise", note="A test page.", by=person, now=desk.now)

    assert desk.state() == Claim.Citability.CITABLE
    with pytest.raises(AlertRefused, match="already"):
        answers.answer_alert(alert_id=alert.pk, answer="noise", note="Again.", by=person, now=desk.now)
    desk.look(after=10 * MINUTE)
    assert desk.state() == Claim.Citability.CITABLE


def test_failed_verification_reopens_the_claims_which_stay_on_hold(desk):
    desk.web.says("/report", FILLER, SENTENCE.replace("28", "23"), OTHER)
    desk.look(after=MINUTE)
    desk.look(after=10 * MINUTE)

    answers.answer_alert(
        alert_id=Alert.objects.get().pk,
        answer="failed_verification",
        note="The office corrected its table.",
        by=ReviewerFactory(),
        now=desk.now,
    )

    claim = Claim.objects.get(pk=desk.claim.pk)
    assert (claim.workflow, claim.citability) == (Claim.Workflow.REOPENED, Claim.Citability.ON_HOLD)
