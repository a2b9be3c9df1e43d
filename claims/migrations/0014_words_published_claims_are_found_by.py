import json
import re
import unicodedata

from django.db import migrations, models


def fill(apps, schema_editor):
    """Write down the words of what is published already, as claims/formats/words.py does for what comes."""
    rows = apps.get_model("claims", "PublicDocument").objects.filter(status=200, words="")
    while batch := list(rows.order_by("pk")[:500]):
        for row in batch:
            told = json.loads(row.body)
            parts = [told["text"], told["context"], told["verdict"]["finding"]]
            parts += [claimant["name"] for claimant in told["claimants"]]
            words = re.findall(r"\w+", unicodedata.normalize("NFKC", " ".join(parts)).casefold())
            row.words = f" {' '.join(words)} "
        rows.model.objects.bulk_update(batch, ["words"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0013_imports")]

    operations = [
        migrations.AddField(
            model_name="publicdocument",
            name="words",
            field=models.TextField(blank=True, default="", help_text="What it is found by, each word between blanks."),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
