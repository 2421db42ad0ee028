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
        ('people', '0001_initial'),
        ('referrals', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EpisodeOfCare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('treatment_model', models.CharField(choices=[('pi', 'Preparation and integration around the dose'), ('kap', 'Psychotherapy during the dose'), ('parallel', 'Parallel: the therapist goes on separately')], max_length=10)),
                ('collaboration', models.CharField(choices=[('clinic_medical', 'Clinic medical only: I prepare and integrate'), ('clinic_full', 'The clinic also prepares and integrates'), ('shared', 'Shared: divided session by session')], max_length=20)),
                ('phase', models.CharField(choices=[('induction', 'Induction'), ('maintenance', 'Maintenance')], default='induction', max_length=12)),
                ('expected_doses', models.PositiveSmallIntegerField()),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_reason', models.CharField(blank=True, max_length=200)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('integration_owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('preparation_owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='episode', to='referrals.referral')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('expected_doses__gte', 1), ('expected_doses__lte', 60)), name='episode_expected_doses_1_to_60'), models.CheckConstraint(condition=models.Q(('collaboration__in', ['clinic_medical', 'clinic_full', 'shared']), ('treatment_model__in', ['pi', 'kap', 'parallel'])), name='episode_choices_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ended_reason', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='episode_ended_whole')],
            },
        ),
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('result', models.CharField(choices=[('cleared', 'Cleared'), ('conditional', 'Cleared with conditions'), ('deferred', 'Deferred'), ('not_cleared', 'Not cleared')], max_length=12)),
                ('conditions', models.TextField(blank=True, max_length=2000)),
                ('valid_until', models.DateField(blank=True, help_text='The last day it holds', null=True)),
                ('allergies', models.CharField(help_text='With reaction; “None known” if none', max_length=300)),
                ('medicines', models.TextField(blank=True, max_length=2000)),
                ('weight_kg', models.DecimalField(decimal_places=1, max_digits=5)),
                ('systolic', models.PositiveSmallIntegerField()),
                ('diastolic', models.PositiveSmallIntegerField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='care_sessions.episodeofcare')),
            ],
            options={
                'ordering': ['-recorded_at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('result__in', ['cleared', 'conditional']), _negated=True), ('valid_until__isnull', False), _connector='OR'), name='clearance_has_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'conditional'), _negated=True), models.Q(('conditions', ''), _negated=True), _connector='OR'), name='clearance_states_conditions'), models.CheckConstraint(condition=models.Q(('weight_kg__gte', 20), ('weight_kg__lte', 350)), name='clearance_weight_kg'), models.CheckConstraint(condition=models.Q(('diastolic__gte', 20), ('systolic__gte', 40), ('systolic__lte', 300), ('diastolic__lt', models.F('systolic'))), name='clearance_blood_pressure')],
            },
        ),
        migrations.CreateModel(
            name='DosingSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('planned_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('route', models.CharField(blank=True, choices=[('iv', 'IV'), ('im', 'IM'), ('intranasal', 'Intranasal'), ('sublingual', 'Sublingual'), ('oral', 'Oral')], max_length=12)),
                ('dose_mg', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ('weight_kg', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True)),
                ('given_at', models.DateTimeField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
                ('discharged_at', models.DateTimeField(blank=True, null=True)),
                ('mental_status', models.CharField(blank=True, max_length=300)),
                ('escort', models.CharField(blank=True, max_length=120)),
                ('discharged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='doses', to='care_sessions.episodeofcare')),
            ],
            options={
                'ordering': ['episode', 'number'],
                'indexes': [models.Index(fields=['planned_at'], name='dose_by_plan')],
                'constraints': [models.UniqueConstraint(fields=('episode', 'number'), name='dose_number_once'), models.CheckConstraint(condition=models.Q(('dose_mg', None), models.Q(('dose_mg__gt', 0), ('dose_mg__lte', 1000)), _connector='OR'), name='dose_mg_above_0_to_1000'), models.CheckConstraint(condition=models.Q(('weight_kg', None), models.Q(('weight_kg__gte', 20), ('weight_kg__lte', 350)), _connector='OR'), name='dose_weight_kg'), models.CheckConstraint(condition=models.Q(models.Q(('dose_mg', None), ('given_at', None), ('given_by', None), ('route', '')), models.Q(('dose_mg__isnull', False), ('given_at__isnull', False), ('given_by__isnull', False), ('cancelled_at', None), ('route__in', ['iv', 'im', 'intranasal', 'sublingual', 'oral']), ('weight_kg__isnull', False)), _connector='OR'), name='dose_given_whole'), models.CheckConstraint(condition=models.Q(models.Q(('discharged_at', None), ('discharged_by', None)), models.Q(('discharged_at__gt', models.F('given_at')), ('discharged_by__isnull', False), models.Q(('escort', ''), _negated=True), models.Q(('mental_status', ''), _negated=True)), _connector='OR'), name='dose_discharged_after_given')],
            },
        ),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('goals', models.TextField(max_length=4000)),
                ('readiness', models.TextField(max_length=4000)),
                ('modality', models.CharField(help_text='Therapy modality', max_length=120)),
                ('support_plan', models.TextField(max_length=4000)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='care_sessions.episodeofcare')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-recorded_at', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IntegrationSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('held', 'Held'), ('missed', 'Missed')], default='held', max_length=8)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='care_sessions.episodeofcare')),
            ],
            options={
                'verbose_name': 'integration session',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'unscoped',
                'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='integrationsession_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='integrationsession_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='integrationsession_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='integrationsession_sensitivities_known'), models.CheckConstraint(condition=models.Q(('category', 'schedule'), ('state__in', ['held', 'missed'])), name='integrationsession_is_schedule')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PreparationSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('held_at', models.DateTimeField()),
                ('intentions', models.TextField(max_length=4000)),
                ('coping_tools', models.TextField(blank=True, max_length=4000)),
                ('themes', models.TextField(blank=True, max_length=4000)),
                ('expectations_discussed', models.BooleanField(default=False)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='care_sessions.episodeofcare')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-recorded_at', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CareEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('clearance', 'Clearance'), ('preparation_held', 'Preparation session'), ('dose_planned', 'Dose planned'), ('dose_given', 'Dose given'), ('dose_cancelled', 'Dose cancelled')], max_length=20)),
                ('dose_number', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('dosing', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='event', to='care_sessions.dosingsession')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='care_sessions.episodeofcare')),
            ],
            options={
                'verbose_name': 'date or result',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'unscoped',
                'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='careevent_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='careevent_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='careevent_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='careevent_sensitivities_known'), models.CheckConstraint(condition=models.Q(models.Q(('category', 'readiness'), ('kind', 'clearance')), models.Q(('category', 'schedule'), ('kind', 'preparation_held')), models.Q(('category', 'schedule'), ('kind', 'dose_planned')), models.Q(('category', 'schedule'), ('kind', 'dose_given')), models.Q(('category', 'schedule'), ('kind', 'dose_cancelled')), _connector='OR'), name='careevent_category_of_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind__startswith', 'dose_'), _negated=True), models.Q(('dose_number__isnull', False), ('dosing__isnull', False)), _connector='OR'), name='careevent_dose_has_dosing')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ContinuityNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0, help_text='Counts saves of the draft')),
                ('draft', models.JSONField(default=dict, help_text='category: text; emptied by signing')),
                ('draft_substance_use', models.JSONField(default=list, help_text='categories so marked')),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dosing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='note', to='care_sessions.dosingsession')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='care_sessions.episodeofcare')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_by', None)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='note_signed_at_and_by')],
            },
        ),
        migrations.CreateModel(
            name='ContraindicationAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('condition', models.CharField(choices=[('hypertension', 'Uncontrolled high blood pressure'), ('cardiac', 'Significant heart disease'), ('cardiovascular_event', 'A cardiovascular event within six weeks'), ('aneurysm', 'Aneurysm'), ('malformation', 'Arteriovenous malformation'), ('haemorrhage', 'Prior intracerebral haemorrhage'), ('pressure', 'Raised intracranial or intraocular pressure'), ('psychosis', 'Active psychosis'), ('mania', 'Mania'), ('substance_use', 'Active substance use'), ('pregnancy', 'Pregnancy or breastfeeding'), ('organ', 'Severe liver, thyroid or respiratory disease'), ('allergy', 'Allergy to ketamine')], max_length=24)),
                ('answer', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('not_known', 'Not known')], max_length=10)),
                ('comment', models.CharField(blank=True, max_length=300)),
                ('clearance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='care_sessions.clearance')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clearance', 'condition'), name='contraindication_once'), models.CheckConstraint(condition=models.Q(('answer__in', ['yes', 'no', 'not_known']), ('condition__in', ['hypertension', 'cardiac', 'cardiovascular_event', 'aneurysm', 'malformation', 'haemorrhage', 'pressure', 'psychosis', 'mania', 'substance_use', 'pregnancy', 'organ', 'allergy'])), name='contraindication_known')],
            },
        ),
        migrations.CreateModel(
            name='SideEffect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('effect', models.CharField(choices=[('nausea', 'Nausea'), ('vomiting', 'Vomiting'), ('dizziness', 'Dizziness'), ('headache', 'Headache'), ('distress', 'Distress'), ('raised_pressure', 'Raised blood pressure'), ('other', 'Something else')], max_length=20)),
                ('severity', models.CharField(choices=[('mild', 'Mild'), ('moderate', 'Moderate'), ('severe', 'Severe')], default='mild', max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('dosing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='side_effects', to='care_sessions.dosingsession')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('effect__in', ['nausea', 'vomiting', 'dizziness', 'headache', 'distress', 'raised_pressure', 'other']), ('severity__in', ['mild', 'moderate', 'severe'])), name='side_effect_known')],
            },
        ),
        migrations.CreateModel(
            name='Vitals',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('systolic', models.PositiveSmallIntegerField()),
                ('diastolic', models.PositiveSmallIntegerField()),
                ('heart_rate', models.PositiveSmallIntegerField()),
                ('spo2', models.PositiveSmallIntegerField()),
                ('respiratory_rate', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('sedation', models.CharField(blank=True, choices=[('alert', 'Alert'), ('calm', 'Calm'), ('drowsy', 'Drowsy'), ('dissociated', 'Dissociated'), ('unresponsive', 'Does not respond')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('dosing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vitals', to='care_sessions.dosingsession')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('diastolic__gte', 20), ('systolic__gte', 40), ('systolic__lte', 300), ('diastolic__lt', models.F('systolic'))), name='vitals_blood_pressure'), models.CheckConstraint(condition=models.Q(('heart_rate__gte', 20), ('heart_rate__lte', 250)), name='vitals_heart_rate'), models.CheckConstraint(condition=models.Q(('spo2__gte', 50), ('spo2__lte', 100)), name='vitals_spo2'), models.CheckConstraint(condition=models.Q(('respiratory_rate', None), models.Q(('respiratory_rate__gte', 2), ('respiratory_rate__lte', 60)), _connector='OR'), name='vitals_respiratory_rate')],
            },
        ),
        migrations.CreateModel(
            name='NoteSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('text', models.TextField(max_length=8000)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='care_sessions.continuitynote')),
            ],
            options={
                'verbose_name': 'part of a continuity note',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'unscoped',
                'indexes': [models.Index(fields=['client', 'category', '-occurred_at', '-id'], name='notesection_by_category'), models.Index(fields=['client', '-occurred_at', '-id'], name='notesection_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes'])), name='notesection_category_known'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='notesection_sensitivities_known'), models.UniqueConstraint(fields=('note', 'category'), name='notesection_category_once'), models.CheckConstraint(condition=models.Q(('category__in', ('treatment', 'response', 'safety', 'integration', 'schedule'))), name='notesection_category_of_note')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
