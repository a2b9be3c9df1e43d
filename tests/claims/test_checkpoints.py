"""The signed log: what is signed and when, by which keys, and what happens when the key is gone."""

import logging
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from claims import immutable, merkle
from claims.errors import LogBroken, SigningUnavailable
from claims.formats import notes
from claims.formats.canonical import canonical_json
from claims.models import Change, Checkpoint, Claim, LedgerHead, LogKey, LogTile
from claims.services import checkpoints, publishing, signing
from tests.factories import (
    NOW,
    ClaimFactory,
    DeskLeadFactory,
    ReviewerFactory,
    SnapshotFactory,
    decided,
    published,
    with_evidence,
)

from .stories import corrected, held, withdrawn


def sign(**more):
    return checkpoints.sign_checkpoint(now=more.pop("now", NOW), **more)


def grow(claim: Claim, count: int) -> None:
    """Append so many rows about a claim to the ledger, as record_change does one by one."""
    head = LedgerHead.objects.get()
    rows = []
    for seq in range(head.next_seq, head.next_seq + count):
        columns = {"seq": seq, "kind": "claim.held", "cause": "source_change", "actor": "machine"}
        after = {"reason": f"look {seq} – “changed”"}
        body = {**columns, "claim": claim.code, "at": NOW.isoformat(), "before": None, "after": after}
        rows.append(Change(**columns, claim=claim, at=NOW, body=canonical_json(body)))
    Change.objects.bulk_create(rows)
    head.next_seq += count
    head.save()


def leaves() -> list[bytes]:
    return [merkle.leaf_hash(body.encode()) for body in Change.objects.order_by("seq").values_list("body", flat=True)]


def opened(point: Checkpoint) -> notes.Checkpoint:
    text, _ = notes.open_note(point.note, signing.public_keys())
    return notes.read_checkpoint(text)


@pytest.mark.django_db
def test_a_checkpoint_is_the_signed_root_over_every_row(settings):
    settings.LOG_ORIGIN = "desk.example/log"
    corrected(held(published()))

    point = sign()

    assert opened(point) == notes.Checkpoint("desk.example/log", 3, merkle.root_of(leaves()))
    lines = point.note.split("\n")
    assert lines[:2] == ["desk.example/log", "3"] and lines[3] == ""
    assert lines[4].startswith("— desk.example/log ") and lines[5:] == [""]


@pytest.mark.django_db
def test_nothing_is_signed_twice_but_a_quiet_log_once_a_day():
    empty = sign()
    assert (empty.size, bytes(empty.root)) == (0, merkle.EMPTY)
    assert sign() is None
    published()
    assert sign().size == 1
    assert sign(now=NOW + timedelta(hours=23)) is None
    again = sign(now=NOW + timedelta(hours=24))
    assert again.size == 1 and sign(now=NOW + timedelta(hours=25)) is None


