"""Who is told of what, in the very transaction in which it happens."""

from datetime import datetime

from django.dispatch import receiver
from django.utils import timezone

from consent.models import Release
from consent.signals import release_ended, release_signed
from people.models import User
from referrals.enums import Side, Verb
from referrals.messages import side_of
from referrals.models import ClinicReply, Cover, InterimMessage, Message, Referral
from referrals.signals import (
    clinic_replied,
    cover_agreed,
    message_sent,
    referral_handed_over,
    referral_moved,
    time_asked,
)
from reminders.actions.letters import administrators, clinical_staff, next_in_line, told_of_notice
from reminders.enums import Told
from reminders.models import Conference, ConferenceDecision, ConferenceInvitation
from reminders.notifications import people
from reminders.notifications.actions import notify
from reminders.signals import conference_called_off, conference_invited, decision_made
from sessions.enums.appointments import AppointmentChange
from sessions.enums.notices import NextInLine
from sessions.models import (
    Appointment,
    ContinuityNote,
    CoordinationPlan,
    EmergencyNotice,
    IntegrationSession,
    SafetyAlert,
)
from sessions.signals import (
    alert_raised,
    appointment_changed,
    coordination_agreed,
    coordination_proposed,
    emergency_escalated,
    emergency_raised,
    note_signed,
    session_recorded,
)

T = Told
TO_TRIAGE = {
    Verb.SUBMIT: T.REFERRAL_SENT,
    Verb.ANSWER: T.QUESTION_ANSWERED,
    Verb.CANCEL: T.WITHDRAWN,
    Verb.LAPSE: T.LAPSED,
    Verb.MARK_IN_ERROR: T.TAKEN_BACK,
}
TO_PRACTICE = {
    Verb.RECEIVE: T.RECEIVED,
    Verb.BEGIN: T.BEGUN,
    Verb.COMPLETE: T.ENDED,
    Verb.LAPSE: T.LAPSED,
}


def other_house(referral: Referral, by: User, at: datetime):
    """Those on the case in the house that `by` does not speak for."""
    if side_of(by, referral) == Side.CLINIC:
        return people.of_practice(referral, at)
    return people.at_clinic(referral)


@receiver(message_sent)
def tell_of_message(sender, message: Message, **kwargs) -> None:
    referral, at = message.referral, message.occurred_at
    asked = {message.answers.author} if message.answers else set()
    concerned = {*other_house(referral, message.author, at), *asked}
    notify(T.MESSAGE, concerned, source=message, at=at, referral=referral, by=message.author)


@receiver(referral_moved)
def tell_of_move(sender, referral: Referral, verb: Verb, by: User | None, **kwargs) -> None:
    """How the clinic answered is told by its reply; of what never left the practice, nothing."""
    if referral.submitted_at is None:
        return
    at, triage = referral.state_since, people.triage(referral)
    practice = people.of_practice(referral, at)
    for kind, concerned in ((TO_TRIAGE.get(verb), triage), (TO_PRACTICE.get(verb), practice)):
        if kind:
            notify(kind, concerned, source=referral, at=at, referral=referral, by=by)


@receiver(clinic_replied)
def tell_of_reply(sender, reply: ClinicReply, **kwargs) -> None:
    referral, at = reply.referral, reply.occurred_at
    practice = people.of_practice(referral, at)
    notify(T.REPLIED, practice, source=reply, at=at, referral=referral)


@receiver(time_asked)
def tell_of_more_time(sender, interim: InterimMessage, **kwargs) -> None:
    referral, at = interim.referral, interim.at
    practice = people.of_practice(referral, at)
    notify(T.MORE_TIME, practice, source=interim, at=at, referral=referral)


@receiver(referral_handed_over)
def tell_of_handover(sender, referral: Referral, was: User, by: User, **kwargs) -> None:
    if referral.referrer_id != was.pk:
        at, theirs = timezone.now(), [referral.referrer]
        notify(T.HANDED_OVER, theirs, source=referral, at=at, referral=referral, by=by)


@receiver(cover_agreed)
def tell_of_cover(sender, cover: Cover, **kwargs) -> None:
    notify(T.COVER, [cover.colleague], source=cover, at=timezone.now())


@receiver(conference_invited)
def tell_of_invitation(sender, invitation: ConferenceInvitation, by: User, **kwargs) -> None:
    case, at = invitation.case, invitation.invited_at
    notify(T.INVITED, [invitation.person], source=case, at=at, referral=case.referral, by=by)


@receiver(conference_called_off)
def tell_of_calling_off(sender, conference: Conference, by: User, **kwargs) -> None:
    at = conference.called_off_at or timezone.now()
    invited = ConferenceInvitation.objects.filter(case__conference=conference)
    for each in invited.select_related("person", "case__referral"):
        case = each.case
        notify(T.CALLED_OFF, [each.person], source=case, at=at, referral=case.referral, by=by)


