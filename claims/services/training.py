"""Training: weights for candidates from the desk's own decisions, measured on decisions that were held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims import extraction
from claims.errors import TrainingRefused
from claims.models import Candidate, CandidateWeights

READ_AT_MOST = 20_000  # decisions, the newest
LEAST_OF_EACH = 30  # accepted and dismissed ones: fewer teach nothing that holds
HELD_BACK = 4  # one article of so many
# How far towards what the decisions alone would say; the shipped weights are what was known before.
STEPS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class _Decision:
    features: dict[str, int]
    is_accepted: bool


def weighing_in_use() -> Any:
    """Return the weights that candidates are scored by: the desk's own where its newest training was better."""
    newest = CandidateWeights.objects.first()
    if newest is None or not newest.is_used:
        return extraction.SHIPPED
    return extraction.Weighing(newest.weights, newest.bias)


def train_candidates(*, now: datetime) -> CandidateWeights:
    """Fit the weights to the desk's decisions, measure both on articles held back, and keep the outcome.

    Used from now on only if better there. Raises TrainingRefused without scikit-learn or with too few decisions.
    """
    learned, held = _decisions()
    few = min(
        sum(one.is_accepted == wanted for one in part) * share
        for wanted in (True, False)
        for part, share in ((learned, 1), (held, HELD_BACK))
    )
    if few < LEAST_OF_EACH:
        raise TrainingRefused(
            f"It takes {LEAST_OF_EACH} accepted and as many dismissed candidates, and a quarter as many in the "
            "articles that are held back; go on deciding and try again."
        )
    shipped = extraction.SHIPPED
    fitted = _fitted(learned, list(shipped.weights))
    step = max(STEPS, key=lambda step: _precision(learned, _between(shipped, fitted, step)))
    own = _between(shipped, fitted, step)
    before, after = _precision(held, shipped), _precision(held, own)
    return CandidateWeights.objects.create(
        trained_at=now,
        decisions=len(learned),
        held_back=len(held),
        precision_before=before,
        precision_after=after,
        is_used=after > before,
        bias=own.bias,
        weights=dict(own.weights),
    )


def _decisions() -> tuple[list[_Decision], list[_Decision]]:
    """Return the decisions to learn from and those held back: every fourth article, so that no article is in both."""
    taken = (Candidate.Decision.ACCEPTED, Candidate.Decision.MERGED)
    rows = Candidate.objects.filter(decision__in=[*taken, Candidate.Decision.DISMISSED]).order_by("-decided_at", "-pk")
    learned: list[_Decision] = []
    held: list[_Decision] = []
    for row in rows.only("article", "quote", "figures", "claimant", "decision")[:READ_AT_MOST]:
        figures = [extraction.Figure.from_dict(figure) for figure in row.figures]
        fired = extraction.read_features(row.quote, figures, row.claimant or None)
        one = _Decision({name: strength for name, (_, strength) in fired.items()}, row.decision in taken)
        (learned if row.article_id % HELD_BACK else held).append(one)
    return learned, held


def _fitted(decisions: Sequence[_Decision], names: list[str]) -> Any:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise TrainingRefused("Install the extra `train` (scikit-learn) to train on the desk's decisions.") from None
    rows = [[one.features.get(name, 0) for name in names] for one in decisions]
    model = LogisticRegression(C=0.5, max_iter=1_000).fit(rows, [one.is_accepted for one in decisions])
    weights = dict(zip(names, map(float, model.coef_[0]), strict=True))
    return extraction.Weighing(weights, float(model.intercept_[0]))


def _between(shipped: Any, fitted: Any, step: float) -> Any:
    weights = {
        name: round((1 - step) * weight + step * fitted.weights[name], 3) for name, weight in shipped.weights.items()
    }
    return extraction.Weighing(weights, round((1 - step) * shipped.bias + step * fitted.bias, 3))


def _precision(decisions: Sequence[_Decision], weighing: Any) -> float:
    """Return the average precision of the order these weights give."""
    scored = [
        (sum(weighing.weights.get(name, 0.0) * strength for name, strength in one.features.items()), one.is_accepted)
        for one in decisions
    ]
    hits, total = 0, 0.0
    # Of equal scores the dismissed come first, so that a tie is worth nothing.
    for rank, (_, is_accepted) in enumerate(sorted(scored, key=lambda row: (-row[0], row[1])), 1):
        if is_accepted:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0
