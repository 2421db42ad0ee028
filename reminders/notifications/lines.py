"""What each kind of notification says, and where it leads; nothing where its reader may not know.

A kind of its own for something new: a value of `Told`, its group, and one function here.
"""

from collections.abc import Callable

from django.urls import reverse

from people.formats import day, moment
from referrals.enums import STALE, MessageKind, ReplyKind
from referrals.models import ClinicReply, Closing, Message, Referral
from referrals.permissions import TRIAGE_ROLES
from reminders.enums import Told
from reminders.models import ConferenceCase, ConferenceDecision, Notification
from reminders.notifications import urgent
from reminders.notifications.saying import Said, about_case, case_of, in_record
from reminders.notifications.sight import Sight
from sessions.enums import SessionState
from sessions.models import Appointment, CoordinationPlan, IntegrationSession, NoteSection

REPLIES = {
    ReplyKind.ASKED: "{} asks for more information",
    ReplyKind.ACCEPTED: "{} accepted the referral",
    ReplyKind.DECLINED: "{} declined the referral",
}


# ---------------------------------------------------------------- messages
def message(sight: Sight, row: Notification) -> Said:
    referral, item = case_of(sight, row), sight.item(Message, row.source)
    if referral is None or item is None or sight.side(referral) is None:
        return None
    urgent = "Urgent: " if item.urgent else ""
    words = MessageKind(item.kind).label.lower()
    return about_case(referral, f"{urgent}{item.author} wrote, {words}", "referrals:messages")


# ---------------------------------------------------------------- referrals
def _to_triage(text: str) -> Callable[[Sight, Notification], Said]:
    """Something that the practice did, for those who answer referrals at the clinic."""

    def said(sight: Sight, row: Notification) -> Said:
        referral = case_of(sight, row)
        if referral is None or referral.clinic_id != sight.here or sight.role not in TRIAGE_ROLES:
            return None
        return about_case(referral, text.format(referral.practice), "referrals:triage")

    return said


def _own(sight: Sight, row: Notification) -> Referral | None:
    """The case, where the reader is of the practice that referred."""
    referral = case_of(sight, row)
    return referral if referral and referral.practice_id == sight.here else None


def received(sight: Sight, row: Notification) -> Said:
    referral = _own(sight, row)
    if referral is None:
        return None
    text = f"{referral.clinic} confirmed that it has the referral"
    return about_case(referral, text, "referrals:detail")


def replied(sight: Sight, row: Notification) -> Said:
    referral, reply = _own(sight, row), sight.item(ClinicReply, row.source)
    if referral is None or reply is None:
        return None
    text = REPLIES[ReplyKind(reply.kind)].format(referral.clinic)
    return about_case(referral, text, "referrals:detail")


def more_time(sight: Sight, row: Notification) -> Said:
    referral, interim = _own(sight, row), sight.interims.get(row.source)
    if referral is None or interim is None:
        return None
    text = f"{referral.clinic} needs more time and answers by {day(interim.answer_by)}"
    return about_case(referral, text, "referrals:detail")


def _once_accepted(text: str) -> Callable[[Sight, Notification], Said]:
    """What only somebody may know who may know that the clinic accepted."""

    def said(sight: Sight, row: Notification) -> Said:
        referral = _own(sight, row)
        if referral is None or not any(
            reply.referral_id == referral.pk and reply.kind == ReplyKind.ACCEPTED
            for reply in sight.items(ClinicReply)
        ):
            return None
        return about_case(referral, text.format(referral.clinic), "referrals:detail")

    return said


def lapsed(sight: Sight, row: Notification) -> Said:
    """The clinic knows it; the practice by what says that time closed it."""
    text = "The referral lapsed: nobody answered the question in time"
    referral = _own(sight, row)
    if referral is None:
        return _to_triage(text)(sight, row)
    known = any(
        closing.referral_id == referral.pk and closing.reason == STALE
        for closing in sight.items(Closing)
    )
    return about_case(referral, text, "referrals:detail") if known else None


def taken_back(sight: Sight, row: Notification) -> Said:
    """The clinic may know that it was an error, and nothing else of it."""
    referral = sight.taken_back.get(row.source)
    if referral is None or sight.role not in TRIAGE_ROLES:
        return None
    text = f"{referral.practice} took back {referral.reference}: entered in error"
    return text, reverse("referrals:queue"), None


def handed_over(sight: Sight, row: Notification) -> Said:
    referral = _own(sight, row)
    text = "You answer for this referral now"
    return about_case(referral, text, "referrals:detail") if referral else None


def cover(sight: Sight, row: Notification) -> Said:
    found = sight.covers.get(row.source)
    if found is None:
        return None
    text = f"{found.covered} asks you to cover, {moment(found.starts_at)} to {moment(found.until)}"
    return text, reverse("referrals:covers"), None


# ---------------------------------------------------------------- coordination, notes, sessions
def _plan(text: str) -> Callable[[Sight, Notification], Said]:
    def said(sight: Sight, row: Notification) -> Said:
        referral, plan = case_of(sight, row), sight.item(CoordinationPlan, row.source)
        if referral is None or plan is None:
            return None
        return about_case(referral, text.format(plan.author), "care:coordination")

    return said