@receiver(decision_made)
def tell_of_decision(sender, decision: ConferenceDecision, by: User, **kwargs) -> None:
    at, referral = decision.occurred_at, decision.case.referral
    notify(T.DECISION, [decision.owner], source=decision, at=at, referral=referral, by=by)


@receiver(coordination_proposed)
def tell_of_proposal(sender, plan: CoordinationPlan, by: User, **kwargs) -> None:
    referral, at = plan.episode.referral, plan.occurred_at
    concerned = other_house(referral, by, at)
    notify(T.PLAN_PROPOSED, concerned, source=plan, at=at, referral=referral)


@receiver(coordination_agreed)
def tell_of_agreement(sender, plan: CoordinationPlan, by: User, **kwargs) -> None:
    referral, at = plan.episode.referral, timezone.now()
    both = [*people.of_practice(referral, at), *people.at_clinic(referral)]
    notify(T.PLAN_AGREED, both, source=plan, at=at, referral=referral, by=by)


@receiver(note_signed)
def tell_of_note(sender, note: ContinuityNote, by: User, **kwargs) -> None:
    referral, at = note.episode.referral, note.signed_at
    assert at
    owners = [note.episode.preparation_owner, note.episode.integration_owner]
    concerned = {*people.outside(referral, at), *owners}
    notify(T.NOTE_SIGNED, concerned, source=note, at=at, referral=referral, by=by)


@receiver(session_recorded)
def tell_of_session(sender, session: IntegrationSession, by: User, **kwargs) -> None:
    """Told when it was logged: it may have been held days before."""
    referral, at = session.episode.referral, session.recorded_at
    concerned = other_house(referral, by, at)
    notify(T.SESSION_LOGGED, concerned, source=session, at=at, referral=referral)


TOLD_OF_TIME = {
    AppointmentChange.PROPOSED: T.TIMES_PROPOSED,
    AppointmentChange.BOOKED: T.TIME_BOOKED,
    AppointmentChange.MOVED: T.TIME_BOOKED,
    AppointmentChange.DECLINED: T.TIME_OFF,
    AppointmentChange.CANCELLED: T.TIME_OFF,
}


@receiver(appointment_changed)
def tell_of_time(
    sender, appointment: Appointment, change: AppointmentChange, by: User, **kwargs
) -> None:
    """Whoever holds it, made or asked for it, and owns the sessions of the case."""
    episode, at = appointment.episode, timezone.now()
    concerned = {appointment.person, appointment.author}
    if appointment.replaces:
        concerned.add(appointment.replaces.author)
    if change != AppointmentChange.PROPOSED:
        concerned |= {episode.preparation_owner, episode.integration_owner}
    kind, referral = TOLD_OF_TIME[change], episode.referral
    notify(kind, concerned, source=appointment, at=at, referral=referral, by=by)


@receiver(release_signed)
def tell_of_release(sender, release: Release, by: User, **kwargs) -> None:
    assert release.signed_at
    office = administrators(release.organization_id)
    concerned = {*office, *people.named_in(release)}
    at, case = release.signed_at, people.case_of(release)
    notify(T.RELEASE_SIGNED, concerned, source=release, at=at, referral=case, by=by)


@receiver(release_ended)
def tell_of_end(sender, release: Release, by: User | None, **kwargs) -> None:
    """Once for each end: that its date or event came is noted later than it was so."""
    office, now = administrators(release.organization_id), timezone.now()
    ends = [release.revoked_at, release.over_at, release.superseded_at]
    at = min(end for end in (*ends, now) if end)
    notify(T.RELEASE_OVER, office, source=release, at=at, by=by)


@receiver(alert_raised)
def tell_of_alert(sender, alert: SafetyAlert, by: User | None = None, **kwargs) -> None:
    staff, referral = clinical_staff(alert.episode.clinic_id), alert.episode.referral
    notify(T.ALERT, staff, source=alert, at=alert.raised_at, referral=referral, by=by)


@receiver(emergency_raised)
def tell_of_notice(sender, notice: EmergencyNotice, **kwargs) -> None:
    concerned, at = told_of_notice(notice), notice.raised_at
    notify(T.NOTICE, concerned, source=notice, at=at, referral=notice.referral)


@receiver(emergency_escalated)
def tell_next_in_line(sender, notice: EmergencyNotice, to: NextInLine, **kwargs) -> None:
    concerned, at = next_in_line(notice, to), notice.escalations.get(to=to).at
    notify(T.UNANSWERED, concerned, source=notice, at=at, referral=notice.referral)
