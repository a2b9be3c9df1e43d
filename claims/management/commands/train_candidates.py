"""`manage.py train_candidates`: learn from the desk's own decisions what is worth checking."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from claims.management.lines import LineCommand
from claims.services.training import train_candidates


class Command(LineCommand):
    """Fit the weights of candidates to what the desk accepted and dismissed."""

    help = (
        "Fit a linear model to the accepted and dismissed candidates, and report its gain over the shipped weights on "
        "the articles that were held back. Used from then on only if it is better. Needs the extra `train`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        made = train_candidates(now=timezone.now())
        gain = made.precision_after - made.precision_before
        if options["json"]:
            self.write_json(
                {
                    "decisions": made.decisions,
                    "held_back": made.held_back,
                    "precision_before": round(made.precision_before, 4),
                    "precision_after": round(made.precision_after, 4),
                    "gain": round(gain, 4),
                    "is_used": made.is_used,
                }
            )
            return
        self.stdout.write(
            f"Learned from {made.decisions:,} decisions; on {made.held_back:,} held back the average precision goes "
            f"from {made.precision_before:.3f} to {made.precision_after:.3f} ({gain:+.3f})."
        )
        used = "Candidates are scored by these weights from now on."
        self.stdout.write(used if made.is_used else "That is no better: the shipped weights stay in use.")