@pytest.mark.django_db
def test_signing_reads_only_what_is_new(django_assert_max_num_queries):
    claim = ClaimFactory()
    grow(claim, 601)
    sign()
    grow(claim, 3)
    immutable.remove(connections["default"])
    Change.objects.filter(seq__lt=600).update(body="rewritten")
    with django_assert_max_num_queries(12):
        assert sign().size == 604


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", [[1, 1, 253, 1, 1, 255, 1, 300], [700]])
def test_every_proof_verifies_however_the_log_grew(sizes):
    claim = ClaimFactory()
    grow(claim, sizes[0])
    points = [sign()]
    for count in sizes[1:]:
        grow(claim, count)
        points.append(sign())
    rows = leaves()
    assert [tile.index for tile in LogTile.objects.all()] == list(range(-(-len(rows) // 256)))
    for point in points:
        size, root = point.size, bytes(point.root)
        assert root == merkle.root_of(rows[:size])
        for seq in {0, 1, 255, 256, 257, 511, 512, size // 2, size - 1} & set(range(size)):
            path = checkpoints.prove_inclusion(seq=seq, size=size)
            assert merkle.includes(leaf=rows[seq], index=seq, size=size, path=path, root=root)
        for older in {0, 1, 2, 255, 256, 257, 300, 512, 513, size} & set(range(size + 1)):
            path, older_root = checkpoints.prove_consistency(older=older, size=size), merkle.root_of(rows[:older])
            assert merkle.is_consistent(older=older, older_root=older_root, size=size, root=root, path=path)


@pytest.mark.django_db
def test_a_long_backlog_is_signed_in_steps(monkeypatch):
    monkeypatch.setattr(checkpoints, "ROWS_AT_ONCE", 4)
    grow(ClaimFactory(), 10)
    signed = []
    while point := sign():
        signed.append(point.size)
    assert signed == [4, 8, 10]
    assert opened(checkpoints.newest_checkpoint()).root == merkle.root_of(leaves())


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["root", "peaks"])
def test_nothing_is_signed_on_hashes_that_are_not_the_signed_ones(field):
    published()
    sign()
    Checkpoint.objects.update(**{field: bytes(32)})
    published()
    with pytest.raises(LogBroken):
        sign()


# -- the keys ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_first_start_makes_a_key_that_only_its_owner_reads(log_key):
    sign()
    assert stat.S_IMODE(log_key.stat().st_mode) == 0o600
    assert os.listdir(log_key.parent) == ["log-key"]
    key = notes.read_signer(log_key.read_text().strip())
    assert [str(key.verifier)] == list(LogKey.objects.values_list("verifier_key", flat=True))


@pytest.mark.django_db
def test_a_missing_key_stops_publishing_and_correcting_but_neither_holds_nor_withdrawals(log_key):
    claim, waiting = published(), decided()
    log_key.unlink()

    with pytest.raises(SigningUnavailable, match="is missing"):
        published(waiting)
    with pytest.raises(SigningUnavailable):
        corrected(claim)
    with pytest.raises(SigningUnavailable):
        sign()
    assert Change.objects.count() == 1 and not log_key.exists()
    claim.refresh_from_db()
    held(claim)
    withdrawn(claim)
    assert Change.objects.count() == 3


@pytest.mark.django_db
def test_publishing_goes_on_when_the_key_is_back_and_all_of_it_is_signed(log_key):
    claim, waiting = published(), decided()
    kept = log_key.read_text()
    log_key.unlink()
    held(claim)
    with pytest.raises(SigningUnavailable):
        published(waiting)
    log_key.write_text(kept)
    published(waiting)
    assert opened(sign()).size == 3


@pytest.mark.django_db
def test_a_stray_key_never_takes_over_a_log(log_key):
    published()
    log_key.write_text(notes.new_signer("desk.example/log").written())
    with pytest.raises(SigningUnavailable, match="not the one"):
        published()


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["not a key", "PRIVATE+KEY+desk+00000000+AAAA", b"\xff\xfe"])
def test_a_damaged_key_is_refused_without_a_word_of_it(log_key, damage, caplog):
    published()
    log_key.write_bytes(damage if isinstance(damage, bytes) else damage.encode())
    with pytest.raises(SigningUnavailable, match="damaged") as refusal:
        published()
    assert str(damage) not in str(refusal.value) + caplog.text


@pytest.mark.django_db
def test_the_private_key_is_in_no_log_and_in_no_repr(log_key, caplog):
    from claims import tasks

    with caplog.at_level(logging.DEBUG):
        published()
        tasks.sign_checkpoint()
        tasks.check_log()
        signer = signing.held_keys()[0]
    private = log_key.read_text().strip().split("+", 4)[4]
    assert len(private) == 44
    for told in (caplog.text, repr(signer), str(signer), Checkpoint.objects.get().note):
        assert private not in told and repr(signer.seed) not in told


@pytest.mark.django_db
def test_in_production_a_key_has_to_be_named(settings):
    settings.LOG_KEY_FILE = ""
    with pytest.raises(SigningUnavailable, match="LOG_KEY_FILE"):
        published()
    settings.LOG_KEY = notes.new_signer("desk.example/log").written()
    published()
    assert opened(sign()).origin == "desk.example/log"


@pytest.mark.django_db
def test_an_exchanged_key_signs_beside_the_old_one_until_that_is_dropped():
    published()
    old = opened_by(sign())
    signing.rotate_key(now=NOW)
    published()
    both = opened_by(sign())
    assert len(both) == 2 and set(old) < set(both)
    assert len(signing.drop_old_keys(now=NOW)) == 1
    published()
    new = opened_by(sign(now=NOW + timedelta(days=1)))
    assert set(new) == set(both) - set(old)
    assert list(LogKey.objects.values_list("retired_at", flat=True)) == [NOW + timedelta(days=1), None]
    assert all(opened_by(point) for point in Checkpoint.objects.all())
    assert {opened(point).origin for point in Checkpoint.objects.all()} == {old[0].name}


@pytest.mark.django_db
def test_a_lost_key_is_replaced_only_when_somebody_says_so(log_key):
    published()
    sign()
    with pytest.raises(SigningUnavailable, match="not lost"):
        signing.replace_lost_key(now=NOW)
    log_key.unlink()
    signing.replace_lost_key(now=NOW)
    published()
    newest = sign()
    assert opened(newest).size == 2
    assert opened_by(newest) == [signing.held_keys()[0].verifier]
    assert len(signing.public_keys()) == 2


def opened_by(point: Checkpoint) -> list[notes.VerifierKey]:
    return notes.open_note(point.note, signing.public_keys())[1]


# -- the ledger under load ------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_fifty_parallel_publishes_are_fifty_rows_without_a_gap_and_signed_as_they_came(emptied):
    lead, drafter = DeskLeadFactory(), ReviewerFactory()
    with transaction.atomic():
        snapshot = SnapshotFactory()
        made = [ClaimFactory(drafted_by=drafter, text="The harbour was busy.") for _ in range(50)]
        ready = [decided(with_evidence(claim, snapshot=snapshot)) for claim in made]
        waiting = [(claim.pk, publishing.revision_of(claim).sha256) for claim in ready]

    def publish(given):
        pk, sha256 = given
        try:
            publishing.publish_claim(claim_id=pk, by=lead, revision_sha256=sha256, now=NOW)
            if pk % 10 == 0:
                checkpoints.sign_checkpoint(now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(publish, waiting))

    assert list(Change.objects.order_by("seq").values_list("seq", flat=True)) == list(range(50))
    assert LedgerHead.objects.get().next_seq == 50
    assert set(Change.objects.values_list("claim_id", flat=True)) == {pk for pk, _ in waiting}
    checkpoints.sign_checkpoint(now=NOW)
    for point in Checkpoint.objects.all():
        assert opened(point) == notes.Checkpoint(
            opened(point).origin, point.size, merkle.root_of(leaves()[: point.size])
        )
    assert checkpoints.newest_checkpoint().size == 50
