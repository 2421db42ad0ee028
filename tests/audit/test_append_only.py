"""What is history stays: by the ORM, by a queryset, by raw SQL, on both engines."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from consent.documents.kept import keep_document
from consent.documents.wording import STATEMENTS
from consent.models import (
    DisclosureQuestion,
    EmergencyAccess,
    LedgerHead,
    PaperCopy,
    Release,
    ReleasePurpose,
    ReleaseRecipient,
    TreatmentConsent,
    TreatmentPaper,
    TreatmentWording,
    Wording,
)
from referrals.models import Referral
from sessions.actions.notices import escalate_notice
from sessions.actions.outcomes import mark_in_error
from sessions.enums.notices import NextInLine
from sessions.enums.outcomes import Instrument
from sessions.models import (
    ContinuityNote,
    DosingSession,
    EpisodeOfCare,
    GateOverride,
    OverrideReview,
    PsychotherapyNote,
)
from tests import triggers
from tests.audit.kept import APPEND_ONLY, FROZEN, GUARDS
from tests.builder import Builder
from tests.consent.reading import read
from tests.consent.scans import scan
from tests.factories import make_client
from tests.people import joining
from tests.people.profiles import publish_profile
from tests.referrals.covers import agreed
from tests.referrals.ended import went_every_way
from tests.referrals.talking import say
from tests.reminders import conferring
from tests.sessions import booking, coordinating, sheets
from tests.sessions.asking import enter
from tests.sessions.filled import record_what_follows
from tests.sessions.telling import tell
from tests.stock import stocked


@pytest.fixture
def history(full_case):
    """A case in which every kind of row stands, a signed release and a disclosure among them."""
    keep_document(full_case.active(in_categories=["history", "integration", "themes"]))
    keep_document(TreatmentConsent.objects.get())
    write_by_hand(full_case)
    joining.everything(full_case.cast)
    agreed(full_case.cast.therapist, full_case.cast.colleague)
    read(full_case.cast.therapist, full_case.client.pk)
    coordinating.write_each_once(full_case)
    booking.write_each_once(full_case)
    conferring.write_each_once(full_case)
    answer(full_case)
    say(full_case.cast.therapist, full_case.referral, pdf=scan())
    escalate_notice(notice=tell(full_case), to=NextInLine.PRESCRIBERS, at=timezone.now())
    stocked(full_case.cast, full_case.dosing)
    return full_case


def answer(case) -> None:
    """A response that raised an alert and was entered in error, and a word on the clinic."""
    response = enter(case, item_9=1)
    mark_in_error(by=case.cast.nurse, response=response, reason="x")
    enter(case, Instrument.SATISFACTION, 9)


def write_by_hand(case) -> None:
    """The rows that no step of the builder makes."""
    sheets.write_each_once(case)
    went_every_way(case)
    PsychotherapyNote.unscoped.update(closed_at=timezone.now())
    cast, release, now = case.cast, Release.objects.get(), timezone.now()
    record_what_follows(case)
    publish_profile(cast.administrator)
    administrator = {"organization": cast.clinic, "created_by": cast.administrator}
    Wording.objects.create(
        version=1, statements={k: s.text for k, s in STATEMENTS.items()}, **administrator
    )
    TreatmentWording.objects.create(version=1, statements={}, **administrator)
    scan = {
        "pdf": b"%PDF",
        "pdf_sha256": "x",
        "pages": 1,
        "signed_on": now.date(),
        "signer": "client",
        "signer_name": "Robin",
        "text_sha256": "x",
        "transcribed_by": cast.administrator,
        "transcribed_at": now,
    }
    PaperCopy.objects.create(release=release, shared=[], **scan)
    TreatmentPaper.objects.create(consent=TreatmentConsent.objects.get(), **scan)
    EmergencyAccess.objects.create(
        client=case.client,
        clinic=cast.clinic,
        basis="medical",
        reader=cast.nurse,
        organization=cast.clinic,
        nature="x",
        opened_at=now,
    )
    lifted = GateOverride.objects.create(
        dosing=case.plan(now), gate="escort", reason="x", overridden_by=cast.prescriber
    )
    OverrideReview.objects.create(override=lifted, finding="x", reviewed_by=cast.nurse)
    DisclosureQuestion.objects.create(
        client=case.client, organization=cast.clinic, sequence=1, asked_at=now
    )


def rows(model):
    manager = getattr(model, "unscoped", model.objects)
    if model is ContinuityNote:
        return manager.filter(signed_at__isnull=False)
    if model is DosingSession:
        return manager.filter(given_at__isnull=False)
    return manager.order_by("pk")


def attempts(model, changes):
    """(what was tried, how) for every way to change or delete the first row of a model."""
    row, table = rows(model).first(), model._meta.db_table
    assert row is not None, model
    column, value = next(iter(changes.items()))

    def save():
        setattr(row, column, value)
        row.save()

    def sql(statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, row.pk])

    one = rows(model).filter(pk=row.pk)
    update = f"UPDATE {table} SET {column} = %s WHERE id = %s"  # noqa: S608
    return [
        ("save", save),
        ("queryset update", lambda: one.update(**changes)),
        ("raw update", lambda: sql(update, value)),
        ("delete", row.delete),
        ("queryset delete", one.delete),
        ("raw delete", lambda: sql(f"DELETE FROM {table} WHERE id = %s")),  # noqa: S608
        ("quiet delete", lambda: one._raw_delete(one.db)),
    ]


def refused(attempt) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except DatabaseError:
        return True
    return False


@pytest.mark.pango
def test_history_is_neither_changed_nor_deleted_on_any_path(history):
    allowed = [
        (model.__name__, how)
        for model, changes in {**APPEND_ONLY, **FROZEN}.items()
        for how, attempt in attempts(model, changes)
        if not refused(attempt)
    ]
    assert allowed == []


def test_nothing_of_a_signed_release_changes_but_its_revocation(history):
    release = Release.objects.signed().get()
    values = {
        models.DateTimeField: timezone.now() + timedelta(days=9),
        models.BooleanField: None,
        models.JSONField: [[[1, 1]]],
        models.DateField: timezone.localdate(),
        models.ForeignKey: None,
        models.CharField: "representative",
        models.TextField: "other",
    }
    elsewhere = {
        "client": make_client(history.cast.practice),
        "organization": history.cast.practice,
        "created_by": history.cast.nurse,
        "presented_by": history.cast.nurse,
        "supersedes": history.draft_release(),
        "wording": Wording.objects.get(),
        "legal_form": "part2_care",
        "ending": "end_of_treatment",
        "sensitivities": "substance_use",
    }
    free = {"id", "form_key", "created_at", "superseded_at"}
    allowed = []
    for field in Release._meta.concrete_fields:
        if field.name in free or field.name.startswith(("revoked_", "revocation_")):
            continue
        kind = next(kind for kind in values if isinstance(field, kind))
        value = elsewhere.get(field.name, values[kind])
        if isinstance(field, models.BooleanField):
            value = not getattr(release, field.name)
        change = {field.name: value}
        one = Release.objects.filter(pk=release.pk)
        if not refused(lambda one=one, change=change: one.update(**change)):
            allowed.append(field.name)
    assert allowed == []
    assert refused(lambda: Release.objects.update(revocation_how="other"))


def test_one_more_part_of_a_signed_release_is_refused(history):
    release = Release.objects.get()
    other = history.draft_release()
    for attempt in (
        lambda: ReleasePurpose.objects.create(release=release, purpose="at_request"),
        lambda: ReleaseRecipient.objects.create(
            release=release, user=history.cast.stranger, organization=history.cast.other_practice
        ),
        lambda: other.recipients.update(release=release),
        lambda: other.categories.filter(category="treatment").update(release=release),
    ):
        assert refused(attempt)


def test_a_release_is_never_born_signed(history):
    release = Release.objects.get()
    release.pk, release.form_key = None, "7d4f1b52-4c37-4f1e-9d50-6f1f9a0a6c11"
    assert refused(lambda: release.save(force_insert=True))


def test_a_revocation_is_neither_changed_nor_taken_back(history):
    release = history.revoke(Release.objects.get())
    mine = Release.objects.filter(pk=release.pk)
    for fields in (
        {"revoked_at": timezone.now()},
        {"revocation_reason": "other"},
        {"revoked_at": None, "revoked_by": None, "revocation_asked_by": ""},
    ):
        assert refused(lambda fields=fields: mine.update(**fields))


def test_a_ledger_only_grows(history):
    head = LedgerHead.objects.filter(client_id=history.client.pk)
    assert refused(head.delete)
    assert refused(lambda: head.update(sequence=0))
    assert refused(lambda: head.update(client_id=999_999))


def test_a_referral_that_was_sent_is_kept(history):
    one = Referral.objects.filter(pk=history.referral.pk)
    assert refused(lambda: one._raw_delete(one.db))


def another_case(cast) -> Builder:
    """A referral that was accepted."""
    another = Builder(cast)
    another.send()
    another.accept()
    return another


def test_a_case_stays_with_its_client_and_its_houses(history):
    cast, another = history.cast, another_case(history.cast)
    elsewhere = {"client": another.client, "clinic": cast.other_practice}
    referral = Referral.objects.filter(pk=history.referral.pk)
    episode = EpisodeOfCare.objects.filter(pk=history.episode.pk)
    for rows, changes in (
        (referral, {**elsewhere, "practice": cast.other_practice}),
        (episode, {**elsewhere, "referral": another.referral}),
    ):
        for name, value in changes.items():
            assert refused(lambda rows=rows, change={name: value}: rows.update(**change)), name
    referral.update(reason="other")


def test_a_dose_that_was_given_stays_where_it_is(history):
    one = DosingSession.objects.filter(pk=rows(DosingSession).first().pk)
    other = history.plan(timezone.now())
    for change in (
        {"number": 99},
        {"planned_by": history.cast.nurse},
        {"recorded_at": timezone.now()},
        {"recorded_at": None},
    ):
        assert refused(lambda change=change: one.update(**change)), change
    planned = DosingSession.objects.filter(pk=other.pk)
    planned.update(number=99)  # a plan may still change
    another = another_case(history.cast)
    another.open()
    assert refused(lambda: one.update(episode=another.episode, number=98))
    planned.update(episode=another.episode, number=98)


def test_nothing_is_emptied_at_one_stroke(history):
    if connection.vendor != "postgresql":
        return  # SQLite has no TRUNCATE
    for model in APPEND_ONLY:
        statement = f"TRUNCATE {model._meta.db_table} CASCADE"
        assert refused(lambda statement=statement: connection.cursor().execute(statement)), model


def test_the_database_holds_exactly_these_guards(db):
    expected = {f"{table}_{guard}" for table, guards in GUARDS.items() for guard in guards}
    postgres = connection.vendor == "postgresql"
    for model in APPEND_ONLY:
        guards = ["no_update", "no_delete", *(["no_truncate"] if postgres else [])]
        expected |= {f"{model._meta.db_table}_{guard}" for guard in guards}
    assert triggers.names() == expected
