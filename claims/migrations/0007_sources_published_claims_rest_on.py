"""Tell the sources that published claims rest on them, as publishing does from here on."""

from django.db import migrations

PUBLIC = ["citable", "on_hold", "corrected"]


def tell_sources(apps, schema_editor):
    evidence = apps.get_model("claims", "Evidence").objects.filter(claim__citability__in=PUBLIC)
    sources = apps.get_model("sources", "Source").objects
    sources.filter(pk__in=evidence.values("snapshot__source")).update(is_relied_on=True)


class Migration(migrations.Migration):

    dependencies = [
        ("claims", "0006_from_a_change_to_a_hold"),
        ("sources", "0003_suspicion_reliance_and_order"),
    ]

    operations = [migrations.RunPython(tell_sources, migrations.RunPython.noop)]
