"""Seals: frozen when a verdict is decided, downloaded by whoever may see the claim, proved against the captures."""

import gzip
import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from claims import immutable
from claims.formats.canonical import canonical_json
from claims.models import Claim, Seal, SealSalt
from claims.services import claims, contradictions
from claims.services.seals import seal_verdict
from sources.models import Snapshot
from sources.services.checks import check_source
from sources.services.snapshots import add_document_text
from sources.services.sources import register_source
from tests.claims.stories import corrected, signed_in, withdrawn
from tests.claims.test_commands import run
from tests.factories import (
    NOW,
    PAGE,
    EditorFactory,
    ReviewerFactory,
    decided,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def sealed(claim: Claim) -> dict:
    return json.loads(Seal.objects.filter(verdict__claim=claim).first().document)


def address(claim: Claim) -> str:
    return f"/api/v1/claims/{claim.code}/seal"


def rules(claim: Claim) -> dict:
    return {rule["rule"]: rule["result"] for rule in sealed(claim)["rules"]}


def by_hand() -> Claim:
    """Return a decided claim that quotes a pasted document, whose bytes are stored."""
    snapshot = add_document_text(text=PAGE, by=ReviewerFactory(), now=NOW)
    return decided(with_evidence(snapshot=snapshot))


def test_deciding_a_verdict_seals_quotes_surroundings_hashes_stances_and_figures():
    draft = claims.draft_claim(text="The harbour counted 412 arrivals in May.", by=ReviewerFactory(), now=NOW)
    claim = decided(with_evidence(draft))

    item, passage = claim.evidence.get(), sealed(claim)["evidence"][0]
    assert (passage["quote"], passage["prefix"], passage["suffix"]) == (item.quote, item.prefix, item.suffix)
    assert passage["raw_sha256"] == item.snapshot.raw_sha256
    assert passage["text_sha256"] == item.snapshot.text_sha256
    assert passage["stance"] == "supports"
    assert {figure["text"] for figure in passage["figures"]} >= {"412"}
    assert passage["comparisons"][0]["result"] == "equal"


def test_a_seal_is_canonical_json_whose_bytes_have_its_sha256():
    decided()
    seal = Seal.objects.get()

    assert canonical_json(json.loads(seal.document)) == seal.document
    assert hashlib.sha256(seal.document.encode()).hexdigest() == seal.sha256
    assert "." not in "".join(str(n) for n in _numbers(json.loads(seal.document)))


def _numbers(value):
    if isinstance(value, dict):
        return [n for member in value.values() for n in _numbers(member)]
    if isinstance(value, list):
        return [n for member in value for n in _numbers(member)]
    return [value] if isinstance(value, float) else []


def test_publishing_keeps_the_seal_of_the_decision_while_nothing_differs():
    claim = published()

    assert Seal.objects.get() == claim.publications.get().seal
    assert json.loads(claim.public_document.body)["seal_sha256"] == Seal.objects.get().sha256


def test_the_rules_are_sealed_with_their_results(settings):
    assert rules(decided()) == {
        "accepted_evidence": "met",
        "agreeing_reviews": "met",
        "two_persons": "met",
        "independent_origins": "counted",
        "quotes_intact": "met",
        "contradictions_explained": "met",
    }


def test_what_a_person_explains_after_the_decision_is_sealed_anew_and_the_first_seal_stays():
    claim = with_evidence()
    Claim.objects.filter(pk=claim.pk).update(text="The harbour counted 398 arrivals in May.")
    claim.figures.create(text="398", low=398, high=398, unit="arrivals")
    contradictions.find_contradictions(claim_ids=[claim.pk], now=NOW)
    claim = decided(Claim.objects.get(pk=claim.pk))
    assert rules(claim)["contradictions_explained"] == "not_met"
    found = claim.contradictions.get()

    contradictions.dismiss_contradiction(
        contradiction_id=found.pk, reason="A private reason.", by=ReviewerFactory(), now=LATER
    )
    published(claim)

    assert Seal.objects.count() == 2
    assert sealed(claim)["evidence"][0]["contradiction"] == {"reason": found.reason, "state": "dismissed"}
    assert "private" not in Seal.objects.first().document


def test_reviewers_stand_in_seals_as_salted_hashes_that_differ_from_claim_to_claim():
    reviewer = ReviewerFactory(first_name="Zebedee", username="zebedee")
    marks = []
    for _ in range(2):
        claim = with_evidence()
        claim.drafted_by = reviewer
        claim.save()
        document = sealed(decided(claim))
        marks.append({entry["reviewer"] for entry in document["reviewers"]})
        assert "zebedee" not in json.dumps(document).lower()

    assert len(marks[0]) == len(marks[1]) == 2 and not marks[0] & marks[1]
    salt = SealSalt.objects.get(person=reviewer).salt
    assert hashlib.sha256(f"{salt}:{claim.code}:{reviewer.pk}".encode()).hexdigest() in marks[1]


def test_a_seal_holds_no_internal_words():
    claim = decided()

    body = Seal.objects.get().document
    assert "The log." not in body  # the reviewers' rationale
    assert claim.drafted_by.username not in body


def test_everybody_downloads_the_seal_of_a_published_claim_byte_for_byte(client):
    claim = published()
    seal = Seal.objects.get()

    answer = client.get(address(claim))

    assert answer.status_code == 200 and answer.content.decode() == seal.document
    assert answer["ETag"] == f'"{seal.sha256}"'
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="{claim.code}.seal.json"'
    assert client.get(address(claim), HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert address(claim) in client.get(claim.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", [None, EditorFactory])
def test_a_draft_s_seal_is_not_there_for_those_outside_the_desk(client, who):
    claim = decided()
    outside = signed_in(who()) if who else client

    answer, unknown = outside.get(address(claim)), outside.get("/api/v1/claims/0000-0000/seal")

    assert answer.status_code == unknown.status_code == 404
    assert _told(answer) == _told(unknown)


def _told(answer):
    return {name: value for name, value in answer.json().items() if name not in ("instance", "request_id")}


def test_the_desk_downloads_the_seal_of_a_draft():
    claim = decided()

    answer = signed_in(ReviewerFactory()).get(address(claim))

    assert answer.content.decode() == Seal.objects.get().document
    assert "private" in answer["Cache-Control"]


def test_readers_get_the_published_seal_while_another_round_is_decided(client):
    claim = published()
    told = Seal.objects.get()
    corrected(claim)
    later = Seal.objects.first()
    assert client.get(address(claim))["ETag"] == f'"{later.sha256}"' != f'"{told.sha256}"'

    claims.reopen_claim(claim_id=claim.pk, reason="Once more.", by=claim.drafted_by, now=LATER)
    claim.refresh_from_db()
    decided(claim)

    assert client.get(address(claim))["ETag"] == f'"{later.sha256}"'
    assert signed_in(ReviewerFactory()).get(address(claim))["ETag"] == f'"{Seal.objects.first().sha256}"'


def test_a_withdrawn_claim_answers_with_its_tombstone(client):
    claim = withdrawn(published())

    answer = client.get(address(claim))

    assert answer.status_code == 410 and answer.json()["code"] == "withdrawn"


def test_sealing_again_without_a_difference_gives_the_seal_there_is():
    claim = decided()
    verdict = claim.verdicts.get()

    assert seal_verdict(claim=claim, verdict=verdict, now=LATER) == Seal.objects.get()


# -- verify_seals --------------------------------------------------------------------------------------------------


def test_every_seal_is_proved_against_fetched_and_pasted_captures(web):
    url = web.says("/report", *PAGE.strip().split("\n\n"))
    source, _ = register_source(url=url, by=ReviewerFactory(), now=NOW)
    check_source(source_id=source.pk, requested_by=None, clock=lambda: NOW)
    decided(with_evidence(snapshot=Snapshot.objects.get(), quote="The harbour office counted 412 arrivals in May"))
    by_hand()

    code, lines, said = run("verify_seals", "--json")

    assert (code, said) == (0, "")
    assert json.loads(lines[0]) == {"ok": True, "seals": 2, "passages": 2, "failed": None}


def test_a_seal_of_before_that_names_no_snapshot_is_proved_by_its_hashes():
    claim = by_hand()
    document = sealed(claim)
    for name in ("format", "rules"):
        del document[name]
    for passage in document["evidence"]:
        del passage["snapshot"], passage["check"], passage["comparisons"], passage["contradiction"]
    body = canonical_json(document)
    digest = hashlib.sha256(body.encode()).hexdigest()
    Seal.objects.create(verdict=claim.verdicts.get(), document=body, sha256=digest, sealed_at=LATER)

    assert run("verify_seals", claim.code) == (0, ["2 seals with 2 passages proved."], "")


def tampered_document(claim):
    immutable.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_seal SET document = REPLACE(document, '412', '413')")
    immutable.install(connection)


def tampered_text(claim):
    Snapshot.objects.update(text=PAGE.replace("412", "413"))


def capture_file() -> Path:
    return Path(Snapshot.objects.get().capture.path)


def tampered_capture(claim):
    data = gzip.decompress(capture_file().read_bytes())
    capture_file().write_bytes(gzip.compress(data.replace(b"412", b"421")))


def missing_capture(claim):
    capture_file().unlink()


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (tampered_document, "the document has the SHA-256"),
        (tampered_text, "the text has the SHA-256"),
        (tampered_capture, "the captured bytes have the SHA-256"),
        (missing_capture, "cannot be read (No such file or directory)"),
    ],
)
def test_what_was_altered_is_named_with_its_claim(tamper, said):
    claim = by_hand()
    tamper(claim)

    code, lines, _ = run("verify_seals")
    _, objects, _ = run("verify_seals", "--json", claim.code)

    assert code == 1
    assert lines[0].startswith(f"{claim.code}: seal ") and said in lines[0]
    failed = json.loads(objects[0])["failed"]
    assert failed["claim"] == claim.code and said in failed["reason"]


@pytest.mark.parametrize("place", [0.3, 0.6, 0.95])
def test_one_altered_byte_of_a_fetched_capture_is_found_in_any_of_its_records(web, place):
    url = web.says("/report", *PAGE.strip().split("\n\n"))
    source, _ = register_source(url=url, by=ReviewerFactory(), now=NOW)
    check_source(source_id=source.pk, requested_by=None, clock=lambda: NOW)
    decided(with_evidence(snapshot=Snapshot.objects.get(), quote="The harbour office counted 412 arrivals in May"))
    data = bytearray(capture_file().read_bytes())
    data[int(len(data) * place)] ^= 1
    capture_file().write_bytes(data)

    code, lines, _ = run("verify_seals")

    assert code == 1 and "is damaged" in lines[0]


def test_the_first_of_several_that_fail_is_named():
    first, second = by_hand(), decided()  # the second one's factory snapshot has no capture

    code, lines, _ = run("verify_seals")

    assert code == 1 and lines[0].startswith(second.code) and "no capture was stored" in lines[0]
    assert run("verify_seals", first.code.lower())[0] == 0


@pytest.mark.parametrize("code", ["nonsense", "7K3M-Q9TX"])
def test_a_code_without_a_seal_is_refused(code):
    assert run("verify_seals", code)[0] == 1
