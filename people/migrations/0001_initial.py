import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
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
    ]
