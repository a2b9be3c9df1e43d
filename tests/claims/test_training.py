"""Weights for candidates from a desk's own decisions: used only if they are better on what was held back."""

import json

import pytest
from django.core.management import call_command

from claims import extraction
from claims.models import Article, Candidate, CandidateWeights
from claims.services import intake
from claims.services.training import weighing_in_use
from tests.factories import NOW, ClaimFactory, ReviewerFactory, SnapshotFactory

pytestmark = pytest.mark.django_db
COUNTED = "The council counted {} boats in May, it said."
FELT = "I think that we should perhaps be happy about the {} boats, is it not so?"


def decide(*, accepted: str, dismissed: str, articles: int = 8, each: int = 12):
    """Have a desk accept every passage of one form and dismiss every one of the other."""
    desk, claim = ReviewerFactory(), ClaimFactory()
    rows = []
    for number in range(articles):
        article = Article.objects.create(source=SnapshotFactory().source, added_by=desk, added_at=NOW)
        for at in range(each):
            is_accepted = at % 2 == 0
            quote = (accepted if is_accepted else dismissed).format(number * each + at)
            rows.append(
                Candidate(
                    article=article, quote=quote, start=at * 1000, end=at * 1000 + len(quote), score=0.5,
                    decision="accepted" if is_accepted else "dismissed", decided_by=desk, decided_at=NOW,
                    claim=claim if is_accepted else None,
                )
            )  # fmt: skip
    Candidate.objects.bulk_create(rows)


def trained(capsys) -> dict:
    call_command("train_candidates", "--json")
    return json.loads(capsys.readouterr().out)


def test_a_desk_that_wants_what_the_shipped_weights_put_last_gets_its_own(capsys):
    decide(accepted=FELT, dismissed=COUNTED)

    told = trained(capsys)

    assert told["is_used"] is True
    assert told["gain"] > 0.2
    assert told["held_back"] == 24
    assert told["decisions"] == 72
    own = weighing_in_use()
    felt, counted = (extraction.score_sentence(text.format(3), weighing=own) for text in (FELT, COUNTED))
    assert felt.score > counted.score
    assert felt.reasons


def test_weights_that_are_no_better_are_kept_and_not_used(capsys):
    decide(accepted=COUNTED, dismissed=FELT)

    told = trained(capsys)

    assert told["is_used"] is False
    assert told["precision_before"] == told["precision_after"] == 1.0
    assert weighing_in_use() == extraction.SHIPPED
    assert CandidateWeights.objects.count() == 1


def test_articles_are_read_by_the_weights_in_use(capsys):
    decide(accepted=FELT, dismissed=COUNTED)
    trained(capsys)

    article, _ = intake.add_article_text(
        text=f"{COUNTED.format(412)} {FELT.format(9)}\n", title="Boats", by=ReviewerFactory(), now=NOW
    )

    assert "I think" in article.candidates.first().quote


def test_too_few_decisions_are_refused_with_how_many_it_takes(capsys):
    decide(accepted=COUNTED, dismissed=FELT, articles=2)

    with pytest.raises(SystemExit):
        call_command("train_candidates")

    assert "It takes 30 accepted" in capsys.readouterr().err
    assert not CandidateWeights.objects.exists()
