"""`manage.py verify_seals`: every seal proved against the stored captures."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims import public_ids
from claims.management.lines import LineCommand
from claims.models import Seal
from claims.services.seal_proofs import prove_seals

PROGRESS_EVERY = 500  # seals


class Command(LineCommand):
    """Prove seals; the exit code is 1 when one fails."""

    help = (
        "Prove that each seal has its SHA-256 and that its quotes stand in the stored captures, whose hashes are "
        "taken anew. Names the first that fails, and what failed. With codes, only the seals of these claims."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="A claim's code, as in 7K3M-Q9TX.")
        parser.add_argument("--json", action="store_true", help="One JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        claims = [_public_id(code) for code in options["codes"]] or None
        seals = passages = 0
        for proof in prove_seals(claims):
            seals, passages = seals + 1, passages + proof.passages
            if proof.failure:
                self._fail(proof, seals, passages, as_json=options["json"])
            if seals % PROGRESS_EVERY == 0:
                self.refuse(f"{seals} seals proved …")
        if options["json"]:
            self.write_json({"ok": True, "seals": seals, "passages": passages, "failed": None})
        else:
            self.stdout.write(f"{seals} seals with {passages} passages proved.")

    def _fail(self, proof: Any, seals: int, passages: int, *, as_json: bool) -> None:
        if as_json:
            failed = {"claim": proof.code, "seal": proof.seal_id, "sha256": proof.sha256, "reason": proof.failure}
            self.write_json({"ok": False, "seals": seals, "passages": passages, "failed": failed})
        else:
            self.stdout.write(f"{proof.code}: seal {proof.seal_id} ({proof.sha256[:16]}…) fails: {proof.failure}.")
        raise SystemExit(1)


def _public_id(code: str) -> str:
    """Return the public id of a code in any spelling; or raise CommandError where it names no sealed claim."""
    public_id = public_ids.read(code) if code.isascii() else None
    if public_id is None:
        raise CommandError(f"{code} is no claim's code; one looks like 7K3M-Q9TX.")
    if not Seal.objects.filter(verdict__claim__public_id=public_id).exists():
        raise CommandError(f"{code} has no seal, or there is no such claim.")
    return public_id
