"""What every desk starts with: the shipped scale, the roles, and the ledger's one head."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from claims.permissions import ROLES

# slug, label, when the desk uses it, ClaimReview number (DESIGN.md, six axes)
SCALE = [
    ("correct", "Correct", "The claim holds in every part that matters.", 5),
    ("mostly_correct", "Mostly correct", "The claim holds; a detail is off or missing.", 4),
    ("misleading", "Misleading", "The facts are right, the impression they give is not.", 2),
    ("exaggerated", "Exaggerated", "Something is true, but less of it than claimed.", 3),
    ("understated", "Understated", "Something is true, and more of it than claimed.", 3),
    ("incorrect", "Incorrect", "The evidence says otherwise.", 1),
    ("unproven", "Unproven", "The evidence found so far decides it neither way.", None),
    ("unverifiable", "Unverifiable", "No evidence open to us could decide it.", None),
    ("outdated", "Outdated", "It was right once; what it describes has changed.", None),
]


def start(apps, schema_editor):
    Rating = apps.get_model("claims", "Rating")
    for order, (slug, label, meaning, value) in enumerate(SCALE, 1):
        Rating.objects.get_or_create(
            slug=slug, defaults={"label": label, "meaning": meaning, "claimreview_value": value, "order": order}
        )
    apps.get_model("claims", "LedgerHead").objects.get_or_create(pk=1)

    config = apps.get_app_config("claims")
    config.models_module = True
    create_permissions(config, apps=apps, using=schema_editor.connection.alias, verbosity=0)
    config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for role, names in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        codenames = [name.split(".")[1] for name in names]
        group.permissions.set(Permission.objects.filter(content_type__app_label="claims", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0001_from_article_to_ledger"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(start, migrations.RunPython.noop)]
