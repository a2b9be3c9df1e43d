"""A desk full of published claims, made of one that went the whole way, in a process of its own.

published.py fill COUNT       claims, documents and ledger rows; prints what a reader has to know, as JSON
published.py fill_small COUNT claims and documents of a few words
"""

import json
import sys
from datetime import UTC, datetime, timedelta

import django

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def fill(count: int) -> dict:
    """Publish one claim with two passages, then write so many like it."""
    from django.contrib.auth.models import Group, User
    from django.db import connection

    from claims.models import Change, LedgerHead, PublicDocument
    from claims.services.access import issue_key
    from tests.factories import ClaimFactory, SnapshotFactory, decided, published, with_evidence

    claim = ClaimFactory()
    for number in range(2):
        with_evidence(claim, snapshot=SnapshotFactory(source__publisher=None, title=f"Harbour report {number}"))
    published(decided(claim))
    document = PublicDocument.objects.get()
    change = Change.objects.get()
    ids = copies(claim.pk, count)
    rows, changes = [], []
    for number, (pk, public_id) in enumerate(ids):
        written = f"{public_id[:4]}-{public_id[4:]}"
        body = document.body.replace(claim.code, written)
        brief = document.brief.replace(claim.code, written)
        at = BEGAN + timedelta(seconds=number)
        rows.append(
            PublicDocument(
                claim_id=pk, public_id=public_id, version=1, body=body, brief=brief, updated_at=at, freshness="current"
            )
        )
        told = change.body.replace(claim.code, written).replace('"seq":0', f'"seq":{number + 1}')
        changes.append(
            Change(seq=number + 1, kind=change.kind, claim_id=pk, cause=change.cause, actor="person", at=at, body=told)
        )
    PublicDocument.objects.bulk_create(rows, batch_size=500)
    Change.objects.bulk_create(changes, batch_size=500)
    LedgerHead.objects.update(next_seq=count + 1, documents_changed=count + 1)
    owner = User.objects.create(username="reader")
    owner.groups.add(Group.objects.get(name="Editors"))
    _, key = issue_key(name="bench", owner=owner, scopes=["read"], now=datetime.now(UTC))
    _analyse(connection)
    from claims.api.sending import mark_of

    return {
        "body": document.body,
        "codes": [public_id for _, public_id in ids],
        "pks": [pk for pk, _ in ids],
        "last": count,
        "key": key,
        "list_etag": f'"{count + 1}-{mark_of("page_size=50")}"',
    }


def fill_small(count: int) -> dict:
    """Write so many claims with documents of a few words: what a page far down the list is read from."""
    from django.db import connection

    from claims.models import PublicDocument
    from tests.factories import ClaimFactory

    claim = ClaimFactory()
    ids = copies(claim.pk, count)
    made = (
        PublicDocument(
            claim_id=pk, public_id=public_id, version=1, body=json.dumps({"id": public_id}), brief="{}",
            updated_at=BEGAN + timedelta(seconds=number),
        )
        for number, (pk, public_id) in enumerate(ids)
    )  # fmt: skip
    PublicDocument.objects.bulk_create(made, batch_size=1000)
    _analyse(connection)
    return {"pks": [pk for pk, _ in ids]}


def copies(pk: int, count: int) -> list[tuple[int, str]]:
    """Copy a claim's row so many times; return the ids."""
    from django.db import connection

    from claims.models import Claim
    from claims.public_ids import ALPHABET

    names = [field.column for field in Claim._meta.concrete_fields if field.column not in ("id", "public_id")]
    columns = ", ".join(names)
    ids = []
    for number in range(count):
        digits, left = "", number
        for _ in range(8):
            digits, left = ALPHABET[left % 32] + digits, left // 32
        ids.append((pk + 1 + number, digits))
    with connection.cursor() as cursor:
        for begun in range(0, count, 5000):
            cursor.executemany(
                f"INSERT INTO claims_claim (id, public_id, {columns}) SELECT %s, %s, {columns} FROM claims_claim "
                f"WHERE id = {pk}",
                ids[begun : begun + 5000],
            )
        cursor.execute("UPDATE claims_claim SET citability = 'citable' WHERE id > %s", [pk])
    return ids


def _analyse(connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main(program: str, count: str) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        told = {"fill": fill, "fill_small": fill_small}[program](int(count))
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
