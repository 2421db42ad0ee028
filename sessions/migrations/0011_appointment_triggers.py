"""Nobody, and no room, is booked twice at one time; an appointment is of one case and its houses."""

from django.db import migrations

from audit.overlaps import RefuseOverlap
from audit.triggers import Refuse, changed, frozen, kept, once
from people.holding import works_at, written_by_its_house
from sessions.enums.appointments import LEAST_MINUTES, MOST_MINUTES, MOVES

APP = "care_sessions"
TABLE, ROOM, FEED = f"{APP}_appointment", f"{APP}_room", f"{APP}_calendarfeed"
CASE = f"{APP}_episodeofcare e JOIN referrals_referral r ON r.id = e.referral_id"
BOOKED = "{}state = 'booked'"
STAYS = (
    *("client_id", "category", "sensitivities", "author_organization_id", "author_id"),
    *("occurred_at", "recorded_at", "form_key", "choice", "episode_id", "kind", "dosing_id"),
    *("dose_number", "dose_at", '"window"', "person_id", "room_id", "starts_at", "ends_at"),
    *("replaces_id", "uid", "sequence"),
)
ALLOWED = " OR ".join(
    f"(OLD.state = '{state}' AND NEW.state IN ({', '.join(repr(str(to)) for to in following)}))"
    for state, following in MOVES.items()
)


def on_insert(name: str, when: str, message: str) -> Refuse:
    return Refuse(f"{TABLE}_{name}", TABLE, "INSERT", when, message)


class Migration(migrations.Migration):
    dependencies = [
        (APP, "0010_coordination_triggers"),
        ("people", "0001_initial"),
        ("referrals", "0001_initial"),
    ]
    operations = [
        RefuseOverlap(f"{TABLE}_person_once", TABLE, "person_id", BOOKED),
        RefuseOverlap(f"{TABLE}_room_once", TABLE, "room_id", BOOKED),
        written_by_its_house(TABLE),
        frozen(TABLE, STAYS),
        kept(TABLE),
        on_insert(
            "born_open", "NEW.state NOT IN ('proposed', 'booked')", "it is proposed or booked first"
        ),
        Refuse(
            f"{TABLE}_moves",
            TABLE,
            "UPDATE",
            f"NOT ({ALLOWED})",
            "this appointment does not change any more",
        ),
        on_insert(
            "of_a_house",
            f"NOT EXISTS (SELECT 1 FROM {CASE} WHERE e.id = NEW.episode_id "
            "AND e.client_id = NEW.client_id "
            "AND NEW.author_organization_id IN (e.clinic_id, r.practice_id))",
            "an appointment is made by one of the two houses",
        ),
        on_insert(
            "held_by_its_house",
            f"NOT EXISTS (SELECT 1 FROM {CASE} WHERE e.id = NEW.episode_id AND "
            f"((NEW.state = 'booked' AND {works_at('NEW.person_id', 'NEW.author_organization_id')})"
            f" OR (NEW.state = 'proposed' AND ({works_at('NEW.person_id', 'e.clinic_id')} "
            f"OR {works_at('NEW.person_id', 'r.practice_id')}))))",
            "whoever holds it works at the house that books it",
        ),
        on_insert(
            "of_its_dose",
            "NEW.dosing_id IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM {APP}_dosingsession d WHERE d.id = NEW.dosing_id "
            "AND d.episode_id = NEW.episode_id AND d.number = NEW.dose_number)",
            "the dose is of the same episode",
        ),
        on_insert(
            "in_a_room_of_its_house",
            f"NEW.room_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {ROOM} o "
            "WHERE o.id = NEW.room_id AND o.clinic_id = NEW.author_organization_id "
            "AND o.retired_at IS NULL)",
            "the room is one of the house, and in use",
        ),
        on_insert(
            "lasts",
            f"SECONDS[NEW.ends_at|NEW.starts_at] < {LEAST_MINUTES * 60} "
            f"OR SECONDS[NEW.ends_at|NEW.starts_at] > {MOST_MINUTES * 60}",
            "an appointment lasts 5 minutes to 8 hours",
        ),
        on_insert(
            "follows",
            f"NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {TABLE} a "
            "WHERE a.id = NEW.replaces_id AND a.episode_id = NEW.episode_id "
            "AND a.state IN ('taken', 'cancelled'))",
            "it takes the place of one that is over, of the same episode",
        ),
        frozen(ROOM, ("clinic_id", "form_key", "made_by_id", "made_at")),
        once(ROOM, "retired_at", ("retired_by_id", "label"), "a retired room stays as it was"),
        kept(ROOM),
        frozen(FEED, ("membership_id", "form_key", "token_hash", "made_at")),
        Refuse(
            f"{FEED}_revoked_once",
            FEED,
            "UPDATE",
            f"OLD.revoked_at IS NOT NULL AND {changed(['revoked_at'])}",
            "a calendar that was taken back stays so",
        ),
        kept(FEED),
    ]
