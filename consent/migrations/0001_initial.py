import consent.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClientLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('client', 'organization'), name='clientlink_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.BigIntegerField()),
                ('sequence', models.PositiveIntegerField(help_text='1, 2, 3 … for each client')),
                ('at', models.DateTimeField()),
                ('reader_id', models.BigIntegerField()),
                ('reader_name', models.CharField(max_length=170)),
                ('reader_role', models.CharField(max_length=20)),
                ('organization_id', models.BigIntegerField()),
                ('organization_name', models.CharField(max_length=120)),
                ('organization_address', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(help_text='A Purpose or an EmergencyBasis', max_length=20)),
                ('channel', models.CharField(choices=[('page', 'Page'), ('fragment', 'Part of a page'), ('worklist', 'Worklist'), ('pdf', 'PDF'), ('export', 'Copy handed over')], max_length=10)),
                ('emergency_id', models.BigIntegerField(help_text='Opened without a release', null=True)),
                ('releases', models.JSONField(help_text='ids')),
                ('categories', models.JSONField(help_text='sorted')),
                ('sensitivities', models.JSONField(help_text='sorted')),
                ('items', models.JSONField(help_text='[model, id, category, date, release or null]')),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['client_id', '-sequence'],
                'indexes': [models.Index(fields=['-at'], name='disclosure_by_time')],
                'constraints': [models.UniqueConstraint(fields=('client_id', 'sequence'), name='disclosure_sequence_once')],
            },
        ),
        migrations.CreateModel(
            name='DisclosureQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('sequence', models.PositiveIntegerField()),
                ('text', models.CharField(blank=True, max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('client', 'organization', 'sequence'), name='question_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='question_answered_whole')],
            },
        ),
        migrations.CreateModel(
            name='EmergencyAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('basis', models.CharField(choices=[('medical', 'Medical emergency'), ('threat', 'Serious and imminent threat')], max_length=10)),
                ('nature', models.CharField(help_text='Of the emergency or the threat', max_length=500)),
                ('told_to', models.CharField(blank=True, help_text='Threat: who can lessen it and is told', max_length=200)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, help_text='Given back before the hour', null=True)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('justified', models.BooleanField(null=True)),
                ('review', models.CharField(blank=True, max_length=500)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('clinic', models.ForeignKey(help_text='Whose administrators review it', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('organization', models.ForeignKey(help_text="The reader's facility", on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['reader', 'client', '-opened_at'], name='emergency_of_reader'), models.Index(fields=['clinic', '-opened_at'], name='emergency_of_clinic')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('nature', ''), _negated=True), models.Q(('basis', 'medical'), models.Q(('basis', 'threat'), models.Q(('told_to', ''), _negated=True)), _connector='OR')), name='emergency_reason_whole'), models.CheckConstraint(condition=models.Q(models.Q(('justified', None), ('reviewed_at', None), ('reviewed_by', None)), models.Q(('justified__isnull', False), ('reviewed_at__isnull', False), ('reviewed_by__isnull', False), models.Q(('review', ''), _negated=True)), _connector='OR'), name='emergency_reviewed_whole')],
            },
        ),
        migrations.CreateModel(
            name='LedgerHead',
            fields=[
                ('client_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('hash', models.CharField(default='', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='OutsideContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('relation', models.CharField(help_text='Sister, cardiologist, peer supporter', max_length=80)),
                ('workplace', models.CharField(blank=True, max_length=120)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('relation', ''), _negated=True)), name='contact_name_and_relation'), models.UniqueConstraint(models.F('client'), models.F('clinic'), django.db.models.functions.text.Lower('name'), django.db.models.functions.text.Lower('relation'), name='contact_once')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('statements', models.JSONField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'version'), name='wording_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revocation_asked_by', models.CharField(blank=True, choices=[('client', 'The client'), ('representative', 'Their representative'), ('clinic', 'The clinic, for a reason of its own')], max_length=20)),
                ('revocation_asked_how', models.CharField(blank=True, choices=[('phone', 'By phone'), ('writing', 'In writing'), ('in_person', 'In person'), ('own_page', "On the client's own page")], max_length=10)),
                ('revocation_reason', models.CharField(blank=True, max_length=300)),
                ('form_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('legal_form', models.CharField(choices=[('authorization', 'HIPAA authorization (45 CFR 164.508)'), ('part2_care', 'Part 2 consent for treatment, payment and operations (42 CFR 2.31)')], default='authorization', max_length=20)),
                ('sensitivities', consent.fields.SensitivitiesField(blank=True, default='', max_length=200)),
                ('starts_at', models.DateTimeField(blank=True, help_text='Empty: when it is signed', null=True)),
                ('until', models.DateTimeField(blank=True, help_text='The first moment it is over', null=True)),
                ('ending', models.CharField(blank=True, choices=[('', 'On a date'), ('end_of_treatment', 'When treatment at the clinic ends'), ('none', 'It does not end by itself')], max_length=20)),
                ('service_from', models.DateTimeField(blank=True, null=True)),
                ('service_until', models.DateTimeField(blank=True, null=True)),
                ('revocation_how', models.CharField(blank=True, max_length=300)),
                ('witness_required', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('sent_at', models.DateTimeField(blank=True, help_text='Ready for the client to sign', null=True)),
                ('discarded_at', models.DateTimeField(blank=True, null=True)),
                ('signed_at', models.DateTimeField(blank=True, help_text='In force from this moment', null=True)),
                ('method', models.CharField(blank=True, choices=[('screen', "On the clinic's screen"), ('link', 'By a link sent to the client'), ('paper', 'On paper')], max_length=10)),
                ('signer', models.CharField(blank=True, choices=[('client', 'The client'), ('representative', 'A personal representative')], max_length=20)),
                ('signer_name', models.CharField(blank=True, max_length=160)),
                ('signer_authority', models.CharField(blank=True, max_length=160)),
                ('electronic_agreed', models.BooleanField(default=False)),
                ('drawn', models.JSONField(blank=True, default=list, help_text='See documents.strokes')),
                ('witness_name', models.CharField(blank=True, max_length=160)),
                ('paper_signed_on', models.DateField(blank=True, null=True)),
                ('text', models.TextField(blank=True, help_text='Exactly what was signed')),
                ('text_sha256', models.CharField(blank=True, max_length=64)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('event_at', models.DateTimeField(blank=True, help_text='When `ending` came about', null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(help_text='The clinic that discloses', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('presented_by', models.ForeignKey(help_text='Who handed over the screen, sent the link or verified the paper', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(help_text="The staff member; empty when it was done on the client's own page", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supersedes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='consent.release')),
                ('wording', models.ForeignKey(help_text="Empty: kapcare's", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.wording')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('revoked_at', None), ('signed_at__isnull', False)), fields=['client'], include=('until',), name='release_in_force'), models.Index(fields=['organization', 'until'], name='release_by_clinic'), models.Index(condition=models.Q(('declined_at', None), ('discarded_at', None), ('signed_at', None)), fields=['organization', 'sent_at'], name='release_unanswered'), models.Index(condition=models.Q(('revoked_at', None), ('signed_at__isnull', False)), fields=['until'], name='release_by_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('signed_at', None), models.Q(('declined_at', None), ('discarded_at', None), ('sent_at__isnull', False), models.Q(('until__isnull', False), models.Q(('ending', ''), _negated=True), _connector='OR'), ('presented_by__isnull', False), ('signer__in', ['client', 'representative']), models.Q(models.Q(('electronic_agreed', True), ('method__in', ['screen', 'link'])), models.Q(('method', 'paper'), ('paper_signed_on__isnull', False)), _connector='OR'), models.Q(('witness_required', False), models.Q(('witness_name', ''), _negated=True), _connector='OR'), models.Q(('signer_name', ''), _negated=True), models.Q(('revocation_how', ''), _negated=True), models.Q(('text', ''), _negated=True), models.Q(('text_sha256', ''), _negated=True)), _connector='OR'), name='release_signed_whole'), models.CheckConstraint(condition=models.Q(('ending__in', ['', 'end_of_treatment']), models.Q(('ending', 'none'), ('legal_form', 'part2_care')), _connector='OR'), name='release_ending_allowed'), models.CheckConstraint(condition=models.Q(('legal_form', 'authorization'), models.Q(('legal_form', 'part2_care'), models.Q(('sensitivities', ''), _negated=True)), _connector='OR'), name='release_part2_form_for_part2_records'), models.CheckConstraint(condition=models.Q(models.Q(('signer', 'representative'), _negated=True), models.Q(('signer_authority', ''), _negated=True), _connector='OR'), name='release_representative_has_authority'), models.CheckConstraint(condition=models.Q(('until', None), ('starts_at', None), ('until__gt', models.F('starts_at')), _connector='OR'), name='release_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('signed_at', None), ('until', None), ('until__gt', models.F('signed_at')), _connector='OR'), name='release_ends_after_signing'), models.CheckConstraint(condition=models.Q(('service_from', None), ('service_until', None), ('service_until__gt', models.F('service_from')), _connector='OR'), name='release_service_period_ordered'), models.CheckConstraint(condition=models.Q(('signed_at__isnull', False), models.Q(('event_at', None), ('revoked_at', None), ('superseded_at', None)), _connector='OR'), name='release_ends_once_signed'), models.CheckConstraint(condition=models.Q(('event_at', None), ('ending', 'end_of_treatment'), _connector='OR'), name='release_event_of_its_ending'), models.UniqueConstraint(condition=models.Q(('declined_at', None), ('discarded_at', None)), fields=('supersedes',), name='release_one_renewal'), models.CheckConstraint(condition=models.Q(('sensitivities__in', ['', 'substance_use'])), name='release_sensitivities_known'), models.CheckConstraint(condition=models.Q(models.Q(('revocation_asked_by', ''), ('revocation_asked_how', ''), ('revocation_reason', ''), ('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revocation_asked_by__in', ['client', 'representative', 'clinic']), ('revocation_asked_how__in', ['phone', 'writing', 'in_person', 'own_page']), models.Q(('revocation_asked_how', 'own_page'), models.Q(('revoked_by__isnull', False), models.Q(('revocation_reason', ''), _negated=True)), _connector='OR')), _connector='OR'), name='release_revoked_whole')],
            },
        ),
        migrations.CreateModel(
            name='PaperCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf', models.BinaryField()),
                ('pdf_sha256', models.CharField(max_length=64)),
                ('pages', models.PositiveSmallIntegerField()),
                ('signed_on', models.DateField()),
                ('signer', models.CharField(max_length=20)),
                ('signer_name', models.CharField(max_length=160)),
                ('signer_authority', models.CharField(blank=True, max_length=160)),
                ('witness_name', models.CharField(blank=True, max_length=160)),
                ('shared', models.JSONField(help_text='[direction, category] as ticked on the paper')),
                ('text_sha256', models.CharField(help_text='Of the text that was transcribed', max_length=64)),
                ('transcribed_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(null=True)),
                ('rejected_reason', models.CharField(blank=True, max_length=300)),
                ('transcribed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='consent.release')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('rejected_reason', ''), ('verified_at', None), ('verified_by', None)), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='papercopy_verified_at_and_by'), models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(('verified_by', models.F('transcribed_by')), _negated=True), _connector='OR'), name='papercopy_verified_by_a_second'), models.UniqueConstraint(condition=models.Q(('verified_at', None)), fields=('release',), name='papercopy_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('signed', 'You signed'), ('amended', 'You replaced it with a newer one'), ('expired', 'It came to its end'), ('withdrawn', 'It was withdrawn')], max_length=10)),
                ('about', models.CharField(blank=True, help_text='The one recipient withdrawn, or empty for all', max_length=200)),
                ('at', models.DateTimeField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='consent.release')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('release', 'kind', 'about'), name='receipt_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['signed', 'amended', 'expired', 'withdrawn'])), name='receipt_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('out', 'From the clinic to the recipient'), ('in', "From the recipient's organisation to the clinic")], max_length=3)),
                ('category', models.CharField(choices=[('schedule', 'Schedule'), ('readiness', 'Readiness'), ('treatment', 'Treatment'), ('response', 'Response'), ('safety', 'Safety'), ('integration', 'Integration'), ('outcomes', 'Outcomes'), ('history', 'History'), ('risk', 'Risk'), ('contraindications', 'Contraindications'), ('themes', 'Therapy themes')], max_length=20)),
                ('effect', models.CharField(choices=[('permit', 'Shared'), ('deny', 'Declined by the client')], default='permit', max_length=6)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='consent.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'direction', 'category'), name='release_category_once'), models.CheckConstraint(condition=models.Q(('category__in', ['schedule', 'readiness', 'treatment', 'response', 'safety', 'integration', 'outcomes', 'history', 'risk', 'contraindications', 'themes']), ('direction__in', ['out', 'in']), ('effect__in', ['permit', 'deny'])), name='release_category_known')],
            },
        ),
        migrations.CreateModel(
            name='ReleasePurpose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('coordination', 'Coordinating care'), ('at_request', 'At the request of the client')], max_length=20)),
                ('in_their_words', models.CharField(blank=True, max_length=200)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='purposes', to='consent.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'purpose'), name='release_purpose_once'), models.CheckConstraint(condition=models.Q(('purpose__in', ['coordination', 'at_request'])), name='release_purpose_known')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseRecipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revocation_asked_by', models.CharField(blank=True, choices=[('client', 'The client'), ('representative', 'Their representative'), ('clinic', 'The clinic, for a reason of its own')], max_length=20)),
                ('revocation_asked_how', models.CharField(blank=True, choices=[('phone', 'By phone'), ('writing', 'In writing'), ('in_person', 'In person'), ('own_page', "On the client's own page")], max_length=10)),
                ('revocation_reason', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(choices=[('person', 'A person with an account'), ('role', 'Everybody with a role at an organisation'), ('contact', 'Somebody without an account')], max_length=10)),
                ('role', models.CharField(blank=True, choices=[('therapist', 'Referring therapist'), ('physician', 'Physician'), ('prescriber', 'Prescriber'), ('nurse', 'Nurse'), ('kap_therapist', 'KAP therapist'), ('coordinator', 'Coordinator'), ('administrator', 'Administrator')], max_length=20)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.outsidecontact')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='consent.release')),
                ('revoked_by', models.ForeignKey(help_text="The staff member; empty when it was done on the client's own page", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'person')), fields=('release', 'user'), name='release_person_once'), models.UniqueConstraint(condition=models.Q(('kind', 'role')), fields=('release', 'organization', 'role'), name='release_role_once'), models.UniqueConstraint(condition=models.Q(('kind', 'contact')), fields=('release', 'contact'), name='release_contact_once'), models.CheckConstraint(condition=models.Q(models.Q(('contact', None), ('kind', 'person'), ('organization__isnull', False), ('role', ''), ('user__isnull', False)), models.Q(('contact', None), ('kind', 'role'), ('organization__isnull', False), ('role__in', ['physician', 'therapist']), ('user', None)), models.Q(('contact__isnull', False), ('kind', 'contact'), ('organization', None), ('role', ''), ('user', None)), _connector='OR'), name='release_recipient_of_its_kind'), models.CheckConstraint(condition=models.Q(models.Q(('revocation_asked_by', ''), ('revocation_asked_how', ''), ('revocation_reason', ''), ('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revocation_asked_by__in', ['client', 'representative', 'clinic']), ('revocation_asked_how__in', ['phone', 'writing', 'in_person', 'own_page']), models.Q(('revocation_asked_how', 'own_page'), models.Q(('revoked_by__isnull', False), models.Q(('revocation_reason', ''), _negated=True)), _connector='OR')), _connector='OR'), name='release_recipient_revoked_whole')],
            },
        ),
        migrations.CreateModel(
            name='SignedDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pdf', models.BinaryField()),
                ('pdf_sha256', models.CharField(max_length=64)),
                ('text_sha256', models.CharField(help_text='Of the text inside', max_length=64)),
                ('made_at', models.DateTimeField()),
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='document', to='consent.release')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pdf_sha256', ''), _negated=True), name='signeddocument_hashed')],
            },
        ),
        migrations.CreateModel(
            name='SigningLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('on_screen', models.BooleanField(help_text="Handed over on the clinic's own screen")),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='consent.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None), ('used_at', None)), fields=('release',), name='signinglink_one_open'), models.UniqueConstraint(condition=models.Q(('used_at__isnull', False)), fields=('release',), name='signinglink_used_once')],
            },
        ),
    ]
