"""Evidence over HTTP: a quoted passage and its stance; with a key it is a proposal."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from claims.models import ApiKey, Evidence
from claims.services.evidence import attach_evidence, change_stance
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, IF_MATCH, WRITE_ERRORS, describe
from sources.api.endpoint import Endpoint, Known
from sources.api.problems import Problem
from sources.api.shapes import Shape, Text
from sources.models import Snapshot, Source

from .claims import ADDRESS, claim_of
from .creating import answer, create_once, version_read
from .desk import EvidenceShape
from .permissions import Desk, DeskPerson


class EvidenceDraft(Shape):
    """A passage, by the snapshot it was read in or by its source's newest readable snapshot."""

    snapshot = Known(Snapshot.objects.all, required=False, help_text="A snapshot's id.")
    source = Known(Source.objects.all, required=False, help_text="A source's id.")
    quote = Text(max_length=2000, help_text="The exact words; only spaces, quote marks and dashes may differ.")
    prefix = Text(required=False, allow_blank=True, max_length=500, help_text="Words before it, if it stands twice.")
    suffix = Text(required=False, allow_blank=True, max_length=500, help_text="Words after it.")
    stance = serializers.ChoiceField(Evidence.Stance.choices)
    note = Text(required=False, allow_blank=True, max_length=5000, help_text="Public: why it bears on the claim.")


class ClaimEvidence(Endpoint):
    """The evidence of one claim, as the desk sees it."""

    permission_classes = [Desk]

    @describe(
        "List a claim's evidence, proposals included.",
        name="evidence_list",
        tag="evidence",
        answers={200: EvidenceShape(many=True)},
    )
    def get(self, request, code):
        rows = (
            claim_of(request, code)
            .evidence.select_related("snapshot__source", "added_by")
            .defer("snapshot__text", "snapshot__main_text")
        )
        return Response(EvidenceShape(rows, many=True).data)

    @describe(
        "Attach a passage to a claim.",
        name="evidence_create",
        tag="evidence",
        request=EvidenceDraft,
        answers={201: EvidenceShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="The quote must stand in the snapshot's text; otherwise it is refused with the nearest passage. "
        "Sent with a key it is a proposal, and counts once a person has accepted its stance.",
    )
    def post(self, request, code):
        claim = claim_of(request, code)
        members = self.read_body(EvidenceDraft)
        snapshot = _snapshot(members.pop("snapshot", None), members.pop("source", None))

        def work():
            evidence = attach_evidence(
                claim_id=claim.pk,
                snapshot_id=snapshot.pk,
                by=request.user,
                now=timezone.now(),
                is_proposal=isinstance(request.auth, ApiKey),
                **members,
            )
            return answer(201, EvidenceShape(evidence).data, location=ADDRESS.format(claim.code) + "/evidence")

        return create_once(request, work)


class StanceEdit(Shape):
    stance = serializers.ChoiceField(Evidence.Stance.choices)
    note = Text(required=False, allow_blank=True, max_length=5000, help_text="Public: why it bears on the claim.")


class EvidenceDetail(Endpoint):
    """One passage of evidence."""

    permission_classes = [DeskPerson]

    @describe("Read one passage of evidence.", name="evidence_read", tag="evidence", answers={200: EvidenceShape})
    def get(self, request, code, pk):
        return self._answer(self._evidence(request, code, pk))

    @describe(
        "Set what a passage does to its claim, as a person.",
        name="evidence_edit",
        tag="evidence",
        request=StanceEdit,
        answers={200: EvidenceShape},
        errors=(*WRITE_ERRORS, 412, 428),
        parameters=(IF_MATCH,),
        detail="Accepts a proposal along the way: a stance that came with a key counts from then on. Takes a person's "
        "own session, never a key. If-Match names the evidence's own version.",
    )
    def patch(self, request, code, pk):
        evidence = self._evidence(request, code, pk)
        version = version_read(request)
        members = self.read_body(StanceEdit)
        change_stance(
            evidence_id=evidence.pk,
            version=version,
            stance=members["stance"],
            note=members.get("note", evidence.note),
            by=request.user,
            now=timezone.now(),
        )
        return self._answer(self._evidence(request, code, pk))

    def _evidence(self, request, code, pk) -> Evidence:
        rows = claim_of(request, code).evidence.select_related("snapshot__source", "added_by")
        return self.row(rows.defer("snapshot__text", "snapshot__main_text"), pk)

    def _answer(self, evidence: Evidence) -> Response:
        return Response(EvidenceShape(evidence).data, headers={"ETag": f'"v{evidence.version}"'})


def _snapshot(snapshot: Snapshot | None, source: Source | None) -> Snapshot:
    """Return the snapshot to quote from; or raise Problem."""
    if snapshot is None and source is None:
        raise Problem(400, "required", "Name the snapshot, or the source, that is quoted.", field="snapshot")
    found = snapshot or Snapshot.objects.readable().filter(source=source).first()
    if found is None:
        raise Problem(400, "does_not_exist", "This source has no readable snapshot yet.", field="source")
    return found
