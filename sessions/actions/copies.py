"""Copies for outside contacts: people whom a release names and who have no account."""

from django.core.exceptions import ValidationError

from audit.record import record
from consent.access import Reader
from consent.disclosure import Disclosed, disclose
from consent.enums import Channel
from consent.models import OutsideContact
from people.models import User
from sessions.models import EpisodeOfCare
from sessions.permissions import check_user_can_work_on
from sessions.reading import kinds_of_case


def hand_over_copy(*, by: User, episode: EpisodeOfCare, contact: OutsideContact) -> Disclosed:
    """Read in the contact's name what releases open to them, to be printed for them.

    The ledger has the contact as the one who received it, the audit log who handed it over. Two
    transactions, because nothing may be disclosed inside another one: if the second fails, nothing
    is handed over. Raises ValidationError where nothing is open to the contact.
    """
    check_user_can_work_on(by, episode)
    if (contact.client_id, contact.clinic_id) != (episode.client_id, episode.clinic_id):
        raise ValidationError("This is no contact of the client.")
    found = disclose(
        to=Reader.outside(contact),
        about={episode.client_id},
        kinds=kinds_of_case(episode.referral),
        channel=Channel.EXPORT,
    )
    if not any(found.items.values()):
        raise ValidationError("There is nothing to hand over: nothing is shared with them now.")
    record("copy.handed_over", by=by, on=contact, client_id=episode.client_id, episode=episode.pk)
    return found
