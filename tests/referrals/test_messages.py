"""Messages: who writes what, what is refused, and what the database itself holds."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from consent.enums import Category as C
from people.concurrency import ChangedMeanwhile
from people.models import Membership
from referrals.actions.closing import cancel_referral
from referrals.actions.messages import discard_draft, keep_draft, send_message
from referrals.actions.team import add_to_case
from referrals.models import Message, MessageDraft, MessagePdf
from referrals.signals import message_sent
from tests.consent.scans import on_opening, scan
from tests.referrals.talking import CHECK_IN, SAID, content_of, keep, say
from tests.refusing import database_refuses

BEGUN = [
    ("therapist", "check_in", "themes"),
    ("therapist", "scheduling", "schedule"),
    ("coordinator", "aftercare", "schedule"),
    ("coordinator", "scheduling", "schedule"),
]


@pytest.mark.parametrize(("who", "kind", "category"), BEGUN)
def test_a_template_says_what_it_is_about(case, referral, who, kind, category):
    by = getattr(case.cast, who)
    message = say(by, referral, kind, category="history", urgent=True)
    row = Message.unscoped.get()
    assert (row.category, row.kind, row.urgent, row.author) == (category, kind, True, by)
    assert row.author_organization == by.membership.organization
    assert row.client == referral.client
    written = [text for _, text in row.parts]
    assert written == (
        [*list(CHECK_IN.values())[:4], "As prescribed"] if kind == "check_in" else [SAID]
    )
    event = AuditEvent.objects.get(event="message.sent")
    assert event.subject == f"referrals.message:{message.pk}"
    assert event.detail == {"kind": kind, "category": category, "urgent": True}


@pytest.mark.parametrize(
    ("who", "kind", "category"),
    [
        ("therapist", "aftercare", ""),
        ("coordinator", "check_in", ""),
        ("therapist", "question", "treatment"),  # travels from the clinic alone
        ("coordinator", "question", "history"),  # travels to the clinic alone
        ("therapist", "question", ""),
        ("therapist", "answer", "integration"),  # answers nothing
    ],
)
def test_what_a_side_does_not_write_is_refused_and_stays_a_draft(
    case, referral, who, kind, category
):
    by = getattr(case.cast, who)
    with pytest.raises(ValidationError):
        say(by, referral, kind, category=category)
    assert not Message.unscoped.exists()
    assert MessageDraft.objects.of_writer(by).get().content["text"] in (SAID, "")


@pytest.mark.parametrize("part", ["themes", "mental_status", "readiness", "adherence"])
def test_a_check_in_is_whole(referral, therapist, part):
    with pytest.raises(ValidationError):
        say(therapist, referral, "check_in", **{part: " "})
    assert say(therapist, referral, "check_in", stressors="").parts[-1][1] == "As prescribed"


@pytest.mark.parametrize(
    "who", ["colleague", "stranger", "physician", "administrator", "superuser", "lapsed"]
)
def test_whoever_has_no_part_in_the_thread_does_not_write(case, referral, who):
    by = getattr(case.cast, who)
    add_to_case(by=case.cast.therapist, referral=referral, user=case.cast.colleague)  # views alone
    with pytest.raises(PermissionDenied):
        keep(by, referral)
    with pytest.raises(PermissionDenied):
        send_message(by=by, referral=referral, form_key=uuid4(), version=1)
    with pytest.raises(PermissionDenied):
        discard_draft(by=by, referral=referral)


@pytest.mark.parametrize("who", ["prescriber", "nurse", "kaptherapist", "coordinator"])
def test_all_who_see_clients_at_the_clinic_write(case, referral, who):
    assert say(getattr(case.cast, who), referral).author_organization == case.cast.clinic


def test_a_contributing_colleague_writes(case, referral, colleague):
    rights = ("view_case", "contribute_case")
    add_to_case(by=case.cast.therapist, referral=referral, user=colleague, permissions=rights)
    assert say(colleague, referral).author == colleague


def test_nobody_writes_before_it_is_sent_or_after_it_is_withdrawn(case, therapist):
    referral = case.draft()
    with pytest.raises(PermissionDenied):
        keep(therapist, referral)
    case.fill_in()
    referral = case.send(last_name="Other")
    cancel_referral(by=therapist, referral=referral, reason="client_decided")
    with pytest.raises(PermissionDenied, match="withdrawn"):
        keep(therapist, referral)


def test_a_form_sent_twice_is_one_message_and_a_foreign_key_opens_nothing(case, referral):
    by, key, heard = case.cast.therapist, uuid4(), []

    def hear(sender, message, **kwargs):
        heard.append(message.pk)

    message_sent.connect(hear)
    draft = keep(by, referral, category="history")
    again = [
        send_message(by=by, referral=referral, form_key=key, version=draft.version)
        for _ in range(2)
    ]
    message_sent.disconnect(hear)
    assert {m.pk for m in again} == set(heard) == {Message.unscoped.get().pk}
    assert len(heard) == 1
    assert not MessageDraft.objects.of_writer(by).exists()
    with pytest.raises(ValidationError, match="used already"):
        send_message(by=case.cast.nurse, referral=referral, form_key=key, version=1)
    with pytest.raises(ValidationError, match="put away"):
        send_message(by=by, referral=referral, form_key=uuid4(), version=1)


def test_what_changed_since_it_was_looked_at_is_not_sent(referral, therapist):
    draft = keep(therapist, referral, category="history")
    keep(therapist, referral, category="history", text="Other words")
    with pytest.raises(ChangedMeanwhile):
        send_message(by=therapist, referral=referral, form_key=uuid4(), version=draft.version)
    assert not Message.unscoped.exists()


def test_a_draft_is_its_writers_alone_one_in_each_thread(case, referral, therapist):
    keep(therapist, referral, "check_in", themes="", mental_status="")
    draft = keep(therapist, referral, category="history")
    rows = MessageDraft.objects
    assert rows.of_writer(therapist).get() == draft
    assert not rows.of_writer(case.cast.nurse).exists()
    with pytest.raises(TypeError, match="of_writer"):
        rows.all()
    Membership.objects.filter(user=therapist).update(ended_at=timezone.now())
    del therapist.membership
    assert not rows.of_writer(therapist).exists()


@pytest.mark.parametrize("bad", ["x" * 4001, "a\x00b"])
def test_a_text_is_kept_whole_or_refused(referral, therapist, bad):
    with pytest.raises(ValidationError) as refused:
        keep(therapist, referral, text=bad)
    assert set(refused.value.error_dict) == {"text"}


def test_putting_away_twice_is_no_error(referral, therapist):
    keep(therapist, referral)
    for _ in range(2):
        discard_draft(by=therapist, referral=referral)
    assert not MessageDraft.objects.of_writer(therapist).exists()
    assert AuditEvent.objects.filter(event="message.put_away").count() == 1


# ---------------------------------------------------------------- answers
def test_an_answer_answers_what_its_writer_may_read(case, referral, therapist):
    question = say(case.cast.nurse, referral)
    with pytest.raises(ValidationError, match="no longer here"):
        say(therapist, referral, "answer", answers=question.pk)
    case.active()
    assert say(therapist, referral, "answer", answers=question.pk).answers == question


def test_an_answer_stays_in_its_thread(case, referral, therapist):
    elsewhere = say(therapist, referral, category="history")
    other = case.send(last_name="Other")
    with pytest.raises(ValidationError, match="no longer here"):
        say(therapist, other, "answer", answers=elsewhere.pk)


# ---------------------------------------------------------------- attachments
def test_a_pdf_is_about_the_same_as_its_message(referral, therapist):
    message = say(therapist, referral, category="history", substance_use=True, pdf=scan(pages=2))
    pdf = MessagePdf.unscoped.get()
    same = ("client_id", "category", "sensitivities", "author_organization_id", "occurred_at")
    assert all(getattr(pdf, name) == getattr(message, name) for name in same)
    assert (pdf.message, message.pdf_pages) == (message, 2)
    assert bytes(pdf.pdf).startswith(b"%PDF-")


@pytest.mark.parametrize("bad", [b"not a pdf", scan(on_opening), scan(pages=21)])
def test_a_file_that_is_more_than_pages_keeps_the_draft(referral, therapist, bad):
    with pytest.raises(ValidationError) as refused:
        say(therapist, referral, category="history", pdf=bad)
    assert set(refused.value.error_dict) == {"pdf"}
    assert MessageDraft.objects.of_writer(therapist).get().content["text"] == SAID
    assert not Message.unscoped.exists()


# ---------------------------------------------------------------- the database itself
def _copy(message: Message, **changes) -> Message:
    values = {f.attname: getattr(message, f.attname) for f in Message._meta.concrete_fields}
    del values["id"]
    return Message(**{**values, "form_key": uuid4(), **changes})


def test_the_database_holds_who_writes_what(case, referral, therapist):
    cast = case.cast
    message = say(therapist, referral, category="history")
    check_in = say(therapist, referral, "check_in")
    theirs = say(cast.nurse, referral)
    elsewhere = say(therapist, case.send(last_name="Other"), category="history")
    _copy(message).save()  # a copy that changes nothing is fine
    for row in (
        _copy(message, kind="scheduling"),  # about history
        _copy(message, text=""),
        _copy(message, themes="x"),
        _copy(check_in, mental_status=""),
        _copy(check_in, category=C.HISTORY),
        _copy(message, kind="answer"),
        _copy(message, answers_id=message.pk),
        _copy(message, kind="answer", answers_id=elsewhere.pk),
        _copy(message, category=C.TREATMENT),
        _copy(message, author_organization_id=cast.clinic.pk),  # its author works elsewhere
        _copy(message, author_id=cast.stranger.pk),
        _copy(theirs, author_id=cast.administrator.pk),
        _copy(message, author_id=cast.stranger.pk, author_organization_id=cast.other_practice.pk),
        _copy(theirs, kind="check_in", category=C.THEMES, **CHECK_IN),
        _copy(message, client_id=elsewhere.client_id),
        _copy(message, adherence="sometimes"),
    ):
        database_refuses(row.save)


def test_the_database_holds_that_a_pdf_follows_its_message(referral, therapist):
    message = say(therapist, referral, category="history")
    for changes in ({}, {"category": C.SCHEDULE}):
        with_pdf = _copy(message, pdf_pages=1 if changes else None)
        with_pdf.save()
        facts = {
            "client_id": with_pdf.client_id,
            "category": with_pdf.category,
            "author_organization_id": with_pdf.author_organization_id,
            "author_id": with_pdf.author_id,
            "occurred_at": with_pdf.occurred_at,
            **changes,
        }
        pdf = MessagePdf(message=with_pdf, pdf=b"x", pdf_sha256="x", **facts)
        database_refuses(pdf.save)


def test_the_content_of_another_template_is_left_out(referral, therapist):
    content = {**content_of("check_in"), **content_of("question"), "category": "history"}
    keep_draft(by=therapist, referral=referral, version=0, content=content)
    send_message(by=therapist, referral=referral, form_key=uuid4(), version=1)
    assert [text for _, text in Message.unscoped.get().parts] == [SAID]
