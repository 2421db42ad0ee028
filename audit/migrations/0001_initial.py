import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('event', models.CharField(help_text='noun.verb, such as release.revoked', max_length=60)),
                ('actor_id', models.BigIntegerField(help_text='people.User; null: the system', null=True)),
                ('organization_id', models.BigIntegerField(help_text="the actor's, at that time", null=True)),
                ('client_id', models.BigIntegerField(null=True)),
                ('subject', models.CharField(help_text='app.model:id', max_length=80)),
                ('detail', models.JSONField(default=dict, help_text='codes and ids only')),
            ],
            options={
                'indexes': [models.Index(fields=['client_id', 'at'], name='audit_client_at'), models.Index(fields=['subject'], name='audit_subject')],
            },
        ),
    ]
