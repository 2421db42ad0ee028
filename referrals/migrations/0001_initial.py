import audit.tables
import consent.fields
import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        audit.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Referral',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('state', models.CharField(choices=[('draft', 'Draft'), ('requested', 'Sent'), ('received', 'Received'), ('information_asked', 'More information asked'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('in_progress', 'In progress'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('lapsed', 'Closed unanswered'), ('in_error', 'Entered in error')], default='draft', max_length=20)),
                        ('state_since', models.DateTimeField(auto_now_add=True)),
                        ('version', models.PositiveIntegerField(default=0, help_text='Counts saves of the draft')),
                        ('reason', models.TextField(blank=True, max_length=4000)),
                        ('collaboration', models.CharField(blank=True, choices=[('clinic_medical', 'Clinic medical only: I prepare and integrate'), ('clinic_full', 'The clinic also prepares and integrates'), ('shared', 'Shared: divided session by session')], max_length=20)),
                        ('agreement', models.CharField(blank=True, choices=[('together', 'We wrote this referral together'), ('verbal', 'In conversation'), ('written', 'In writing')], max_length=20)),
                        ('agreed_on', models.DateField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('submitted_at', models.DateTimeField(blank=True, null=True)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('referrer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'permissions': [('view_case', 'May open the case'), ('contribute_case', 'May add to the case'), ('coordinate_case', 'Answers for the case at the practice')],
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['clinic', 'state', 'state_since'], name='referral_queue'), models.Index(fields=['client'], name='referral_by_client')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'requested', 'received', 'information_asked', 'accepted', 'declined', 'in_progress', 'completed', 'cancelled', 'lapsed', 'in_error'])), name='referral_state_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'cancelled']), models.Q(('collaboration__in', ['clinic_medical', 'clinic_full', 'shared']), ('submitted_at__isnull', False), ('agreed_on__isnull', False), ('agreement__in', ['together', 'verbal', 'written']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='referral_sent_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='Cover',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('starts_at', models.DateTimeField(help_text='The first moment of the first day, at the practice')),
                        ('until', models.DateTimeField(help_text='The first moment after the last day')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('ended_at', models.DateTimeField(blank=True, help_text='Ended before its time', null=True)),
                        ('over_noted_at', models.DateTimeField(blank=True, help_text='When the round noted that its time was over', null=True)),
                        ('colleague', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('covered', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'ordering': ['starts_at', 'pk'],
                        'indexes': [models.Index(fields=['colleague', 'until'], name='cover_of_colleague')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('covered', models.F('colleague')), _negated=True), name='cover_by_another'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('starts_at'))), name='cover_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='cover_ended_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='Nudge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateTimeField(help_text='Since when that move waited')),
                        ('at', models.DateTimeField()),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nudges', to='referrals.referral')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('referral', 'since'), name='nudge_once'), models.CheckConstraint(condition=models.Q(('at__gt', models.F('since'))), name='nudge_after_waiting')],
                    },
                ),
                migrations.CreateModel(
                    name='MessageDraft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=0, help_text='Counts saves')),
                        ('content', models.JSONField(help_text='Fields of the form, as typed')),
                        ('saved_at', models.DateTimeField(auto_now=True)),
                        ('writer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='referrals.referral')),
                    ],
                    options={
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'constraints': [models.UniqueConstraint(fields=('referral', 'writer'), name='messagedraft_one_a_thread')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('kind', models.CharField(choices=[('check_in', 'Check-in before a dose'), ('question', 'Question'), ('scheduling', 'Scheduling'), ('aftercare', 'Aftercare'), ('answer', 'Answer')], max_length=12)),
                        ('urgent', models.BooleanField(default=False)),
                        ('themes', models.TextField(blank=True, max_length=4000)),
                        ('mental_status', models.TextField(blank=True, max_length=4000)),
                        ('readiness', models.TextField(blank=True, max_length=4000)),
                        ('stressors', models.TextField(blank=True, max_length=4000)),
                        ('adherence', models.CharField(blank=True, choices=[('as_prescribed', 'As prescribed'), ('irregular', 'Not every dose'), ('stopped', 'Stopped'), ('no_medicines', 'Takes no medicines'), ('not_known', 'Not known')], max_length=15)),
                        ('text', models.TextField(blank=True, max_length=4000)),
                        ('pdf_pages', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('answers', models.ForeignKey(blank=True, help_text='In its thread', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.message')),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.referral')),
                    ],
                    options={
                        'verbose_name': 'message',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='message_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='message_by_time'), models.Index(fields=['referral', '-occurred_at'], name='message_of_thread')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='message_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='message_sensitivities_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['check_in', 'question', 'scheduling', 'aftercare', 'answer'])), name='message_kind_known'), models.CheckConstraint(condition=models.Q(('kind', 'answer'), ('answers', None), _connector='XOR'), name='message_answer_answers'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', {'aftercare': 'schedule', 'check_in': 'themes', 'scheduling': 'schedule'}), _negated=True), models.Q(('category', 'themes'), ('kind', 'check_in')), models.Q(('category', 'schedule'), ('kind', 'scheduling')), models.Q(('category', 'schedule'), ('kind', 'aftercare')), _connector='OR'), name='message_category_of_kind'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(models.Q(('themes', ''), _negated=True), models.Q(('mental_status', ''), _negated=True), models.Q(('readiness', ''), _negated=True), models.Q(('adherence', ''), _negated=True)), ('kind', 'check_in')), models.Q(models.Q(('adherence', ''), ('mental_status', ''), ('readiness', ''), ('stressors', ''), ('themes', '')), models.Q(('kind', 'check_in'), _negated=True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='message_parts_of_kind'), models.CheckConstraint(condition=models.Q(('adherence__in', ['', 'as_prescribed', 'irregular', 'stopped', 'no_medicines', 'not_known'])), name='message_adherence_known')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='InterimMessage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('answer_by', models.DateField()),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interims', to='referrals.referral')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='ContextItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('kind', models.CharField(choices=[('goals', 'Goals'), ('fit_stable', 'Stable enough for outpatient care'), ('fit_willing', 'Willing to prepare and integrate'), ('fit_support', 'A support plan for after sessions'), ('fit_open', 'Open to a structured process'), ('history', 'Treatment history and diagnoses'), ('medicines', 'Medicines'), ('risk', 'Risk considerations'), ('contraindications', 'Possible contraindications'), ('addition', 'Answer to the clinic')], max_length=20)),
                        ('answer', models.CharField(blank=True, choices=[('yes', 'Yes'), ('no', 'No'), ('not_known', 'Not known')], max_length=10)),
                        ('text', models.TextField(blank=True, max_length=8000)),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='referrals.referral')),
                    ],
                    options={
                        'verbose_name': 'what the practice told the clinic',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='contextitem_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='contextitem_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='contextitem_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='contextitem_sensitivities_known'), models.UniqueConstraint(condition=models.Q(('kind', 'addition'), _negated=True), fields=('referral', 'kind'), name='contextitem_kind_once'), models.CheckConstraint(condition=models.Q(models.Q(('category', 'integration'), ('kind', 'goals')), models.Q(('category', 'readiness'), ('kind', 'fit_stable')), models.Q(('category', 'readiness'), ('kind', 'fit_willing')), models.Q(('category', 'readiness'), ('kind', 'fit_support')), models.Q(('category', 'readiness'), ('kind', 'fit_open')), models.Q(('category', 'history'), ('kind', 'history')), models.Q(('category', 'history'), ('kind', 'medicines')), models.Q(('category', 'risk'), ('kind', 'risk')), models.Q(('category', 'contraindications'), ('kind', 'contraindications')), models.Q(('category', 'history'), ('kind', 'addition')), _connector='OR'), name='contextitem_category_of_kind')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Closing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('reason', models.CharField(choices=[('client_decided', 'The client decided against it'), ('elsewhere', 'The client is treated elsewhere'), ('not_now', 'It does not fit the client now'), ('not_reached', 'The client is out of reach'), ('another', 'Another referral takes its place'), ('other', 'Another reason'), ('wrong_client', 'It is about the wrong client'), ('wrong_clinic', 'It went to the wrong clinic'), ('not_agreed', 'The client had not agreed'), ('by_mistake', 'It was sent by mistake'), ('stale', 'Nobody took the next step')], max_length=20)),
                        ('text', models.TextField(blank=True, max_length=2000)),
                        ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.referral')),
                    ],
                    options={
                        'verbose_name': 'why the referral was closed',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='closing_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='closing_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='closing_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='closing_sensitivities_known'), models.CheckConstraint(condition=models.Q(('category', 'readiness')), name='closing_is_readiness'), models.CheckConstraint(condition=models.Q(('reason__in', ['client_decided', 'elsewhere', 'not_now', 'not_reached', 'another', 'other', 'wrong_client', 'wrong_clinic', 'not_agreed', 'by_mistake', 'stale'])), name='closing_reason_known'), models.CheckConstraint(condition=models.Q(('reason', 'stale'), ('author__isnull', False), _connector='XOR'), name='closing_by_somebody'), models.UniqueConstraint(condition=models.Q(('reason__in', ['wrong_client', 'wrong_clinic', 'not_agreed', 'by_mistake']), _negated=True), fields=('referral',), name='closing_ended_once'), models.UniqueConstraint(condition=models.Q(('reason__in', ['wrong_client', 'wrong_clinic', 'not_agreed', 'by_mistake'])), fields=('referral',), name='closing_in_error_once')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='ClinicReply',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('kind', models.CharField(choices=[('asked', 'The clinic asks for information'), ('accepted', 'Accepted'), ('declined', 'Declined')], max_length=10)),
                        ('reason', models.CharField(blank=True, help_text='AskReason or DeclineReason', max_length=20)),
                        ('text', models.TextField(blank=True, max_length=4000)),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.referral')),
                    ],
                    options={
                        'verbose_name': 'answer to the referral',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='clinicreply_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='clinicreply_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='clinicreply_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='clinicreply_sensitivities_known'), models.CheckConstraint(condition=models.Q(('category', 'readiness')), name='clinicreply_is_readiness'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind__in', ['asked', 'declined']), _negated=True), ('reason', '')), models.Q(('kind', 'asked'), ('reason__in', ['history', 'medicines', 'medical', 'risk', 'support', 'contact', 'other'])), models.Q(('kind', 'declined'), ('reason__in', ['medical', 'outpatient', 'other_first', 'criteria', 'capacity', 'not_reached', 'client_decided', 'cost', 'other'])), _connector='OR'), name='clinicreply_reason_of_kind')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='ReferralGroupPermission',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='referrals.referral')),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ReferralUserPermission',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='referrals.referral')),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Reopening',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('note', models.TextField(max_length=2000)),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_up_by', to='referrals.referral')),
                        ('referral', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reopening', to='referrals.referral')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('referral', models.F('of')), _negated=True), name='reopening_of_another'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='reopening_has_a_note')],
                    },
                ),
                migrations.CreateModel(
                    name='MessagePdf',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                        ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                        ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('pdf', models.BinaryField()),
                        ('pdf_sha256', models.CharField(max_length=64)),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.message')),
                    ],
                    options={
                        'verbose_name': 'attachment to a message',
                        'abstract': False,
                        'base_manager_name': 'unscoped',
                        'default_manager_name': 'unscoped',
                        'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='messagepdf_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='messagepdf_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='messagepdf_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='messagepdf_sensitivities_known'), models.CheckConstraint(condition=models.Q(('pdf_sha256', ''), _negated=True), name='messagepdf_whole')],
                    },
                    managers=[
                        ('unscoped', django.db.models.manager.Manager()),
                    ],
                ),
            ],
        ),
        migrations.AlterUniqueTogether(
            name='referralgrouppermission',
            unique_together={('group', 'permission', 'content_object')},
        ),
        migrations.AlterUniqueTogether(
            name='referraluserpermission',
            unique_together={('user', 'permission', 'content_object')},
        ),
    ]
