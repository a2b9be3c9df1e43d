"""Desks at work, as processes of their own: `writing.py write SEED COUNT` publishes, corrects, holds and withdraws;
`writing.py told` prints what the database says of every claim that was ever published."""

import json
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")


def write(seed: int, count: int) -> None:
    """Tell so many stories, each another way, on claims of this process's own."""
    from django.utils import timezone

    from claims.services import claims
    from tests.claims.stories import corrected, held, withdrawn
    from tests.factories import SourceFactory, UserFactory, published

    for factory in (UserFactory, SourceFactory):  # names that no other process gives
        factory.reset_sequence(os.getpid() * 10_000, force=True)
    chance = random.Random(seed)
    for _ in range(count):
        claim = published()
        for move in chance.sample(["hold", "hold", "correct", "withdraw"], chance.randint(0, 3)):
            claim.refresh_from_db()
            if not claim.is_public:
                break
            if move == "hold":
                held(claim)
                if chance.random() < 0.5:
                    claims.lift_holds(
                        claim_ids=[claim.pk], reason="Read again.", by=claim.drafted_by, now=timezone.now()
                    )
            elif move == "correct":
                corrected(claim)
            else:
                withdrawn(claim)


def told() -> None:
    from claims.models import LedgerHead, PublicDocument

    documents = PublicDocument.objects.values_list("status", "body")
    claims = {json.loads(body)["id"]: [status, json.loads(body)] for status, body in documents}
    sys.stdout.write(json.dumps({"next": LedgerHead.objects.get().next_seq, "claims": claims}))


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "write":
        write(int(sys.argv[2]), int(sys.argv[3]))
    else:
        told()
