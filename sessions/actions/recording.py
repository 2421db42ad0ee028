"""How a record about an episode is written: under the episode's lock, once for each form."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from audit.record import record
from people.concurrency import row_of_form
from people.models import User
from sessions.models import EpisodeOfCare
from sessions.models.clinical import Recorded

Row = TypeVar("Row", bound=Recorded)
ENTERED = ["episode", "recorded_by", "form_key"]


def already(model: type[Row], episode: EpisodeOfCare, form_key: UUID) -> Row | None:
    """Lock the episode; the row that this very form made of it before, or None."""
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)
    return row_of_form(model.objects, form_key, episode_id=episode.pk)


def enter(
    model: type[Row],
    event: str,
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    content: Mapping[str, Any],
) -> Row:
    """Write one row and its audit event. Raises ValidationError for what the model refuses."""
    row = model(episode=episode, recorded_by=by, form_key=form_key, **content)
    row.full_clean(exclude=ENTERED)
    row.save()
    record(event, by=by, on=row, client_id=episode.client_id)
    return row
