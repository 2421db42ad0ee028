import audit.tables
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('care_sessions', '0001_initial'),
        ('consent', '0001_initial'),
        ('people', '__first__'),
        ('referrals', '0001_initial'),
    ]

    operations = [
        audit.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Heartbeat',
                    fields=[
                        ('name', models.CharField(max_length=30, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Letter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('opens_at', models.DateTimeField()),
                        ('closes_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('pending', 'Waiting for its window'), ('sent', 'Sent'), ('done', 'Session held'), ('missed', 'Window closed'), ('cancelled', 'Cancelled'), ('failed', 'Could not be sent')], default='pending', max_length=10)),
                        ('cancel_reason', models.CharField(blank=True, choices=[('dose_changed', 'The dose was given or cancelled'), ('release_ended', 'No release permits it'), ('not_theirs', 'It is no longer for this person'), ('answered', 'Somebody has answered it')], max_length=20)),
                        ('state_since', models.DateTimeField(auto_now_add=True)),
                        ('leased_until', models.DateTimeField(blank=True, null=True)),
                        ('lease', models.UUIDField(editable=False, null=True)),
                        ('kind', models.CharField(choices=[('receipt', 'A receipt waits for the client'), ('ending', 'A release ends soon'), ('emergency', 'Emergency access was opened'), ('alert', 'A safety alert stands'), ('nudge', 'A referral waits for its next step'), ('notice', 'An emergency notice was raised'), ('unanswered', 'Nobody acknowledged an emergency notice in time')], max_length=10)),
                        ('days', models.PositiveSmallIntegerField(null=True)),
                        ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='care_sessions.safetyalert')),
                        ('emergency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.emergencyaccess')),
                        ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='care_sessions.emergencynotice')),
                        ('nudge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.nudge')),
                        ('receipt', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.receipt')),
                        ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.release')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['opens_at', 'closes_at'], include=('leased_until',), name='letter_pending')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='letter_window_ordered'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sent', 'done', 'missed', 'cancelled', 'failed'])), name='letter_state_known'), models.CheckConstraint(condition=models.Q(('state', 'cancelled'), ('cancel_reason', ''), _connector='XOR'), name='letter_cancelled_with_reason'), models.UniqueConstraint(fields=('release', 'days', 'user'), name='letter_of_ending_once'), models.UniqueConstraint(fields=('emergency', 'user'), name='letter_of_emergency_once'), models.UniqueConstraint(fields=('alert', 'user'), name='letter_of_alert_once'), models.UniqueConstraint(fields=('nudge', 'user'), name='letter_of_nudge_once'), models.UniqueConstraint(fields=('notice', 'kind', 'user'), name='letter_of_notice_once'), models.CheckConstraint(condition=models.Q(models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'receipt'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', False), ('release__isnull', True), ('user__isnull', True)), models.Q(('alert__isnull', True), ('days__isnull', False), ('emergency__isnull', True), ('kind', 'ending'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', False), ('user__isnull', False), ('days__in', (30, 14, 7))), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', False), ('kind', 'emergency'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', False), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'alert'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'nudge'), ('notice__isnull', True), ('nudge__isnull', False), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'notice'), ('notice__isnull', False), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'unanswered'), ('notice__isnull', False), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), _connector='OR'), name='letter_of_its_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('opens_at', models.DateTimeField()),
                        ('closes_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('pending', 'Waiting for its window'), ('sent', 'Sent'), ('done', 'Session held'), ('missed', 'Window closed'), ('cancelled', 'Cancelled'), ('failed', 'Could not be sent')], default='pending', max_length=10)),
                        ('cancel_reason', models.CharField(blank=True, choices=[('dose_changed', 'The dose was given or cancelled'), ('release_ended', 'No release permits it'), ('not_theirs', 'It is no longer for this person'), ('answered', 'Somebody has answered it')], max_length=20)),
                        ('state_since', models.DateTimeField(auto_now_add=True)),
                        ('leased_until', models.DateTimeField(blank=True, null=True)),
                        ('lease', models.UUIDField(editable=False, null=True)),
                        ('kind', models.CharField(choices=[('preparation', 'Preparation, 72–24 h before'), ('primary', 'Integration, 24–48 h'), ('secondary', 'Consolidation, 4–7 days')], max_length=12)),
                        ('dosing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='care_sessions.dosingsession')),
                        ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='care_sessions.episodeofcare')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['opens_at', 'closes_at'], include=('leased_until',), name='reminder_pending')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='reminder_window_ordered'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sent', 'done', 'missed', 'cancelled', 'failed'])), name='reminder_state_known'), models.CheckConstraint(condition=models.Q(('state', 'cancelled'), ('cancel_reason', ''), _connector='XOR'), name='reminder_cancelled_with_reason'), models.UniqueConstraint(fields=('episode', 'kind', 'dosing'), name='reminder_window_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['preparation', 'primary', 'secondary'])), name='reminder_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Attempt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('message_id', models.CharField(max_length=120)),
                        ('started_at', models.DateTimeField()),
                        ('outcome', models.CharField(choices=[('unknown', 'Not known'), ('sent', 'Sent'), ('failed', 'Failed')], default='unknown', max_length=8)),
                        ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='reminders.letter')),
                        ('reminder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='reminders.reminder')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('reminder', 'number'), name='attempt_once'), models.UniqueConstraint(fields=('letter', 'number'), name='attempt_of_letter_once'), models.CheckConstraint(condition=models.Q(('reminder', None), ('letter', None), _connector='XOR'), name='attempt_of_one_message')],
                    },
                ),
            ],
        ),
    ]
