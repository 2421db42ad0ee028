"""The flow sheet is appended to; a correction is of the same dose; who leaves was checked."""

from django.db import migrations

from audit.triggers import Refuse, append_only
from people.holding import written_by_its_house

BY_DOSE = ("vitals", "sideeffect", "intervention", "phasemark", "presence")


def same_owner(table: str, owner: str) -> Refuse:
    """What is corrected is of the same dose or episode, and was not withdrawn."""
    return Refuse(
        f"care_sessions_{table}_corrects_its_own",
        f"care_sessions_{table}",
        "INSERT",
        f"EXISTS (SELECT 1 FROM care_sessions_{table} o WHERE o.id = NEW.corrects_id "
        f"AND (o.{owner} <> NEW.{owner} OR o.entered_in_error))",
        "a correction concerns the same dose, and nothing that was withdrawn",
    )


class Migration(migrations.Migration):
    dependencies = [("care_sessions", "0006_record_triggers")]
    operations = [
        *append_only("care_sessions_intervention"),
        *append_only("care_sessions_phasemark"),
        *append_only("care_sessions_presence"),
        *append_only("care_sessions_adverseevent"),
        *append_only("care_sessions_adverseeventupdate"),
        *append_only("care_sessions_adverseeventreview"),
        *append_only("care_sessions_monitoringplan"),
        *append_only("care_sessions_windowplan"),
        written_by_its_house("care_sessions_windowplan", "recorded_by_id", "clinic_id"),
        *append_only("care_sessions_dischargeconfirmation"),
        *[same_owner(table, "dosing_id") for table in BY_DOSE],
        same_owner("adverseevent", "episode_id"),
        Refuse(
            "care_sessions_adverseevent_stays_with_its_dose",
            "care_sessions_adverseevent",
            "INSERT",
            "EXISTS (SELECT 1 FROM care_sessions_adverseevent o WHERE o.id = NEW.corrects_id "
            "AND o.dosing_id <=>! NEW.dosing_id)",
            "a correction leaves the event with its dose",
        ),
        Refuse(
            "care_sessions_adverseevent_of_its_own_episode",
            "care_sessions_adverseevent",
            "INSERT",
            "EXISTS (SELECT 1 FROM care_sessions_dosingsession d WHERE d.id = NEW.dosing_id "
            "AND d.episode_id <> NEW.episode_id)",
            "the dose belongs to somebody else",
        ),
        Refuse(
            "care_sessions_dose_never_begins_discharged",
            "care_sessions_dosingsession",
            "INSERT",
            "NEW.discharged_at IS NOT NULL",
            "a dose is given before the client leaves",
        ),
        Refuse(
            "care_sessions_dose_left_with_every_check",
            "care_sessions_dosingsession",
            "UPDATE",
            "OLD.discharged_at IS NULL AND NEW.discharged_at IS NOT NULL AND "
            "(SELECT count(*) FROM care_sessions_dischargeconfirmation c "
            "WHERE c.dosing_id = NEW.id) < 7",
            "a check of this discharge is missing",
        ),
        Refuse(
            "care_sessions_dose_discharge_as_it_was",
            "care_sessions_dosingsession",
            "UPDATE",
            "OLD.discharged_at IS NOT NULL AND (NEW.escort <> OLD.escort "
            "OR NEW.mental_status <> OLD.mental_status "
            "OR NEW.judged_by_id <=>! OLD.judged_by_id "
            "OR NEW.discharged_by_id <=>! OLD.discharged_by_id "
            "OR NEW.left_against <> OLD.left_against OR NEW.left_because <> OLD.left_because)",
            "a discharge does not change",
        ),
    ]
