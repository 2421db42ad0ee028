"""`record()`: the only writer of the audit log."""

from typing import Any

from django.db.models import Model

from audit.models import AuditEvent


def record(event: str, *, by: Any, on: Model, client_id: int | None = None, **detail: Any) -> None:
    """Append one event, in the caller's transaction.

    `event` reads noun.verb (`release.revoked`); `by` is a user or None for the system; `detail`
    holds codes and ids, never names, notes or doses.
    """
    membership = getattr(by, "membership", None)
    AuditEvent.objects.create(
        event=event,
        actor_id=getattr(by, "pk", None),
        organization_id=getattr(membership, "organization_id", None),
        client_id=client_id or getattr(on, "client_id", None),
        subject=f"{on._meta.label_lower}:{on.pk}",
        detail=detail,
    )
