"""The workflow of a claim and its moves, as one table; nothing else sets Claim.workflow."""

from dataclasses import dataclass

from .errors import MoveRefused
from .models import Claim

W = Claim.Workflow


@dataclass(frozen=True)
class Move:
    """One thing that can happen to a claim's workflow."""

    name: str
    sources: frozenset[str]
    target: str
    needs_reason: bool = False


MOVES = {
    move.name: move
    for move in (
        Move("start", frozenset({W.UNSTARTED}), W.IN_PROGRESS),
        Move("cross_check", frozenset({W.IN_PROGRESS, W.REOPENED}), W.CROSS_CHECKING),
        Move("complete", frozenset({W.IN_PROGRESS, W.REOPENED, W.CROSS_CHECKING}), W.COMPLETED),
        Move("reopen", frozenset({W.CROSS_CHECKING, W.COMPLETED}), W.REOPENED, needs_reason=True),
        Move("merge", frozenset({W.UNSTARTED, W.IN_PROGRESS, W.REOPENED, W.CROSS_CHECKING}), W.MERGED),
        Move(
            "drop",
            frozenset({W.UNSTARTED, W.IN_PROGRESS, W.REOPENED, W.CROSS_CHECKING}),
            W.DROPPED,
            needs_reason=True,
        ),
        Move("take_up", frozenset({W.DROPPED}), W.IN_PROGRESS),
    )
}


def allowed_moves(workflow: str) -> list[str]:
    """Name the moves this state has, in the order of the table."""
    return [move.name for move in MOVES.values() if workflow in move.sources]


def move(claim: Claim, name: str, *, reason: str = "") -> None:
    """Set the claim's workflow by one move of the table, unsaved; or raise MoveRefused.

    The caller holds the claim's row lock and saves it. A move that needs a reason is refused without one.
    """
    chosen = MOVES[name]
    if claim.workflow not in chosen.sources:
        allowed = allowed_moves(claim.workflow)
        raise MoveRefused(
            f"A claim that is {claim.get_workflow_display().lower()} cannot be moved by “{name.replace('_', ' ')}”; "
            f"possible now: {', '.join(a.replace('_', ' ') for a in allowed) or 'nothing'}.",
            allowed=allowed,
        )
    if chosen.needs_reason and not reason.strip():
        raise MoveRefused("Say why, in a sentence that a colleague will understand.", field="reason", allowed=[])
    claim.workflow = chosen.target
    claim.workflow_reason = reason.strip()
