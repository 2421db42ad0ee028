import audit.tables
import consent.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('care_sessions', '0001_initial'),
        ('consent', '0001_initial'),
        ('people', '0001_initial'),
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
                    name='ConferenceSeries',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('first_on', models.DateField()),
                        ('at_time', models.TimeField()),
                        ('every_weeks', models.PositiveSmallIntegerField(choices=[(1, 'Every week'), (2, 'Every two weeks')])),
                        ('minutes', models.PositiveSmallIntegerField()),
                        ('place', models.CharField(help_text='A room, or how to join', max_length=200)),
                        ('set_up_at', models.DateTimeField(auto_now_add=True)),
                        ('last_on', models.DateField(blank=True, null=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('set_up_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('last_on', None)), fields=('clinic',), name='conferenceseries_one_in_force'), models.CheckConstraint(condition=models.Q(('every_weeks__in', [1, 2]), ('minutes__gte', 10), ('minutes__lte', 240), models.Q(('place', ''), _negated=True)), name='conferenceseries_whole'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('last_on', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('last_on__isnull', False)), _connector='OR'), name='conferenceseries_ended_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='Letter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('opens_at', models.DateTimeField()),
                        ('closes_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('pending', 'Waiting for its window'), ('sent', 'Sent'), ('done', 'Session held'), ('missed', 'Window closed'), ('cancelled', 'Cancelled'), ('failed', 'Could not be sent')], default='pending', max_length=10)),
                        ('cancel_reason', models.CharField(blank=True, choices=[('dose_changed', 'The dose was given or cancelled'), ('release_ended', 'No release permits it'), ('not_theirs', 'It is no longer for this person'), ('answered', 'Somebody has answered it'), ('nothing_new', 'Nothing of it is new and open to them')], max_length=20)),
                        ('state_since', models.DateTimeField(auto_now_add=True)),
                        ('leased_until', models.DateTimeField(blank=True, null=True)),
                        ('lease', models.UUIDField(editable=False, null=True)),
                        ('faults', models.PositiveSmallIntegerField(default=0)),
                        ('fault', models.CharField(blank=True, max_length=60)),
                        ('tried_before', models.PositiveSmallIntegerField(default=0)),
                        ('kind', models.CharField(choices=[('receipt', 'A receipt waits for the client'), ('ending', 'A release ends soon'), ('emergency', 'Emergency access was opened'), ('alert', 'A safety alert stands'), ('nudge', 'A referral waits for its next step'), ('notice', 'An emergency notice was raised'), ('unanswered', 'Nobody acknowledged an emergency notice in time'), ('news', 'Something new waits in the portal')], max_length=10)),
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
                        'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['opens_at', 'closes_at'], include=('leased_until',), name='letter_pending'), models.Index(condition=models.Q(('state__in', ('failed', 'missed'))), fields=['state_since', 'id'], name='letter_unsent')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='letter_window_ordered'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sent', 'done', 'missed', 'cancelled', 'failed'])), name='letter_state_known'), models.CheckConstraint(condition=models.Q(('state', 'cancelled'), ('cancel_reason', ''), _connector='XOR'), name='letter_cancelled_with_reason'), models.UniqueConstraint(fields=('release', 'days', 'user'), name='letter_of_ending_once'), models.UniqueConstraint(fields=('emergency', 'user'), name='letter_of_emergency_once'), models.UniqueConstraint(fields=('alert', 'user'), name='letter_of_alert_once'), models.UniqueConstraint(fields=('nudge', 'user'), name='letter_of_nudge_once'), models.UniqueConstraint(fields=('notice', 'kind', 'user'), name='letter_of_notice_once'), models.UniqueConstraint(condition=models.Q(('kind', 'news'), ('state', 'pending')), fields=('user',), name='letter_of_news_one_waits'), models.CheckConstraint(condition=models.Q(models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'receipt'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', False), ('release__isnull', True), ('user__isnull', True)), models.Q(('alert__isnull', True), ('days__isnull', False), ('emergency__isnull', True), ('kind', 'ending'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', False), ('user__isnull', False), ('days__in', (30, 14, 7))), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', False), ('kind', 'emergency'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', False), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'alert'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'nudge'), ('notice__isnull', True), ('nudge__isnull', False), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'notice'), ('notice__isnull', False), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'unanswered'), ('notice__isnull', False), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), models.Q(('alert__isnull', True), ('days__isnull', True), ('emergency__isnull', True), ('kind', 'news'), ('notice__isnull', True), ('nudge__isnull', True), ('receipt__isnull', True), ('release__isnull', True), ('user__isnull', False)), _connector='OR'), name='letter_of_its_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='Preferences',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('messages', models.CharField(choices=[('at_once', 'By mail, at once'), ('digest', 'In one mail a day'), ('portal', 'In the portal only')], default='at_once', max_length=8)),
                        ('referrals', models.CharField(choices=[('at_once', 'By mail, at once'), ('digest', 'In one mail a day'), ('portal', 'In the portal only')], default='at_once', max_length=8)),
                        ('coordination', models.CharField(choices=[('at_once', 'By mail, at once'), ('digest', 'In one mail a day'), ('portal', 'In the portal only')], default='digest', max_length=8)),
                        ('notes', models.CharField(choices=[('at_once', 'By mail, at once'), ('digest', 'In one mail a day'), ('portal', 'In the portal only')], default='digest', max_length=8)),
                        ('releases', models.CharField(choices=[('at_once', 'By mail, at once'), ('digest', 'In one mail a day'), ('portal', 'In the portal only')], default='digest', max_length=8)),
                        ('digest_hour', models.PositiveSmallIntegerField(default=8, help_text='0 to 23')),
                        ('quiet_from', models.TimeField(blank=True, null=True)),
                        ('quiet_until', models.TimeField(blank=True, null=True)),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='preferences', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('coordination__in', ['at_once', 'digest', 'portal']), ('messages__in', ['at_once', 'digest', 'portal']), ('notes__in', ['at_once', 'digest', 'portal']), ('referrals__in', ['at_once', 'digest', 'portal']), ('releases__in', ['at_once', 'digest', 'portal'])), name='preferences_ways_known'), models.CheckConstraint(condition=models.Q(('digest_hour__gte', 0), ('digest_hour__lte', 23)), name='preferences_hour_of_day'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_until', None)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='preferences_quiet_from_until')],
                    },
                ),
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('opens_at', models.DateTimeField()),
                        ('closes_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('pending', 'Waiting for its window'), ('sent', 'Sent'), ('done', 'Session held'), ('missed', 'Window closed'), ('cancelled', 'Cancelled'), ('failed', 'Could not be sent')], default='pending', max_length=10)),
                        ('cancel_reason', models.CharField(blank=True, choices=[('dose_changed', 'The dose was given or cancelled'), ('release_ended', 'No release permits it'), ('not_theirs', 'It is no longer for this person'), ('answered', 'Somebody has answered it'), ('nothing_new', 'Nothing of it is new and open to them')], max_length=20)),
                        ('state_since', models.DateTimeField(auto_now_add=True)),
                        ('leased_until', models.DateTimeField(blank=True, null=True)),
                        ('lease', models.UUIDField(editable=False, null=True)),
                        ('faults', models.PositiveSmallIntegerField(default=0)),
                        ('fault', models.CharField(blank=True, max_length=60)),
                        ('tried_before', models.PositiveSmallIntegerField(default=0)),
                        ('kind', models.CharField(choices=[('preparation', 'Preparation, 72–24 h before'), ('primary', 'Integration, 24–48 h'), ('secondary', 'Consolidation, 4–7 days')], max_length=12)),
                        ('dosing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='care_sessions.dosingsession')),
                        ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='care_sessions.episodeofcare')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['opens_at', 'closes_at'], include=('leased_until',), name='reminder_pending'), models.Index(condition=models.Q(('state__in', ('failed', 'missed'))), fields=['state_since', 'id'], name='reminder_unsent'), models.Index(condition=models.Q(('state', 'sent')), fields=['closes_at'], name='reminder_told')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='reminder_window_ordered'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sent', 'done', 'missed', 'cancelled', 'failed'])), name='reminder_state_known'), models.CheckConstraint(condition=models.Q(('state', 'cancelled'), ('cancel_reason', ''), _connector='XOR'), name='reminder_cancelled_with_reason'), models.UniqueConstraint(fields=('episode', 'kind', 'dosing'), name='reminder_window_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['preparation', 'primary', 'secondary'])), name='reminder_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('place', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=40)),
                        ('is_default', models.BooleanField(default=False, help_text='The list opens with it')),
                        ('show', models.CharField(blank=True, choices=[('you', 'Waiting on you'), ('clinic', 'Waiting on the clinic'), ('client', 'Waiting on the client'), ('practice', 'Waiting on the practice'), ('none', 'Nothing waits'), ('ended', 'Ended')], max_length=10)),
                        ('stage', models.CharField(blank=True, choices=[('referral', 'Referral'), ('intake', 'Intake'), ('care', 'In care'), ('screening', 'Screening and clearance'), ('preparation', 'Preparation'), ('treatment', 'Dosing and integration'), ('ended', 'After treatment')], max_length=12)),
                        ('model', models.CharField(blank=True, choices=[('pi', 'Preparation and integration around the dose'), ('kap', 'Psychotherapy during the dose'), ('parallel', 'Parallel: the therapist goes on separately')], max_length=10)),
                        ('mine', models.BooleanField(default=False)),
                        ('ended', models.BooleanField(default=False)),
                        ('sort', models.CharField(choices=[('closing', 'Next to close'), ('wait', 'Longest wait'), ('client', 'Client’s name')], default='closing', max_length=10)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('house', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['place'],
                        'constraints': [models.UniqueConstraint(models.F('user'), django.db.models.functions.text.Lower('name'), name='savedview_name_once'), models.UniqueConstraint(fields=('user', 'place'), name='savedview_place_once'), models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('user',), name='savedview_one_default'), models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 10)), name='savedview_at_most_ten'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='savedview_has_a_name'), models.CheckConstraint(condition=models.Q(('show__in', ['', 'you', 'clinic', 'client', 'practice', 'none', 'ended']), ('stage__in', ['', 'referral', 'intake', 'care', 'screening', 'preparation', 'treatment', 'ended']), ('model__in', ['', 'pi', 'kap', 'parallel']), ('sort__in', ['closing', 'wait', 'client'])), name='savedview_words_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Conference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('planned_at', models.DateTimeField(auto_now_add=True)),
                        ('called_off_at', models.DateTimeField(blank=True, null=True)),
                        ('called_off_why', models.CharField(blank=True, max_length=200)),
                        ('called_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conferences', to='reminders.conferenceseries')),
                    ],
                    options={
                        'ordering': ['-at'],
                        'constraints': [models.UniqueConstraint(fields=('series', 'at'), name='conference_once'), models.CheckConstraint(condition=models.Q(models.Q(('called_off_at', None), ('called_off_by', None), ('called_off_why', '')), models.Q(('called_off_at__isnull', False), ('called_off_by__isnull', False), models.Q(('called_off_why', ''), _negated=True)), _connector='OR'), name='conference_called_off_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='Notification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('message', 'A message was written'), ('referral_sent', 'A referral came in'), ('question_answered', 'The practice answered the clinic'), ('withdrawn', 'A referral was withdrawn'), ('lapsed', 'A referral lapsed'), ('taken_back', 'A referral was entered in error'), ('received', 'The clinic confirmed receipt'), ('replied', 'The clinic replied to a referral'), ('more_time', 'The clinic asked for more time'), ('begun', 'Treatment began'), ('ended', 'Treatment ended'), ('handed_over', 'A referral was handed over'), ('cover', 'A cover was agreed'), ('plan_proposed', 'A coordination plan was proposed'), ('plan_agreed', 'A coordination plan is in force'), ('invited', 'An invitation to a case conference'), ('called_off', 'A case conference does not take place'), ('decision', 'A conference gave somebody something to do'), ('note_signed', 'A continuity note was signed'), ('session_logged', 'A session was logged'), ('release_signed', 'A release was signed'), ('release_over', 'A release ended'), ('release_ending', 'A release ends soon'), ('window', 'A window opened'), ('alert', 'A safety alert was raised'), ('notice', 'An emergency notice was raised'), ('unanswered', 'An emergency notice had no answer')], max_length=20)),
                        ('source', models.PositiveBigIntegerField()),
                        ('at', models.DateTimeField(help_text='When it happened')),
                        ('seen_at', models.DateTimeField(blank=True, null=True)),
                        ('letter', models.ForeignKey(help_text='Which mail told of it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='news', to='reminders.letter')),
                        ('referral', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.referral')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['user', '-at', '-id'], name='notification_of_user'), models.Index(condition=models.Q(('seen_at', None)), fields=['user', '-at'], name='notification_unseen'), models.Index(condition=models.Q(('letter', None), ('seen_at', None)), fields=['at'], name='notification_unmailed')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'kind', 'source', 'at'), name='notification_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['message', 'referral_sent', 'question_answered', 'withdrawn', 'lapsed', 'taken_back', 'received', 'replied', 'more_time', 'begun', 'ended', 'handed_over', 'cover', 'plan_proposed', 'plan_agreed', 'invited', 'called_off', 'decision', 'note_signed', 'session_logged', 'release_signed', 'release_over', 'release_ending', 'window', 'alert', 'notice', 'unanswered'])), name='notification_kind_known'), models.CheckConstraint(condition=models.Q(('seen_at', None), ('seen_at__gte', models.F('at')), _connector='OR'), name='notification_seen_after_it_happened')],
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
                        ('error', models.CharField(blank=True, help_text='The class, never the words', max_length=60)),
                        ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='reminders.letter')),
                        ('reminder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='reminders.reminder')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('reminder', 'number'), name='attempt_once'), models.UniqueConstraint(fields=('letter', 'number'), name='attempt_of_letter_once'), models.CheckConstraint(condition=models.Q(('reminder', None), ('letter', None), _connector='XOR'), name='attempt_of_one_message')],
                    },
                ),
                migrations.CreateModel(
                    name='ConferenceCase',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('taken_off_at', models.DateTimeField(blank=True, null=True)),
                        ('taken_off_why', models.CharField(blank=True, max_length=200)),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('conference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.conference')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.referral')),
                        ('taken_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'case on the agenda of a conference',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='conferencecase_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='conferencecase_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='conferencecase_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='conferencecase_sensitivities_known'), models.UniqueConstraint(condition=models.Q(('taken_off_at', None)), fields=('conference', 'referral'), name='conferencecase_once'), models.CheckConstraint(condition=models.Q(('category', 'integration')), name='conferencecase_is_integration'), models.CheckConstraint(condition=models.Q(models.Q(('taken_off_at', None), ('taken_off_by', None), ('taken_off_why', '')), models.Q(('taken_off_at__isnull', False), ('taken_off_by__isnull', False), models.Q(('taken_off_why', ''), _negated=True)), _connector='OR'), name='conferencecase_taken_off_whole')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='ConferenceAttendance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('therapist', 'Referring therapist'), ('physician', 'Physician'), ('prescriber', 'Prescriber'), ('nurse', 'Nurse'), ('kap_therapist', 'KAP therapist'), ('coordinator', 'Coordinator'), ('administrator', 'Administrator')], help_text='As it was then', max_length=20)),
                        ('present', models.BooleanField()),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('conference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='reminders.conference')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.conferencecase')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['therapist', 'physician', 'prescriber', 'nurse', 'kap_therapist', 'coordinator', 'administrator'])), name='conferenceattendance_role_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ConferenceDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('text', models.CharField(max_length=300)),
                        ('due_on', models.DateField()),
                        ('done_at', models.DateTimeField(blank=True, null=True)),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.conferencecase')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.conferencedecision')),
                    ],
                    options={
                        'verbose_name': 'decision of a case conference',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='conferencedecision_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='conferencedecision_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='conferencedecision_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='conferencedecision_sensitivities_known'), models.CheckConstraint(condition=models.Q(('category__in', ('integration', 'schedule', 'safety')), models.Q(('text', ''), _negated=True)), name='conferencedecision_whole'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='conferencedecision_done_whole')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='ConferenceInvitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('invited_at', models.DateTimeField(auto_now_add=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.conferencecase')),
                        ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('case', 'person'), name='conferenceinvitation_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ConferenceReason',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('kind', models.CharField(choices=[('alert', 'Safety alert'), ('adverse', 'Adverse event'), ('worse', 'Deterioration'), ('missed', 'Missed window'), ('referral', 'New referral'), ('by_hand', 'Put on by the team')], max_length=10)),
                        ('detail', models.CharField(blank=True, max_length=20)),
                        ('text', models.CharField(blank=True, max_length=300)),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.conferencecase')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                    ],
                    options={
                        'verbose_name': 'reason for a case conference',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='conferencereason_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='conferencereason_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='conferencereason_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='conferencereason_sensitivities_known'), models.UniqueConstraint(fields=('case', 'kind', 'detail', 'occurred_at'), name='conferencereason_once'), models.CheckConstraint(condition=models.Q(models.Q(('category', 'safety'), ('kind', 'alert')), models.Q(('category', 'safety'), ('kind', 'adverse')), models.Q(('category', 'outcomes'), ('kind', 'worse')), models.Q(('category', 'schedule'), ('kind', 'missed')), models.Q(('category', 'integration'), ('kind', 'referral')), models.Q(('category__in', ('integration', 'schedule', 'safety')), ('kind', 'by_hand')), _connector='OR'), name='conferencereason_category_of_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'by_hand'), models.Q(('text', ''), _negated=True)), models.Q(models.Q(('kind', 'by_hand'), _negated=True), ('text', '')), _connector='OR'), name='conferencereason_in_words_by_hand')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
            ],
        ),
    ]
