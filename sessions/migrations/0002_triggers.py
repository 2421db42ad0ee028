"""Observations, signed notes and held sessions are history: they are added to, never changed."""

from django.db import migrations

from audit.triggers import Refuse, append_only, changed, frozen

AS_GIVEN = ["route", "weight_kg", "given_by_id", "order_id", "clearance_id", "identity_id"]
AS_GIVEN += ["checks_id", "escort_plan_id"]
AS_GIVEN += ["episode_id", "number", "planned_by_id", "recorded_at"]


class Migration(migrations.Migration):
    dependencies = [("care_sessions", "0001_initial")]
    operations = [
        *append_only("care_sessions_vitals"),
        *append_only("care_sessions_sideeffect"),
        *append_only("care_sessions_notesection"),
        *append_only("care_sessions_integrationsession"),
        *append_only("care_sessions_intake"),
        *append_only("care_sessions_clearance"),
        *append_only("care_sessions_preparationsession"),
        Refuse(
            "care_sessions_dose_as_given",
            "care_sessions_dosingsession",
            "UPDATE",
            f"OLD.given_at IS NOT NULL AND {changed(AS_GIVEN)}",
            "a dose that was given does not change",
        ),
        Refuse(
            "care_sessions_dose_discharge_once",
            "care_sessions_dosingsession",
            "UPDATE",
            "OLD.discharged_at IS NOT NULL AND NEW.discharged_at <=>! OLD.discharged_at",
            "a discharge does not change",
        ),
        Refuse(
            "care_sessions_dose_kept",
            "care_sessions_dosingsession",
            "DELETE",
            "OLD.given_at IS NOT NULL",
            "a dose that was given is kept",
        ),
        Refuse(
            "care_sessions_no_dose_after_the_end",
            "care_sessions_dosingsession",
            "INSERT",
            "EXISTS (SELECT 1 FROM care_sessions_episodeofcare e "
            "WHERE e.id = NEW.episode_id AND e.ended_at IS NOT NULL)",
            "treatment has ended",
        ),
        frozen("care_sessions_episodeofcare", ["client_id", "clinic_id", "referral_id"]),
        Refuse(
            "care_sessions_episode_ended_once",
            "care_sessions_episodeofcare",
            "UPDATE",
            "OLD.ended_at IS NOT NULL AND (NEW.ended_at <=>! OLD.ended_at "
            "OR NEW.ended_by_id <=>! OLD.ended_by_id OR NEW.ended_reason <=>! OLD.ended_reason)",
            "the end of treatment does not change",
        ),
    ]
