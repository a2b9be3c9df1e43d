"""Alerts that are answered claim by claim, noise that is named, and freshness told with the document."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)  # replaced at the end of this migration


def fill(apps, schema_editor):
    """Give rows of before what the new columns say: when first seen, when listed, by which answer settled."""
    checks = apps.get_model("claims", "QuoteCheck").objects
    checks.update(first_seen_at=models.F("checked_at"))
    checks.filter(result__in=("reworded", "missing", "figure_changed"), alert_items__isnull=True).update(
        awaits_confirmation=True
    )
    answers, items = apps.get_model("claims", "AlertAnswer").objects, apps.get_model("claims", "AlertItem").objects
    for alert in apps.get_model("claims", "Alert").objects.iterator():
        listed = items.filter(alert=alert)
        listed.update(listed_at=alert.opened_at)
        if alert.answered_at is not None:
            answer = answers.create(
                alert=alert,
                answer=alert.answer,
                note=alert.answer_note,
                given_by_id=alert.answered_by_id,
                given_at=alert.answered_at,
            )
            listed.update(answer=answer)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0005_seals_and_contradictions"),
        ("sources", "0001_sources_snapshots_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("snapshot", models.PositiveBigIntegerField(default=0)),
                ("evidence", models.PositiveBigIntegerField(default=0)),
                ("appearance", models.PositiveBigIntegerField(default=0)),
                (
                    "check_id",
                    models.PositiveBigIntegerField(default=0, help_text="Of the looks that found a source gone."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoiseRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("exact", "Exactly these words for those"),
                            ("sealed", "Any wording in place of these sealed words"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "changes",
                    models.JSONField(help_text="Pairs of sealed and present words, in the order of the passage."),
                ),
                ("reason", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="alertitem",
            name="listed_at",
            field=models.DateTimeField(default=_BEFORE),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="publicdocument",
            name="freshness",
            field=models.CharField(
                blank=True,
                help_text="current, due, overdue or evidence_changed; empty until first told.",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="publicdocument",
            name="freshness_reason",
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.AddField(
            model_name="quotecheck",
            name="awaits_confirmation",
            field=models.BooleanField(
                default=False, help_text="Worse than intact, and neither confirmed, overtaken nor hidden yet."
            ),
        ),
        migrations.AddField(
            model_name="quotecheck",
            name="first_seen_at",
            field=models.DateTimeField(
                default=_BEFORE,
                help_text="When the first of the looks in a row that gave this result fetched the page.",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="alert",
            name="answer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("noise", "Noise"),
                    ("moved", "Moved to another address"),
                    ("same_meaning", "Same meaning: re-seal"),
                    ("failed_verification", "Failed verification: reopen"),
                    ("wait", "Wait"),
                    ("returned", "The source says the sealed words again"),
                    ("corrected", "The claim was corrected or withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="AlertAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("noise", "Noise"),
                            ("moved", "Moved to another address"),
                            ("same_meaning", "Same meaning: re-seal"),
                            ("failed_verification", "Failed verification: reopen"),
                            ("wait", "Wait"),
                            ("returned", "The source says the sealed words again"),
                            ("corrected", "The claim was corrected or withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="claims.alert"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-given_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="alertitem",
            name="answer",
            field=models.ForeignKey(
                blank=True,
                help_text="What settled it; empty while it is open.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="items",
                to="claims.alertanswer",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("quote_check__isnull", True)),
                fields=("alert", "claim"),
                name="claim_is_listed_once_per_gone_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="followmark",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="follow_mark_is_one"),
        ),
        migrations.AddField(
            model_name="noiserule",
            name="answer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="claims.alertanswer"
            ),
        ),
        migrations.AddField(
            model_name="noiserule",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="noiserule",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="noiserule",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sources.source"
            ),
        ),
        migrations.AddField(
            model_name="quotecheck",
            name="hidden_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="hidden_checks",
                to="claims.noiserule",
            ),
        ),
        migrations.AddIndex(
            model_name="quotecheck",
            index=models.Index(
                condition=models.Q(("awaits_confirmation", True)), fields=["snapshot"], name="quote_check_awaiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="noiserule",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="noise_rule_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="noiserule",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))), name="noise_rule_expires"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
