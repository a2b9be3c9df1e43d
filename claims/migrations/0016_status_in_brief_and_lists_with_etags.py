"""Keep what many claims at once are answered with, and what the ETags of lists are made of."""

import json

import django.db.models.expressions
from django.db import migrations, models


def tell_in_brief(apps, schema_editor):
    documents = apps.get_model("claims", "PublicDocument").objects
    batch = []
    for document in documents.only("pk", "body").iterator(chunk_size=500):
        told = json.loads(document.body)
        brief = {name: told[name] for name in ("id", "url", "citability", "version", "published_at", "hold", "superseded_by")}
        brief["rating"] = told["verdict"]["rating"] if "verdict" in told else None
        brief["freshness"] = told.get("freshness")
        document.brief = json.dumps(brief, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        batch.append(document)
        if len(batch) == 500:
            documents.bulk_update(batch, ["brief"])
            batch.clear()
    documents.bulk_update(batch, ["brief"])


class Migration(migrations.Migration):

    dependencies = [("claims", "0015_accounts")]

    operations = [
        migrations.AddField(
            model_name="ledgerhead",
            name="documents_changed",
            field=models.PositiveBigIntegerField(
                default=0, help_text="How often any public document changed; what the ETags of lists are made of."
            ),
        ),
        migrations.AddField(
            model_name="publicdocument",
            name="brief",
            field=models.TextField(
                default="{}", help_text="Its status in brief, as served for many claims at once."
            ),
        ),
        migrations.RunPython(tell_in_brief, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="publicdocument",
            index=models.Index(
                models.F("status"),
                django.db.models.expressions.OrderBy(django.db.models.expressions.F("updated_at"), descending=True),
                django.db.models.expressions.OrderBy(django.db.models.expressions.F("claim"), descending=True),
                name="public_document_newest",
            ),
        ),
    ]
