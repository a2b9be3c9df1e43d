from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0003_suspicion_reliance_and_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('serves', models.JSONField(default=list, help_text='Names of queues, and `timetable` for who sweeps.')),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(help_text='When it last asked for work or finished some.')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='source',
            name='handed_out_at',
            field=models.DateTimeField(blank=True, db_index=True, help_text='When workers were last told of it, or one last leased it.', null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='lease_owner',
            field=models.CharField(blank=True, help_text='Who looks, or looked last: host, process and a number of its own.', max_length=120),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('lease_expires_at__isnull', False)), fields=['lease_expires_at'], name='source_leased'),
        ),
    ]
