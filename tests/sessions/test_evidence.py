"""Documents from elsewhere and consults: who keeps, takes and answers them."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AuditEvent
from people.enums import OrganizationKind, Role
from sessions.actions.evidence import (
    answer_consult,
    ask_consult,
    document_in_error,
    keep_document,
    take_document,
)
from sessions.models import CareDocument, Consult, ConsultAnswer, DocumentInError
from tests import triggers
from tests.builder import Builder
from tests.consent.scans import a_file_inside, on_opening, scan
from tests.factories import make_organization, make_user
from tests.refusing import database_refuses
from tests.sessions.test_actions import refused

TREATING = {"prescriber", "nurse", "kaptherapist"}
STAFF = TREATING | {"coordinator"}
SCAN = scan()


def keep(case: Builder, **changes) -> CareDocument:
    usual = {"by": case.cast.nurse, "form_key": uuid4(), "kind": "ecg", "title": "ECG at rest"}
    return keep_document(episode=case.episode, **{**usual, "pdf": SCAN, **changes})


def ask(case: Builder, **changes) -> Consult:
    usual = {"by": case.cast.nurse, "form_key": uuid4()}
    content = {"question": "Is the murmur old?", "of_whom": "cardiology", "urgent": True}
    return ask_consult(episode=case.episode, **{**usual, "content": content, **changes})


def answer(case: Builder, consult: Consult, **changes) -> ConsultAnswer:
    usual = {"by": case.cast.nurse, "form_key": uuid4(), "text": "Since childhood."}
    usual |= {"by_whom": "Dr. Novak", "answered_on": case.cast.clinic.today}
    return answer_consult(consult=consult, **{**usual, **changes})


def only(roles: set[str], case: Builder, act) -> None:
    for name, user in case.cast.everybody().items():
        if name in roles:
            assert act(user)
        else:
            with pytest.raises(PermissionDenied):
                act(user)


# ---------------------------------------------------------------- documents


def test_clinical_staff_keep_a_document_as_it_came(case, episode):
    only(STAFF, case, lambda user: keep(case, by=user))
    key = uuid4()
    row = keep(case, form_key=key)
    assert keep(case, form_key=key, pdf=scan(pages=2)) == row
    row.refresh_from_db()
    assert (bytes(row.pdf), row.pages) == (SCAN, 1)
    assert row.pdf_sha256 == hashlib.sha256(SCAN).hexdigest()
    assert AuditEvent.objects.filter(event="document.kept", detail={}).count() == 5


@pytest.mark.parametrize(
    ("pdf", "words"),
    [
        (b"", "is no PDF"),
        (b"MZ\x90", "is no PDF"),
        (b"%PDF-1.7 nothing", "is no PDF"),
        (b"%PDF-" + b"0" * 5 * 1024 * 1024, "over 5 MB"),
        (scan(pages=21), "has 21 pages"),
        (scan(on_opening), "an action"),
        (scan(a_file_inside), "another file inside"),
    ],
)
def test_a_file_that_is_more_or_less_than_pages_is_refused(case, episode, pdf, words):
    assert words in str(refused("pdf", keep, case, pdf=pdf))
    assert not CareDocument.objects.exists()


def test_the_kind_is_a_known_one_and_the_title_is_there(case, episode):
    for changes in ({"kind": "selfie"}, {"title": " "}):
        with pytest.raises(ValidationError):
            keep(case, **changes)
        whole = {"kind": "ecg", "title": "x", "pdf": SCAN, "pdf_sha256": "x", "pages": 1}
        whole |= {name: value.strip() for name, value in changes.items()}
        by = case.cast.nurse
        database_refuses(CareDocument(episode=episode, recorded_by=by, **whole).save)


def test_taking_a_document_is_recorded_and_a_changed_one_is_not_given_out(case, episode):
    row = keep(case)
    only(STAFF, case, lambda user: take_document(by=user, document=row) == SCAN)
    taken = AuditEvent.objects.filter(event="document.taken")
    assert {event.subject for event in taken} == {f"care_sessions.caredocument:{row.pk}"}
    assert taken.count() == 4
    with triggers.disabled("care_sessions_caredocument"):
        CareDocument.objects.update(pdf=scan(pages=2))
    row.refresh_from_db()
    assert "not the one that was uploaded" in str(
        refused(None, take_document, by=case.cast.nurse, document=row)
    )


def test_a_wrong_document_is_marked_once_and_stays(case, episode):
    row, key = keep(case), uuid4()

    def mark(by=case.cast.nurse, form_key=None, reason="Another client’s"):
        form_key = form_key or uuid4()
        return document_in_error(by=by, document=row, form_key=form_key, reason=reason)

    for name in set(case.cast.everybody()) - STAFF:
        with pytest.raises(PermissionDenied):
            mark(by=getattr(case.cast, name))
    with pytest.raises(ValidationError):
        mark(reason=" ")
    assert mark(form_key=key) == mark(form_key=key)
    assert "already" in str(refused(None, mark))
    assert DocumentInError.objects.count() == CareDocument.objects.count() == 1
    other = Builder(case.cast)
    other.begin_care()
    theirs = keep(other)
    forged = DocumentInError(
        episode=episode, recorded_by=case.cast.nurse, document=theirs, reason="x"
    )
    database_refuses(forged.save)


@pytest.fixture
def at(episode, signed_in):
    """at(user, route, data): the page of this episode."""

    def ask_for(user, name, data=None, on=None):
        address = reverse(f"care:{name}", args=[on or episode.pk])
        browser = signed_in(user)
        return browser.get(address) if data is None else browser.post(address, data)

    return ask_for


def upload(content: bytes = SCAN, **changes) -> dict:
    pdf = SimpleUploadedFile("Jane Smith ECG.pdf", content, content_type="application/pdf")
    return {"form_key": uuid4(), "kind": "ecg", "title": "ECG at rest", "pdf": pdf, **changes}


def test_documents_on_their_page(case, episode, at, cast):
    assert "No document has come yet." in at(cast.coordinator, "documents").content.decode()
    assert at(cast.coordinator, "documents", upload()).status_code == 302
    row = CareDocument.objects.get()
    page = at(cast.nurse, "documents").content.decode()
    assert "ECG at rest" in page
    assert "1 page." in page
    given = at(cast.nurse, "take_document", {}, on=row.pk)
    assert given.content == SCAN
    assert given["Content-Type"] == "application/pdf"
    assert given["Content-Disposition"] == f'attachment; filename="document-{row.pk}.pdf"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert at(cast.nurse, "take_document", on=row.pk).status_code == 405
    mark = {"form_key": uuid4(), "reason": "Another client’s"}
    assert at(cast.nurse, "document_in_error", mark, on=row.pk).status_code == 302
    assert "<s>ECG, ECG at rest</s>" in at(cast.nurse, "documents").content.decode()
    assert "ECG at rest" not in at(cast.nurse, "case").content.decode()
    assert at(cast.nurse, "document_in_error", on=row.pk).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pdf": ""}, "Choose the document"),
        ({"title": ""}, "Fill in: title."),
        ({"kind": ""}, "Choose: kind."),
        ({"pdf": SimpleUploadedFile("x.pdf", b"MZ")}, "This file is no PDF"),
        ({"pdf": SimpleUploadedFile("x.pdf", b"%PDF-" + b"0" * 6_000_000)}, "over 5 MB"),
    ],
)
def test_a_refused_upload_keeps_the_title_and_asks_for_the_file_again(at, cast, changes, words):
    page = at(cast.nurse, "documents", upload(**{"title": "Zqkept", **changes})).content.decode()
    assert words in page
    assert "choose the document again" in page
    assert ("Zqkept" in page) == ("title" not in changes)
    assert not CareDocument.objects.exists()


def test_another_clinic_takes_nothing(case, episode, at):
    row = keep(case)
    elsewhere = make_organization("Southfield Clinic", OrganizationKind.CLINIC)
    other = make_user("Otto Other", Role.PRESCRIBER, elsewhere)
    consult = ask(case)
    for name, on in (
        ("take_document", row.pk),
        ("document_in_error", row.pk),
        ("answer_consult", consult.pk),
    ):
        assert at(other, name, {}, on=on).status_code == 404


# ---------------------------------------------------------------- consults


def test_those_who_treat_ask_and_record_the_answer_once(case, episode):
    only(TREATING, case, lambda user: ask(case, by=user))
    key = uuid4()
    consult = ask(case, form_key=key)
    assert ask(case, form_key=key) == consult
    with pytest.raises(ValidationError):
        ask(case, content={"question": "", "of_whom": "cardiology"})
    for name in set(case.cast.everybody()) - TREATING:
        with pytest.raises(PermissionDenied):
            answer(case, consult, by=getattr(case.cast, name))
    tomorrow = case.cast.clinic.today + timedelta(days=1)
    refused("answered_on", answer, case, consult, answered_on=tomorrow)
    assert answer(case, consult, form_key=key) == answer(case, consult, form_key=key)
    assert "already" in str(refused(None, answer, case, consult))
    events = AuditEvent.objects.filter(event__startswith="consult.", detail={})
    assert events.count() == 5
    other = Builder(case.cast)
    other.begin_care()
    forged = ConsultAnswer(
        episode=episode,
        recorded_by=case.cast.nurse,
        consult=ask(other),
        text="x",
        by_whom="x",
        answered_on=tomorrow,
    )
    database_refuses(forged.save)


def test_an_open_consult_is_a_task_and_warns_whoever_clears(case, episode, at, cast):
    ask(case)
    page = at(cast.nurse, "case").content.decode()
    assert "1 not answered, 1 urgent" in page
    case.screen()
    clearance = at(cast.prescriber, "clearance").content.decode()
    assert "A consult is not answered yet" in clearance
    assert "cardiology: Is the murmur old?" in clearance
    data = {"form_key": uuid4(), "text": "Zqanswer", "by_whom": "Dr. Novak"}
    consult = Consult.objects.get()
    wrong = at(cast.nurse, "answer_consult", {**data, "answered_on": "soon"}, on=consult.pk)
    assert "Zqanswer" in wrong.content.decode()
    data["answered_on"] = f"{cast.clinic.today:%d-%b-%Y}"
    assert at(cast.nurse, "answer_consult", data, on=consult.pk).status_code == 302
    assert "Zqanswer" in at(cast.coordinator, "consults").content.decode()
    assert "not answered" not in at(cast.nurse, "case").content.decode()
    assert "A consult is not" not in at(cast.prescriber, "clearance").content.decode()
    assert at(cast.nurse, "answer_consult", on=consult.pk).status_code == 404


def test_a_coordinator_reads_consults_and_asks_none(case, episode, at, cast):
    page = at(cast.coordinator, "consults").content.decode()
    assert "Nobody has been asked yet." in page
    assert "Record the question" not in page
    data = {"form_key": uuid4(), "question": "x", "of_whom": "y"}
    assert at(cast.coordinator, "consults", data).status_code == 404
    assert at(cast.nurse, "consults", data).status_code == 302
    assert (
        at(cast.nurse, "consults", {**data, "question": "", "of_whom": "Zqkept"}).status_code == 200
    )
