"""The index of claims finds what these words were kept for."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0017_status_in_brief_and_lists_with_etags")]

    operations = [migrations.RemoveField(model_name="publicdocument", name="words")]
