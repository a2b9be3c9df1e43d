"""The database refuses to change or delete publications, corrections, seals and ledger rows."""

from django.db import migrations

from claims import immutable


def install(apps, schema_editor):
    immutable.install(schema_editor.connection)


def remove(apps, schema_editor):
    immutable.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_scale_roles_and_ledger_head")]
    operations = [migrations.RunPython(install, remove)]
