"""Safety alerts: raised in the transaction of what raises them, acknowledged once."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from audit.record import record
from consent.clock import database_now
from people.models import User
from sessions.enums.outcomes import AlertKind
from sessions.models import EpisodeOfCare, SafetyAlert
from sessions.models.alerts import source_of
from sessions.permissions import check_user_can_treat
from sessions.signals import alert_raised

THERAPIST = ("episode__referral__referrer", "episode__referral__practice")


@transaction.atomic
def raise_alert(
    *, by: User | None, episode: EpisodeOfCare, kind: AlertKind, source: Model
) -> SafetyAlert:
    """Alert the clinic of `source`, a saved row. The same row raises one alert of a kind.

    `by` is None where the client's own answer raised it. Nobody is asked for a permission: whoever
    may record the row may not be kept from alerting of it.
    """
    alert, created = SafetyAlert.objects.get_or_create(
        kind=kind,
        source=source_of(source),
        defaults={"episode": episode, "raised_at": database_now()},
    )
    if created:
        record("alert.raised", by=by, on=alert, client_id=episode.client_id, kind=kind)
        alert_raised.send(SafetyAlert, alert=alert, by=by)
    return alert


@transaction.atomic
def acknowledge_alert(*, by: User, alert: SafetyAlert, done: str) -> SafetyAlert:
    """Say what was done about it, by a prescriber, nurse or KAP therapist of the clinic.

    The same words sent twice are one. Raises ValidationError for none at all, or when somebody
    else was first.
    """
    rows = SafetyAlert.objects.select_for_update(of=("self",), no_key=True)
    alert = rows.select_related("episode", "acknowledged_by").get(pk=alert.pk)
    check_user_can_treat(by, alert.episode)
    done = done.strip()
    if not done:
        raise ValidationError({"done": "Write what was done."})
    if alert.acknowledged_at:
        if (alert.acknowledged_by_id, alert.done) == (by.pk, done):
            return alert
        raise ValidationError(f"{alert.acknowledged_by} has answered this alert already.")
    alert.acknowledged_at, alert.acknowledged_by, alert.done = database_now(), by, done
    alert.full_clean()
    alert.save(update_fields=["acknowledged_at", "acknowledged_by", "done"])
    record("alert.acknowledged", by=by, on=alert, client_id=alert.episode.client_id)
    return alert


def open_alerts(clinic_id: int) -> list[SafetyAlert]:
    """What stands at this clinic, the oldest first, each with its client."""
    rows = SafetyAlert.objects.standing().filter(episode__clinic=clinic_id)
    return list(rows.select_related("episode__client", *THERAPIST))
