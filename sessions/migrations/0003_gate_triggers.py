"""A dose is given through its gates, by whatever way it is written."""

from django.db import migrations

from audit.triggers import Refuse, append_only, changed
from people.holding import holds_role
from sessions.holding import of_dosing, of_episode

PRESCRIBES, TREATS = ("prescriber",), ("prescriber", "nurse", "kap_therapist")
WORKS = (*TREATS, "coordinator")

AFTERWARDS, FRESH = 600, 86400  # seconds, as in sessions/gates.py
LIFTED = (
    "EXISTS (SELECT 1 FROM care_sessions_gateoverride o "
    "WHERE o.dosing_id = NEW.id AND o.gate = '{}')"
)
# What a dose stands on was entered before it, or at once afterwards; for some not long before.
IN_TIME = f"SECONDS[f.recorded_at|NEW.given_at] <= {AFTERWARDS}"
THAT_DAY = f"{IN_TIME} AND SECONDS[NEW.given_at|f.recorded_at] <= {FRESH}"
OF_THIS = "f.dosing_id = NEW.id"


def newest(table: str, owner: str) -> str:
    """SQL: when the dose is first recorded, no later row took the place of the fact."""
    return (
        f"(OLD.given_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM {table} l "
        f"WHERE l.{owner} = f.{owner} AND (l.recorded_at > f.recorded_at "
        "OR (l.recorded_at = f.recorded_at AND l.id > f.id))))"
    )


def gate(name: str, table: str, column: str, condition: str, owner: str = "") -> str:
    """SQL: the fact that opened the gate is this dose's, holds, and is the newest of its `owner`;
    or a prescriber lifted the gate."""
    of_its_kind = f" AND {newest(table, owner)}" if owner else ""
    return (
        f"(EXISTS (SELECT 1 FROM {table} f WHERE f.id = NEW.{column} "
        f"AND {condition}{of_its_kind}) OR {LIFTED.format(name)})"
    )


ORDERED = (
    "EXISTS (SELECT 1 FROM care_sessions_doseorder f WHERE f.id = NEW.order_id "
    "AND f.dosing_id = NEW.id AND f.dose_mg = NEW.dose_mg AND f.route = NEW.route "
    f"AND {newest('care_sessions_doseorder', 'dosing_id')})"
)
ORDERED_IN_TIME = (
    f"EXISTS (SELECT 1 FROM care_sessions_doseorder f WHERE f.id = NEW.order_id AND {IN_TIME})"
)
CLEARED = (
    "f.episode_id = NEW.episode_id AND f.result IN ('cleared', 'conditional') "
    f"AND f.valid_until >= NEW.given_on AND {IN_TIME}"
)
# The client's latest answer by the moment of the dose: a later no is never passed over.
LATEST_ANSWER = (
    "NOT EXISTS (SELECT 1 FROM consent_treatmentconsent l WHERE l.client_id = f.client_id "
    "AND l.organization_id = f.organization_id AND l.id <> f.id "
    "AND COALESCE(l.signed_at, l.declined_at) <= NEW.given_at "
    "AND (COALESCE(l.signed_at, l.declined_at) > f.signed_at "
    "OR (COALESCE(l.signed_at, l.declined_at) = f.signed_at AND l.id > f.id)))"
)
AGREED = (
    "f.signed_at <= NEW.given_at AND f.until > NEW.given_at "
    "AND (f.revoked_at IS NULL OR f.revoked_at > NEW.given_at) "
    "AND EXISTS (SELECT 1 FROM care_sessions_episodeofcare e WHERE e.id = NEW.episode_id "
    f"AND e.client_id = f.client_id AND e.clinic_id = f.organization_id) AND {LATEST_ANSWER}"
)
ASKED = (
    f"{OF_THIS} AND {THAT_DAY} AND (SELECT count(*) FROM care_sessions_predoseanswer a "
    "WHERE a.check_made_id = f.id AND a.is_so) = 8"
)
OPEN = " AND ".join(
    [
        gate("clearance", "care_sessions_clearance", "clearance_id", CLEARED, "episode_id"),
        gate("consent", "consent_treatmentconsent", "consent_id", AGREED),
        gate(
            "identity",
            "care_sessions_identitycheck",
            "identity_id",
            f"{OF_THIS} AND {THAT_DAY}",
            "dosing_id",
        ),
        gate("checks", "care_sessions_predosecheck", "checks_id", ASKED, "dosing_id"),
        gate("escort", "care_sessions_escortplan", "escort_plan_id", OF_THIS, "dosing_id"),
    ]
)
# The newest correction of the dose leads from what was recorded to what is to be recorded.
CORRECTED = (
    "EXISTS (SELECT 1 FROM care_sessions_dosecorrection c WHERE c.dosing_id = NEW.id "
    "AND c.was_given_at = OLD.given_at AND c.was_mg = OLD.dose_mg "
    "AND c.given_at = NEW.given_at AND c.dose_mg = NEW.dose_mg "
    "AND NOT EXISTS (SELECT 1 FROM care_sessions_dosecorrection l "
    "WHERE l.dosing_id = c.dosing_id AND l.id > c.id))"
)
TIMES = ["given_at", "given_on", "consent_id"]
# The day of a moment somewhere on earth: it began 12 h after UTC at the latest, 14 h before it.
ANOTHER_DAY = "SECONDS[NEW.given_at|NEW.given_on] NOT BETWEEN -50400 AND 129600"


