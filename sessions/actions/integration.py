"""That an integration session was held or missed: logged in two clicks by whoever holds it, and
marked as a mistake where it was one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category
from people.concurrency import row_of_form
from people.enums import TREATING_ROLES, Role
from people.formats import moment
from people.models import User
from referrals.models import Referral
from sessions.actions.dosing import LATEST_ENTRY
from sessions.crossing import clinic_reads
from sessions.enums import SessionState
from sessions.models import (
    EpisodeOfCare,
    IntegrationRecord,
    IntegrationSession,
    SessionError,
    SessionThemes,
)
from sessions.signals import session_recorded, session_withdrawn

SAME = timedelta(hours=1)  # closer together, two entries of one person are one session


class LoggedAlready(ValidationError):
    """This person logged a `session` of this client within an hour of that moment."""

    def __init__(self, session: IntegrationSession):
        self.session = session
        when = moment(session.occurred_at)
        super().__init__({"at": f"You logged a session at {when} already. Two lie an hour apart."})


def check_user_can_log_session(user: User, episode: EpisodeOfCare) -> None:
    """A therapist who contributes to the case, or the clinic's treating staff."""
    membership = user.membership
    at_clinic = (
        membership is not None
        and membership.organization_id == episode.clinic_id
        and membership.role in TREATING_ROLES
    )
    on_case = (
        membership is not None
        and membership.role == Role.THERAPIST
        and Referral.objects.filter(pk=episode.referral_id)
        .open_to(user, "contribute_case")
        .exists()
    )
    if not (at_clinic or on_case):
        raise PermissionDenied("Only those who integrate with this client log sessions.")


@transaction.atomic
def log_session(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    at: datetime,
    state: SessionState = SessionState.HELD,
    themes: str = "",
) -> IntegrationSession:
    """Log a session at the moment `at`. The same form sent twice gives one session.

    `themes` (up to 300 characters) are for the clinic, and are kept only of a session that was
    held and where a release covers them. Raises LoggedAlready where two forms tell of one session.
    """
    check_user_can_log_session(by, episode)
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)
    if existing := row_of_form(IntegrationSession.unscoped, form_key, episode_id=episode.pk):
        return existing
    if at > timezone.now():
        raise ValidationError({"at": "This is in the future. Log a session once it was held."})
    if at < timezone.now() - LATEST_ENTRY:
        raise ValidationError({"at": "This is more than a month ago. Check the date."})
    if existing := _near(by, episode, at):
        raise LoggedAlready(existing)
    assert by.membership
    session = IntegrationSession.unscoped.create(
        form_key=form_key,
        client_id=episode.client_id,
        category=Category.SCHEDULE,
        author_organization_id=by.membership.organization_id,
        author=by,
        occurred_at=at,
        episode=episode,
        state=state,
    )
    record("integration.logged", by=by, on=session, state=state)
    if themes.strip() and state == SessionState.HELD:
        _keep_themes(session, by, episode, themes.strip())
    session_recorded.send(IntegrationSession, session=session, by=by)
    return session


def themes_reach(user: User, episode: EpisodeOfCare) -> bool:
    """Whether this person is asked for themes: of the practice, where the clinic may read them."""
    at_practice = (
        user.membership and user.membership.organization_id == episode.referral.practice_id
    )
    return bool(at_practice) and clinic_reads(episode.referral, Category.THEMES)


def check_user_can_correct_session(user: User, session: IntegrationSession) -> None:
    """Those who log sessions, in the house that logged it."""
    check_user_can_log_session(user, session.episode)
    assert user.membership
    if user.membership.organization_id != session.author_organization_id:
        raise PermissionDenied("Those who logged it say that it was a mistake.")


@transaction.atomic
def mark_session_in_error(
    *, by: User, session: IntegrationSession, reason: str
) -> IntegrationSession:
    """It was logged by mistake, with a reason in a line; twice is once. What it alone answered is
    open again. A session that the clinic has written about stands."""
    check_user_can_correct_session(by, session)
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=session.episode_id)
    if SessionError.objects.filter(session=session).exists():
        return session
    if IntegrationRecord.objects.filter(session=session).exists():
        raise ValidationError("This session is written about in the record, so it stands.")
    error = SessionError(session=session, recorded_by=by, reason=reason.strip())
    error.full_clean(exclude=["session", "recorded_by"])
    error.save()
    record("integration.in_error", by=by, on=session)
    session_withdrawn.send(IntegrationSession, session=session, by=by)
    return session


def _near(by: User, episode: EpisodeOfCare, at: datetime) -> IntegrationSession | None:
    """The session of this person and client within an hour of that moment."""
    return IntegrationSession.unscoped.filter(
        client=episode.client_id,
        author=by,
        error=None,
        occurred_at__gt=at - SAME,
        occurred_at__lt=at + SAME,
    ).first()


def _keep_themes(session: IntegrationSession, by: User, episode: EpisodeOfCare, text: str) -> None:
    if not themes_reach(by, episode):
        raise ValidationError({"themes": "No release lets the clinic read themes. Leave them out."})
    themes = SessionThemes(
        session=session,
        client_id=session.client_id,
        category=Category.THEMES,
        author_organization_id=session.author_organization_id,
        author=by,
        occurred_at=session.occurred_at,
        text=text,
    )
    themes.full_clean(exclude=["session", "client", "author_organization", "author"])
    themes.save()


def session_to_write_about(
    *, by: User, episode: EpisodeOfCare, at: datetime
) -> IntegrationSession | None:
    """The session held at exactly this moment that the clinic logged before, not written about."""
    assert by.membership
    written = IntegrationRecord.objects.filter(episode=episode).values("session")
    logged = IntegrationSession.unscoped.filter(
        episode=episode,
        state=SessionState.HELD,
        error=None,
        occurred_at=at,
        author_organization=by.membership.organization_id,
    )
    return logged.exclude(pk__in=written).first()
