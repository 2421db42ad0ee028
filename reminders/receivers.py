"""Reminders follow the record, in the very transaction that changes it."""

from django.dispatch import receiver

from consent.models import Release
from consent.signals import release_revoked
from reminders.actions import (
    cancel_for_recipients,
    mark_prepared,
    mark_served,
    write_reminders,
)
from sessions.models import DosingSession, IntegrationSession, PreparationSession
from sessions.signals import dose_changed, preparation_recorded, session_recorded


@receiver(dose_changed)
def follow_dose(sender, dosing: DosingSession, **kwargs) -> None:
    write_reminders(dosing)


@receiver(session_recorded)
def follow_session(sender, session: IntegrationSession, **kwargs) -> None:
    mark_served(session)


@receiver(preparation_recorded)
def follow_preparation(sender, preparation: PreparationSession, **kwargs) -> None:
    mark_prepared(preparation)


@receiver(release_revoked)
def follow_revocation(sender, release: Release, **kwargs) -> None:
    cancel_for_recipients(release)