def by_staff(table: str, column: str, roles: tuple[str, ...], message: str) -> Refuse:
    """Whoever writes a row about a dose holds one of `roles` at its clinic."""
    held = holds_role(f"NEW.{column}", of_dosing("clinic_id"), roles)
    name = f"care_sessions_{table}_by_staff"
    return Refuse(name, f"care_sessions_{table}", "INSERT", f"NOT {held}", message)


REVIEWED_IN = (
    "(SELECT e.clinic_id FROM care_sessions_gateoverride o "
    "JOIN care_sessions_dosingsession d ON d.id = o.dosing_id "
    "JOIN care_sessions_episodeofcare e ON e.id = d.episode_id WHERE o.id = NEW.override_id)"
)
GIVER_TREATS = holds_role("NEW.given_by_id", of_episode("clinic_id"), TREATS)


class Migration(migrations.Migration):
    dependencies = [("care_sessions", "0002_triggers"), ("consent", "0001_initial")]
    operations = [
        *append_only("care_sessions_doseorder"),
        *append_only("care_sessions_identitycheck"),
        *append_only("care_sessions_predosecheck"),
        *append_only("care_sessions_predoseanswer"),
        *append_only("care_sessions_escortplan"),
        *append_only("care_sessions_gateoverride"),
        *append_only("care_sessions_overridereview"),
        by_staff("doseorder", "recorded_by_id", PRESCRIBES, "a prescriber orders a dose"),
        by_staff("gateoverride", "overridden_by_id", PRESCRIBES, "a prescriber lifts a gate"),
        by_staff("identitycheck", "recorded_by_id", TREATS, "whoever treats asks who it is"),
        by_staff("predosecheck", "recorded_by_id", TREATS, "whoever treats makes the checks"),
        by_staff("escortplan", "recorded_by_id", WORKS, "the clinic plans the way home"),
        by_staff("dosecorrection", "recorded_by_id", TREATS, "whoever treats corrects a dose"),
        Refuse(
            "care_sessions_overridereview_by_staff",
            "care_sessions_overridereview",
            "INSERT",
            f"NOT {holds_role('NEW.reviewed_by_id', REVIEWED_IN, TREATS)}",
            "whoever treats reviews what was lifted",
        ),
        Refuse(
            "care_sessions_dose_given_by_staff",
            "care_sessions_dosingsession",
            "UPDATE",
            f"OLD.given_at IS NULL AND NEW.given_at IS NOT NULL AND NOT {GIVER_TREATS}",
            "whoever treats there gives a dose",
        ),
        Refuse(
            "care_sessions_dose_begins_planned",
            "care_sessions_dosingsession",
            "INSERT",
            "NEW.given_at IS NOT NULL",
            "a dose is planned before it is given",
        ),
        Refuse(
            "care_sessions_dose_through_its_gates",
            "care_sessions_dosingsession",
            "UPDATE",
            f"NEW.given_at IS NOT NULL AND {changed(TIMES)} AND NOT ({OPEN})",
            "a gate of this dose is shut",
        ),
        Refuse(
            "care_sessions_dose_as_ordered",
            "care_sessions_dosingsession",
            "UPDATE",
            f"OLD.given_at IS NULL AND NEW.given_at IS NOT NULL AND NOT {ORDERED}",
            "this dose was not ordered so",
        ),
        Refuse(
            "care_sessions_dose_ordered_in_time",
            "care_sessions_dosingsession",
            "UPDATE",
            f"NEW.given_at IS NOT NULL AND NEW.given_at <=>! OLD.given_at AND NOT {ORDERED_IN_TIME}",
            "the order was entered after the dose",
        ),
        Refuse(
            "care_sessions_dose_on_its_day",
            "care_sessions_dosingsession",
            "UPDATE",
            f"NEW.given_at IS NOT NULL AND {changed(TIMES)} AND {ANOTHER_DAY}",
            "a dose is given on the day of its moment",
        ),
        Refuse(
            "care_sessions_dose_recorded_once_given",
            "care_sessions_dosingsession",
            "UPDATE",
            "OLD.given_at IS NULL AND NEW.given_at IS NOT NULL "
            "AND (NEW.recorded_at IS NULL OR NEW.given_at > NEW.recorded_at)",
            "a dose is recorded once it was given",
        ),
        *append_only("care_sessions_dosecorrection"),
        Refuse(
            "care_sessions_dosecorrection_of_what_stood",
            "care_sessions_dosecorrection",
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM care_sessions_dosingsession d WHERE d.id = NEW.dosing_id "
            "AND d.given_at = NEW.was_given_at AND d.dose_mg = NEW.was_mg)",
            "a correction begins from what is recorded",
        ),
        Refuse(
            "care_sessions_dose_given_changes_by_correction",
            "care_sessions_dosingsession",
            "UPDATE",
            f"OLD.given_at IS NOT NULL AND {changed([*TIMES, 'dose_mg'])} AND NOT {CORRECTED}",
            "a dose that was given changes by a correction alone",
        ),
        Refuse(
            "care_sessions_identity_is_the_clients",
            "care_sessions_identitycheck",
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM care_sessions_dosingsession d "
            "JOIN care_sessions_episodeofcare e ON e.id = d.episode_id "
            "JOIN people_client c ON c.id = e.client_id "
            "WHERE d.id = NEW.dosing_id AND c.date_of_birth = NEW.date_of_birth)",
            "this is the date of birth of somebody else",
        ),
        Refuse(
            "care_sessions_override_before_the_dose",
            "care_sessions_gateoverride",
            "INSERT",
            "EXISTS (SELECT 1 FROM care_sessions_dosingsession d "
            "WHERE d.id = NEW.dosing_id AND d.given_at IS NOT NULL)",
            "the dose was given already",
        ),
        Refuse(
            "care_sessions_review_by_somebody_else",
            "care_sessions_overridereview",
            "INSERT",
            "EXISTS (SELECT 1 FROM care_sessions_gateoverride o "
            "WHERE o.id = NEW.override_id AND o.overridden_by_id = NEW.reviewed_by_id)",
            "somebody else reviews what was lifted",
        ),
    ]
