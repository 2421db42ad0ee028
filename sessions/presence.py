"""Who is beside the client during a dose, and whether anybody of them is trained for it."""

from datetime import date

from people.credentials.listing import trained_people
from people.models import User
from sessions.enums import TreatmentModel
from sessions.models import DosingSession, EpisodeOfCare
from sessions.observed import present_at
from sessions.warnings import Caution, nobody_trained


def people_here(dosing: DosingSession, reader: User) -> set[int]:
    """Ids of those who are noted as in the room. Where nobody is: of those who recorded anything of
    this dose, and before anybody did, of whoever looks at it."""
    if noted := {presence.person_id for presence in present_at(dosing)}:
        return noted
    found = set(dosing.vitals.values_list("recorded_by", flat=True))
    found |= set(dosing.side_effects.values_list("recorded_by", flat=True))
    if dosing.given_by_id:
        found.add(dosing.given_by_id)
    return found or {reader.pk}


def team_cautions(dosing: DosingSession, reader: User) -> list[Caution]:
    """What there is to say of the team, until the client has left or the dose is cancelled."""
    episode = dosing.episode
    # Asked for no other model: most doses cost no query.
    if episode.treatment_model != TreatmentModel.KAP or dosing.discharged_at or dosing.cancelled_at:
        return []
    trained = trained_people(episode.clinic, _day_of(dosing))
    present = people_here(dosing, reader)
    return nobody_trained(episode.treatment_model, bool(present & trained))


def untrained_owners(episode: EpisodeOfCare) -> list[User]:
    """The clinic's people who own preparation or integration where psychotherapy accompanies the
    dose, and who are not current for it. Of others the clinic keeps no training."""
    if episode.treatment_model != TreatmentModel.KAP or episode.ended_at:
        return []
    owners = {episode.preparation_owner, episode.integration_owner}
    trained = trained_people(episode.clinic, episode.clinic.today)
    outside = episode.referral.referrer_id
    found = [each for each in owners if each.pk != outside and each.pk not in trained]
    return sorted(found, key=str)


def _day_of(dosing: DosingSession) -> date:
    """The clinic's day of the dose; one that is still to be given, today at the earliest."""
    clinic = dosing.episode.clinic
    return dosing.given_on or max(clinic.day_of(dosing.planned_at), clinic.today)