def conference(sight: Sight, row: Notification) -> Said:
    referral, case = case_of(sight, row), sight.item(ConferenceCase, row.source)
    if referral is None or case is None:
        return None
    at = moment(case.conference.at)
    text = f"You are asked to join the case conference of {at}"
    if case.conference.called_off_at:
        text = f"The case conference of {at} does not take place"
    return text, reverse("reminders:conference", args=[case.conference_id]), referral.client


def decision(sight: Sight, row: Notification) -> Said:
    referral, found = case_of(sight, row), sight.item(ConferenceDecision, row.source)
    if referral is None or found is None:
        return None
    text = f"Yours to do from a case conference, by {day(found.due_on)}"
    return text, reverse("reminders:conference", args=[found.case.conference_id]), referral.client


def note_signed(sight: Sight, row: Notification) -> Said:
    referral = case_of(sight, row)
    readable = any(section.note_id == row.source for section in sight.items(NoteSection))
    if referral is None or not readable:
        return None
    if not sight.is_inside:
        return about_case(referral, "A continuity note was signed", "care:timeline")
    return (
        "A continuity note was signed",
        reverse("care:note_page", args=[row.source]),
        referral.client,
    )


def session_logged(sight: Sight, row: Notification) -> Said:
    referral, session = case_of(sight, row), sight.item(IntegrationSession, row.source)
    if referral is None or session is None:
        return None
    how = "held" if session.state == SessionState.HELD else "missed"
    return in_record(
        sight, referral, f"{session.author} logged a session, {how} {moment(session.occurred_at)}"
    )


def _time(text: str) -> Callable[[Sight, Notification], Said]:
    """Of an appointment that they may know of still."""

    def said(sight: Sight, row: Notification) -> Said:
        referral, found = case_of(sight, row), sight.item(Appointment, row.source)
        if referral is None or found is None:
            return None
        words = text.format(who=found.author, what=found.what, at=moment(found.starts_at))
        url = reverse("care:appointment", args=[referral.pk, found.pk])
        return words, url, referral.client

    return said


# ---------------------------------------------------------------- releases
def _release(sight: Sight, row: Notification, administrator: str, reader: str) -> Said:
    release = sight.releases.get(row.source)
    if release is None:
        return None
    if sight.administers:
        url = reverse("consent:detail", args=[release.pk])
        return administrator.format(release, day(row.at)), url, release.client
    referral = case_of(sight, row)
    if referral is None or not reader:
        return None
    until = day(release.until) if release.until else ""
    return _record_of_reader(sight, referral, reader.format(until))


def _record_of_reader(sight: Sight, referral: Referral, text: str) -> Said:
    return None if sight.is_inside else about_case(referral, text, "care:timeline")


def release_signed(sight: Sight, row: Notification) -> Said:
    return _release(sight, row, "Release {} was signed", "A release that names you was signed")


def release_over(sight: Sight, row: Notification) -> Said:
    """For administrators: whoever read by it learns of it no more."""
    return _release(sight, row, "Release {} ended", "")


def release_ending(sight: Sight, row: Notification) -> Said:
    return _release(sight, row, "Release {} ends soon", "A release by which you read ends on {}")


LINES: dict[Told, Callable[[Sight, Notification], Said]] = {
    Told.MESSAGE: message,
    Told.REFERRAL_SENT: _to_triage("{} sent a referral"),
    Told.QUESTION_ANSWERED: _to_triage("{} answered your question"),
    Told.WITHDRAWN: _to_triage("{} withdrew the referral"),
    Told.LAPSED: lapsed,
    Told.TAKEN_BACK: taken_back,
    Told.RECEIVED: received,
    Told.REPLIED: replied,
    Told.MORE_TIME: more_time,
    Told.BEGUN: _once_accepted("{} began treatment"),
    Told.ENDED: _once_accepted("{} ended treatment"),
    Told.HANDED_OVER: handed_over,
    Told.COVER: cover,
    Told.PLAN_PROPOSED: _plan("{} proposed a coordination plan"),
    Told.PLAN_AGREED: _plan("The coordination plan is in force"),
    Told.INVITED: conference,
    Told.CALLED_OFF: conference,
    Told.DECISION: decision,
    Told.NOTE_SIGNED: note_signed,
    Told.SESSION_LOGGED: session_logged,
    Told.TIMES_PROPOSED: _time("{who} proposes times: {what}, first {at}"),
    Told.TIME_BOOKED: _time("Booked: {what}, {at}"),
    Told.TIME_OFF: _time("Not at this time: {what}, {at}"),
    Told.RELEASE_SIGNED: release_signed,
    Told.RELEASE_OVER: release_over,
    Told.RELEASE_ENDING: release_ending,
    Told.WINDOW: urgent.window,
    Told.WINDOW_MISSED: urgent.window_missed,
    Told.CLEARANCE_ENDING: urgent.clearance_ending,
    Told.LICENCE_ENDING: urgent.licence_ending,
    Told.ALERT: urgent.alert,
    Told.NOTICE: urgent.notice,
    Told.UNANSWERED: urgent.unanswered,
}
