"""That an integration session was held or missed: logged in two clicks by whoever holds it."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category
from people.concurrency import row_of_form
from people.enums import TREATING_ROLES, Role
from people.models import User
from referrals.models import Referral
from sessions.actions.dosing import LATEST_ENTRY
from sessions.enums import SessionState
from sessions.models import EpisodeOfCare, IntegrationRecord, IntegrationSession
from sessions.signals import session_recorded


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
) -> IntegrationSession:
    """Log a session at the moment `at`. The same form sent twice gives one session."""
    check_user_can_log_session(by, episode)
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)
    if existing := row_of_form(IntegrationSession.unscoped, form_key, episode_id=episode.pk):
        return existing
    if at > timezone.now():
        raise ValidationError({"at": "This is in the future. Log a session once it was held."})
    if at < timezone.now() - LATEST_ENTRY:
        raise ValidationError({"at": "This is more than a month ago. Check the date."})
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
    session_recorded.send(IntegrationSession, session=session, by=by)
    return session


def session_to_write_about(
    *, by: User, episode: EpisodeOfCare, at: datetime
) -> IntegrationSession | None:
    """The session held at exactly this moment that the clinic logged before, not written about."""
    assert by.membership
    written = IntegrationRecord.objects.filter(episode=episode).values("session")
    logged = IntegrationSession.unscoped.filter(
        episode=episode,
        state=SessionState.HELD,
        occurred_at=at,
        author_organization=by.membership.organization_id,
    )
    return logged.exclude(pk__in=written).first()
