import audit.tables
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import people.models.accounts
import people.validators
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        audit.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('name', models.CharField(max_length=120, validators=[django.core.validators.MinLengthValidator(2)])),
                        ('credentials', models.CharField(blank=True, help_text='LCSW, MD, RN', max_length=40)),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='email address')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once')],
                    },
                    managers=[
                        ('objects', people.models.accounts.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Organization',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120)),
                        ('kind', models.CharField(choices=[('clinic', 'Clinic'), ('practice', 'Practice')], max_length=10)),
                        ('address', models.CharField(blank=True, max_length=200)),
                        ('phone', models.CharField(blank=True, max_length=40)),
                        ('timezone', models.CharField(default='America/New_York', max_length=40, validators=[people.validators.validate_timezone])),
                        ('is_part2_program', models.BooleanField(default=False, help_text='A federally assisted program that holds itself out for substance-use care (42 CFR 2.11)')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='organization_name_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['clinic', 'practice'])), name='organization_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Client',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('first_name', models.CharField(max_length=80)),
                        ('last_name', models.CharField(max_length=80)),
                        ('date_of_birth', models.DateField(validators=[people.validators.validate_birth_date])),
                        ('phone', models.CharField(blank=True, max_length=40)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('safe_contact', models.CharField(blank=True, choices=[('phone', 'Phone call, a message may be left'), ('phone_no_message', 'Phone call, leave no message'), ('text', 'Text message'), ('email', 'Email'), ('therapist', 'Only through the therapist')], max_length=20)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('created_by_organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'indexes': [models.Index(django.db.models.functions.text.Lower('last_name'), django.db.models.functions.text.Lower('first_name'), name='client_by_name')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('first_name', ''), _negated=True), models.Q(('last_name', ''), _negated=True)), name='client_has_a_name'), models.CheckConstraint(condition=models.Q(('date_of_birth__gte', '1900-01-01')), name='client_born_since_1900')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('therapist', 'Referring therapist'), ('physician', 'Physician'), ('prescriber', 'Prescriber'), ('nurse', 'Nurse'), ('kap_therapist', 'KAP therapist'), ('coordinator', 'Coordinator'), ('administrator', 'Administrator')], max_length=20)),
                        ('started_at', models.DateTimeField(auto_now_add=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.organization')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user',), name='membership_one_at_a_time'), models.CheckConstraint(condition=models.Q(('role__in', ['therapist', 'physician', 'prescriber', 'nurse', 'kap_therapist', 'coordinator', 'administrator'])), name='membership_role_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Licence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('checked_at', models.DateTimeField(null=True)),
                        ('error_at', models.DateTimeField(null=True)),
                        ('error_reason', models.CharField(blank=True, max_length=200)),
                        ('kind', models.CharField(choices=[('md', 'MD, physician'), ('do', 'DO, osteopathic physician'), ('np', 'NP, nurse practitioner'), ('pa', 'PA, physician assistant'), ('rn', 'RN, registered nurse'), ('lpn', 'LPN, practical nurse'), ('phd', 'PhD, psychologist'), ('psyd', 'PsyD, psychologist'), ('lcsw', 'LCSW, clinical social worker'), ('lpc', 'LPC, professional counselor'), ('lmhc', 'LMHC, mental health counselor'), ('lmft', 'LMFT, marriage and family therapist')], max_length=10)),
                        ('number', models.CharField(max_length=40)),
                        ('issuer', models.CharField(help_text='The state or board that issued it', max_length=80)),
                        ('expires_on', models.DateField(help_text='The last day on which it is valid')),
                        ('checked_by', models.ForeignKey(help_text='Who has seen the proof', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('error_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL)),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'ordering': ['-expires_on', '-pk'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('checked_at', None), ('checked_by', None)), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('checked_by', models.F('person')), _negated=True)), _connector='OR'), name='licence_checked_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('error_at', None), ('error_by', None), ('error_reason', '')), models.Q(('error_at__isnull', False), ('error_by__isnull', False), models.Q(('error_reason', ''), _negated=True)), _connector='OR'), name='licence_error_whole'), models.CheckConstraint(condition=models.Q(('kind__in', ['md', 'do', 'np', 'pa', 'rn', 'lpn', 'phd', 'psyd', 'lcsw', 'lpc', 'lmhc', 'lmft']), models.Q(('number', ''), _negated=True), models.Q(('issuer', ''), _negated=True)), name='licence_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='JoinRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('md', 'MD, physician'), ('do', 'DO, osteopathic physician'), ('np', 'NP, nurse practitioner'), ('pa', 'PA, physician assistant'), ('rn', 'RN, registered nurse'), ('lpn', 'LPN, practical nurse'), ('phd', 'PhD, psychologist'), ('psyd', 'PsyD, psychologist'), ('lcsw', 'LCSW, clinical social worker'), ('lpc', 'LPC, professional counselor'), ('lmhc', 'LMHC, mental health counselor'), ('lmft', 'LMFT, marriage and family therapist')], max_length=10)),
                        ('number', models.CharField(max_length=40)),
                        ('issuer', models.CharField(help_text='The state or board that issued it', max_length=80)),
                        ('expires_on', models.DateField(help_text='The last day on which it is valid')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('credentials', models.CharField(blank=True, max_length=40)),
                        ('email', models.EmailField(max_length=254)),
                        ('practice', models.CharField(help_text='As they call it', max_length=120)),
                        ('asked_at', models.DateTimeField(auto_now_add=True)),
                        ('answer', models.CharField(blank=True, choices=[('approved', 'Invited'), ('declined', 'Declined')], max_length=10)),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('reason', models.CharField(blank=True, help_text='Why it was declined', max_length=300)),
                        ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'ordering': ['asked_at', 'pk'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['md', 'do', 'np', 'pa', 'rn', 'lpn', 'phd', 'psyd', 'lcsw', 'lpc', 'lmhc', 'lmft']), models.Q(('number', ''), _negated=True), models.Q(('issuer', ''), _negated=True)), name='joinrequest_licence_whole'), models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('clinic', 'email'), name='joinrequest_one_waiting'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='joinrequest_email_low'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None), ('reason', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(models.Q(('answer', 'approved'), ('reason', '')), models.Q(('answer', 'declined'), models.Q(('reason', ''), _negated=True)), _connector='OR')), _connector='OR'), name='joinrequest_answered_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='ClinicProfile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('version', models.PositiveIntegerField(help_text="1 for a clinic's first")),
                        ('published_at', models.DateTimeField(auto_now_add=True)),
                        ('takes_referrals', models.BooleanField()),
                        ('wait_weeks', models.PositiveSmallIntegerField(blank=True, help_text='0: less than one; null: takes none now', null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(104)])),
                        ('reply_days', models.PositiveSmallIntegerField(help_text='Working days until a referral is answered', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)])),
                        ('answer_days', models.PositiveSmallIntegerField(help_text='Seven bits; Monday is the lowest', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(127)])),
                        ('answers_from', models.TimeField(help_text='By the clock of the clinic')),
                        ('answers_until', models.TimeField()),
                        ('phone', models.CharField(help_text='For questions of therapists', max_length=40)),
                        ('dosing', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='How the medicine is dosed and given')),
                        ('staff_training', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='How the staff are trained')),
                        ('safety', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='Safety: measures, staff and equipment')),
                        ('integration', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='Setting intentions and integrating')),
                        ('collaboration', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='Working with outside therapists')),
                        ('candidates', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='How candidates are chosen')),
                        ('session', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='What a session is like')),
                        ('aftercare', models.TextField(validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name='Follow-up and aftercare')),
                        ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('organization', 'version'), name='clinicprofile_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('dosing', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('dosing'), 3000)), name='clinicprofile_dosing_given'), models.CheckConstraint(condition=models.Q(models.Q(('staff_training', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('staff_training'), 3000)), name='clinicprofile_staff_training_given'), models.CheckConstraint(condition=models.Q(models.Q(('safety', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('safety'), 3000)), name='clinicprofile_safety_given'), models.CheckConstraint(condition=models.Q(models.Q(('integration', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('integration'), 3000)), name='clinicprofile_integration_given'), models.CheckConstraint(condition=models.Q(models.Q(('collaboration', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('collaboration'), 3000)), name='clinicprofile_collaboration_given'), models.CheckConstraint(condition=models.Q(models.Q(('candidates', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('candidates'), 3000)), name='clinicprofile_candidates_given'), models.CheckConstraint(condition=models.Q(models.Q(('session', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('session'), 3000)), name='clinicprofile_session_given'), models.CheckConstraint(condition=models.Q(models.Q(('aftercare', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('aftercare'), 3000)), name='clinicprofile_aftercare_given'), models.CheckConstraint(condition=models.Q(('phone', ''), _negated=True), name='clinicprofile_has_phone'), models.CheckConstraint(condition=models.Q(('reply_days__gte', 1), ('reply_days__lte', 10)), name='clinicprofile_replies_in_days'), models.CheckConstraint(condition=models.Q(('answer_days__gte', 1), ('answer_days__lte', 127), ('answers_until__gt', models.F('answers_from'))), name='clinicprofile_somebody_answers'), models.CheckConstraint(condition=models.Q(models.Q(('takes_referrals', False), ('wait_weeks', None)), models.Q(('takes_referrals', True), ('wait_weeks__isnull', False), ('wait_weeks__lte', 104)), _connector='OR'), name='clinicprofile_wait_if_open')],
                    },
                ),
                migrations.CreateModel(
                    name='Partnership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateTimeField(auto_now_add=True)),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('clinic', 'practice'), name='partnership_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PracticeLicence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('md', 'MD, physician'), ('do', 'DO, osteopathic physician'), ('np', 'NP, nurse practitioner'), ('pa', 'PA, physician assistant'), ('rn', 'RN, registered nurse'), ('lpn', 'LPN, practical nurse'), ('phd', 'PhD, psychologist'), ('psyd', 'PsyD, psychologist'), ('lcsw', 'LCSW, clinical social worker'), ('lpc', 'LPC, professional counselor'), ('lmhc', 'LMHC, mental health counselor'), ('lmft', 'LMFT, marriage and family therapist')], max_length=10)),
                        ('number', models.CharField(max_length=40)),
                        ('issuer', models.CharField(help_text='The state or board that issued it', max_length=80)),
                        ('expires_on', models.DateField(help_text='The last day on which it is valid')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'ordering': ['-recorded_at', '-pk'],
                        'abstract': False,
                        'indexes': [models.Index(fields=['person', 'practice'], name='practicelicence_of')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['md', 'do', 'np', 'pa', 'rn', 'lpn', 'phd', 'psyd', 'lcsw', 'lpc', 'lmhc', 'lmft']), models.Q(('number', ''), _negated=True), models.Q(('issuer', ''), _negated=True)), name='practicelicence_licence_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='ProfileDraft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(default=0, help_text='Counts saves')),
                        ('content', models.JSONField(default=dict)),
                        ('saved_at', models.DateTimeField(auto_now=True)),
                        ('organization', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Training',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('recorded_at', models.DateTimeField(auto_now_add=True)),
                        ('checked_at', models.DateTimeField(null=True)),
                        ('error_at', models.DateTimeField(null=True)),
                        ('error_reason', models.CharField(blank=True, max_length=200)),
                        ('kind', models.CharField(choices=[('didactic', 'Didactic'), ('observation', 'Observation'), ('supervised', 'Supervised practice')], max_length=12)),
                        ('topic', models.CharField(help_text='Program and what it was about', max_length=120)),
                        ('hours', models.DecimalField(decimal_places=2, max_digits=5)),
                        ('completed_on', models.DateField()),
                        ('expires_on', models.DateField(blank=True, help_text='The last day on which it counts; empty: it does not end', null=True)),
                        ('checked_by', models.ForeignKey(help_text='Who has seen the proof', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('error_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL)),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-completed_on', '-pk'],
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('checked_at', None), ('checked_by', None)), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('checked_by', models.F('person')), _negated=True)), _connector='OR'), name='training_checked_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('error_at', None), ('error_by', None), ('error_reason', '')), models.Q(('error_at__isnull', False), ('error_by__isnull', False), models.Q(('error_reason', ''), _negated=True)), _connector='OR'), name='training_error_whole'), models.CheckConstraint(condition=models.Q(('kind__in', ['didactic', 'observation', 'supervised']), models.Q(('topic', ''), _negated=True)), name='training_whole'), models.CheckConstraint(condition=models.Q(('hours__gt', 0), ('hours__lte', 500)), name='training_hours_0_to_500'), models.CheckConstraint(condition=models.Q(('expires_on', None), ('expires_on__gte', models.F('completed_on')), _connector='OR'), name='training_expires_after_it')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('token_sha256', models.CharField(max_length=64, unique=True)),
                        ('role', models.CharField(choices=[('therapist', 'Referring therapist'), ('physician', 'Physician'), ('prescriber', 'Prescriber'), ('nurse', 'Nurse'), ('kap_therapist', 'KAP therapist'), ('coordinator', 'Coordinator'), ('administrator', 'Administrator')], max_length=20)),
                        ('email', models.EmailField(max_length=254)),
                        ('name', models.CharField(blank=True, help_text='As the inviter knows them', max_length=120)),
                        ('created_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('accepted_at', models.DateTimeField(blank=True, null=True)),
                        ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.joinrequest')),
                        ('clinic', models.ForeignKey(blank=True, help_text='Whose administrator invites; empty: a therapist of the practice itself', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'ordering': ['-created_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('closed_at', None)), fields=('organization', 'email'), name='invitation_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False), ('closed_at', None)), _connector='OR'), name='invitation_accepted_whole'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='invitation_lasts'), models.CheckConstraint(condition=models.Q(('role__in', ['therapist', 'physician', 'prescriber', 'nurse', 'kap_therapist', 'coordinator', 'administrator'])), name='invitation_role_known'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='invitation_email_low')],
                    },
                ),
                migrations.CreateModel(
                    name='ClientMerge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('reason', models.CharField(help_text='How it is known that they are one', max_length=200)),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('merged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('clinic', 'merged'), name='clientmerge_once'), models.CheckConstraint(condition=models.Q(('merged', models.F('survivor')), _negated=True), name='clientmerge_of_two_records'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='clientmerge_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='LicenceCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('result', models.CharField(choices=[('valid', 'Valid'), ('not_confirmed', 'Not confirmed: not found, not valid, or restricted')], max_length=15)),
                        ('source', models.CharField(help_text='The register where it was looked up', max_length=120)),
                        ('looked_up_on', models.DateField()),
                        ('valid_until', models.DateField(blank=True, help_text='The last day, as the register says', null=True)),
                        ('checked_at', models.DateTimeField(auto_now_add=True)),
                        ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('licence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='people.practicelicence')),
                    ],
                    options={
                        'ordering': ['-checked_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='licencecheck_has_a_source'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'valid'), ('valid_until__isnull', False), ('valid_until__gte', models.F('looked_up_on'))), models.Q(('result', 'not_confirmed'), ('valid_until', None)), _connector='OR'), name='licencecheck_valid_until_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Registration',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateTimeField(auto_now_add=True)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='people.client')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('client', 'organization'), name='registration_once')],
                    },
                ),
                migrations.CreateModel(
                    name='TwoPeople',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                        ('higher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                        ('lower', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('clinic', 'lower', 'higher'), name='twopeople_once'), models.CheckConstraint(condition=models.Q(('lower__lt', models.F('higher'))), name='twopeople_in_order')],
                    },
                ),
            ],
        ),
    ]
