"""What is sent follows the record, in the very transaction that changes it."""

from django.db import transaction
from django.dispatch import receiver

from consent.models import AnswerLink, EmergencyAccess, Receipt, Release
from consent.signals import (
    emergency_opened,
    receipt_given,
    release_ended,
    release_signed,
    signing_link_mailed,
)
from people.models import Invitation, JoinRequest, Organization
from people.signals import invitation_made, request_declined
from reminders.actions.letters import (
    write_alert_letters,
    write_emergency_letters,
    write_notice_letters,
    write_receipt_letter,
    write_unanswered_letters,
)
from reminders.actions.letters_sent import cancel_for_ended
from reminders.actions.reminding import (
    follow_hours,
    mark_prepared,
    mark_served,
    move_to_owners,
    open_again,
    write_reminders,
)
from reminders.actions.telling import cancel_for_barred, open_for_told
from reminders.direct import (
    send_declined_request,
    send_invitation,
    send_question_link,
    send_signing_link,
)
from reminders.tasks import nudge
from sessions.enums.notices import NextInLine
from sessions.models import (
    DosingSession,
    EmergencyNotice,
    EpisodeOfCare,
    IntegrationSession,
    PreparationSession,
    QuestionLink,
    SafetyAlert,
)
from sessions.signals import (
    alert_raised,
    dose_changed,
    emergency_escalated,
    emergency_raised,
    plan_changed,
    preparation_recorded,
    questions_mailed,
    session_recorded,
    session_withdrawn,
    windows_changed,
)


@receiver(dose_changed)
def follow_dose(sender, dosing: DosingSession, **kwargs) -> None:
    write_reminders(dosing)


@receiver(plan_changed)
def follow_plan(sender, episode: EpisodeOfCare, **kwargs) -> None:
    move_to_owners(episode)


@receiver(windows_changed)
def follow_windows(sender, clinic: Organization, **kwargs) -> None:
    follow_hours(clinic)


@receiver(session_recorded)
def follow_session(sender, session: IntegrationSession, **kwargs) -> None:
    mark_served(session)


@receiver(session_withdrawn)
def follow_mistake(sender, session: IntegrationSession, **kwargs) -> None:
    open_again(session)


@receiver(preparation_recorded)
def follow_preparation(sender, preparation: PreparationSession, **kwargs) -> None:
    mark_prepared(preparation)


@receiver(release_signed)
def follow_signing(sender, release: Release, **kwargs) -> None:
    open_for_told(release)


@receiver(release_ended)
def follow_end_of_release(sender, release: Release, **kwargs) -> None:
    cancel_for_barred(release)
    cancel_for_ended(release)


@receiver(receipt_given)
def follow_receipt(sender, receipt: Receipt, **kwargs) -> None:
    write_receipt_letter(receipt)


@receiver(emergency_opened)
def follow_emergency(sender, emergency: EmergencyAccess, **kwargs) -> None:
    """Told at once: the round begins with the end of the transaction, not with the next minute."""
    write_emergency_letters(emergency)
    transaction.on_commit(nudge, robust=True)


@receiver(signing_link_mailed)
def follow_link(sender, link: AnswerLink, url: str, **kwargs) -> None:
    send_signing_link(link, url)


@receiver(invitation_made)
def follow_invitation(sender, invitation: Invitation, url: str, **kwargs) -> None:
    send_invitation(invitation, url)


@receiver(request_declined)
def follow_declined_request(sender, request: JoinRequest, **kwargs) -> None:
    send_declined_request(request)


@receiver(questions_mailed)
def follow_questions(sender, link: QuestionLink, url: str, **kwargs) -> None:
    send_question_link(link, url)


@receiver(alert_raised)
def follow_alert(sender, alert: SafetyAlert, **kwargs) -> None:
    """Told at once, as emergencies are."""
    write_alert_letters(alert)
    transaction.on_commit(nudge, robust=True)


@receiver(emergency_raised)
def follow_notice(sender, notice: EmergencyNotice, **kwargs) -> None:
    """Told at once, as emergencies are."""
    write_notice_letters(notice)
    transaction.on_commit(nudge, robust=True)


@receiver(emergency_escalated)
def follow_escalation(sender, notice: EmergencyNotice, to: NextInLine, **kwargs) -> None:
    """Noted by upkeep, at the beginning of the round that sends it."""
    write_unanswered_letters(notice, to)
