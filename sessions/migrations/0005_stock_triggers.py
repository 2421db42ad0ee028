"""What no path may write into the drug log, the ORM and the shell included."""

from django.db import migrations

from audit.triggers import Refuse, append_only
from people.holding import holds_role

CLINIC_OF_ENTRY = (
    "(SELECT v.clinic_id FROM care_sessions_vial v JOIN care_sessions_stockentry o "
    "ON o.vial_id = v.id WHERE o.id = NEW.entry_id)"
)
VIAL, ENTRY = "care_sessions_vial", "care_sessions_stockentry"
DISCREPANCY = "care_sessions_discrepancy"
SLACK = "0.0001"  # mg: SQLite counts in binary fractions, PostgreSQL in decimals

FULL = (
    f"(SELECT 1 FROM {VIAL} v WHERE v.id = NEW.vial_id "
    "AND ABS(NEW.change_mg - v.strength_mg * v.size) <= 0.0051)"
)
FIRST = (
    "NEW.sequence = 1 AND NEW.kind = 'received' "
    f"AND NEW.balance_mg = NEW.change_mg AND EXISTS {FULL}"
)
NEXT = (
    f"NEW.kind <> 'received' AND EXISTS (SELECT 1 FROM {ENTRY} p WHERE p.vial_id = NEW.vial_id "
    "AND p.sequence = NEW.sequence - 1 "
    f"AND ABS(p.balance_mg + NEW.change_mg - NEW.balance_mg) < {SLACK})"
)
STAFF = (
    f"EXISTS (SELECT 1 FROM people_membership m JOIN {VIAL} v ON v.clinic_id = m.organization_id "
    "WHERE v.id = NEW.vial_id AND m.user_id = NEW.recorded_by_id AND m.ended_at IS NULL "
    "AND (m.role IN ('prescriber', 'nurse') OR (m.role = 'kap_therapist' "
    "AND NEW.kind IN ('witnessed', 'disputed', 'corrected'))))"
)
DRAWABLE = (
    f"EXISTS (SELECT 1 FROM {VIAL} v, care_sessions_dosingsession d "
    "JOIN care_sessions_episodeofcare e ON e.id = d.episode_id WHERE v.id = NEW.vial_id "
    "AND d.id = NEW.dosing_id AND e.clinic_id = v.clinic_id AND d.cancelled_at IS NULL "
    "AND NEW.day <= v.expires_on)"
)
# What an entry may speak about: (its kind, that of the other), always of the same vial.
ABOUT = " OR ".join(
    f"(NEW.kind = '{kind}' AND o.kind IN ({', '.join(map(repr, others))}){more})"
    for kind, others, more in (
        ("wasted", ["drawn"], " AND NEW.dosing_id = o.dosing_id"),
        ("adjusted", ["counted"], ""),
        ("asked", ["received", "drawn", "wasted"], ""),
        ("corrected", ["received", "drawn", "wasted"], ""),
        ("witnessed", ["wasted"], ""),
        ("disputed", ["wasted", "asked"], ""),
    )
)
RELATED = (
    f"EXISTS (SELECT 1 FROM {ENTRY} o WHERE o.id = NEW.about_id AND o.vial_id = NEW.vial_id "
    f"AND ({ABOUT}))"
)
# Whoever counted, wasted or asked is not the one who answers.
OWN = (
    f"EXISTS (SELECT 1 FROM {ENTRY} o WHERE o.id = NEW.about_id "
    "AND o.recorded_by_id = NEW.recorded_by_id)"
)


def standing(entry: str) -> str:
    """That nothing took `entry` back."""
    return (
        f"NOT EXISTS (SELECT 1 FROM {ENTRY} c WHERE c.about_id = {entry}.id "
        "AND c.kind = 'corrected')"
    )


WASTED = (
    f"COALESCE((SELECT SUM(w.amount_mg) FROM {ENTRY} w WHERE w.about_id = o.id "
    f"AND w.kind = 'wasted' AND {standing('w')}), 0)"
)
LEFT_OF_DRAW = (
    f"EXISTS (SELECT 1 FROM {ENTRY} o WHERE o.id = NEW.about_id AND {standing('o')} "
    f"AND NEW.amount_mg + {WASTED} < o.amount_mg + {SLACK})"
)
ASKED = (
    f"EXISTS (SELECT 1 FROM {ENTRY} a WHERE a.about_id = NEW.about_id AND a.kind = 'asked' "
    f"AND a.recorded_by_id <> NEW.recorded_by_id AND NOT EXISTS (SELECT 1 FROM {ENTRY} d "
    "WHERE d.about_id = a.id AND d.kind = 'disputed'))"
)
TAKEN_BACK = (
    f"EXISTS (SELECT 1 FROM {ENTRY} o WHERE o.id = NEW.about_id "
    f"AND NEW.amount_mg = o.amount_mg AND NEW.change_mg = -o.change_mg AND {WASTED} = 0)"
)
TO_THE_COUNT = (
    f"EXISTS (SELECT 1 FROM {ENTRY} o WHERE o.id = NEW.about_id "
    f"AND ABS(NEW.change_mg - (o.amount_mg - o.balance_mg)) < {SLACK})"
)


def refuse(name: str, when: str, message: str) -> Refuse:
    return Refuse(f"care_sessions_stock_{name}", ENTRY, "INSERT", when, message)


def changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{column} <=>! OLD.{column}" for column in columns) + ")"


class Migration(migrations.Migration):
    dependencies = [("care_sessions", "0004_outcome_triggers")]
    operations = [
        *append_only(VIAL),
        *append_only(ENTRY),
        refuse(
            "chain",
            f"NOT (({FIRST}) OR ({NEXT}))",
            "each balance is the one before it and the change",
        ),
        refuse("by_staff", f"NOT {STAFF}", "a prescriber or nurse of the clinic keeps the log"),
        refuse(
            "on_its_day",
            "SECONDS[NEW.at|NEW.day] NOT BETWEEN -50400 AND 129600",
            "an entry is of the day of its moment",
        ),
        refuse(
            "drawable",
            f"NEW.kind = 'drawn' AND NOT {DRAWABLE}",
            "a draw is for a dose of the clinic, from a vial that has not expired",
        ),
        refuse(
            "related",
            f"NEW.about_id IS NOT NULL AND NOT {RELATED}",
            "an entry speaks about an earlier one of the same vial",
        ),
        refuse(
            "second_person",
            f"NEW.kind IN ('witnessed', 'disputed', 'adjusted') AND {OWN}",
            "nobody confirms what they recorded themselves",
        ),
        refuse(
            "rest_of_a_draw",
            f"NEW.kind = 'wasted' AND NEW.about_id IS NOT NULL AND NOT {LEFT_OF_DRAW}",
            "no more is wasted than was drawn",
        ),
        refuse(
            "taken_back",
            f"NEW.kind = 'corrected' AND NOT ({ASKED} AND {TAKEN_BACK})",
            "an entry is taken back whole, by a second person who was asked",
        ),
        refuse(
            "set_to_the_count",
            f"NEW.kind = 'adjusted' AND NOT {TO_THE_COUNT}",
            "a balance is set to what was counted",
        ),
        Refuse(
            f"{DISCREPANCY}_frozen",
            DISCREPANCY,
            "UPDATE",
            changed("entry_id", "difference_mg", "raised_at"),
            "a discrepancy keeps what was found",
        ),
        Refuse(
            f"{DISCREPANCY}_resolved_at_once",
            DISCREPANCY,
            "UPDATE",
            "OLD.resolved_at IS NOT NULL AND "
            + changed("resolved_at", "resolved_by_id", "finding", "explanation", "notice_sent_on"),
            "what was found out does not change",
        ),
        Refuse(
            f"{DISCREPANCY}_resolved_by_another",
            DISCREPANCY,
            "UPDATE",
            f"NEW.resolved_at IS NOT NULL AND EXISTS (SELECT 1 FROM {ENTRY} o "
            "WHERE o.id = NEW.entry_id AND o.recorded_by_id = NEW.resolved_by_id)",
            "nobody explains a difference that they found themselves",
        ),
        Refuse(
            f"{DISCREPANCY}_born_open",
            DISCREPANCY,
            "INSERT",
            "NEW.resolved_at IS NOT NULL",
            "a difference is found before it is explained",
        ),
        Refuse(
            f"{DISCREPANCY}_resolved_by_prescriber",
            DISCREPANCY,
            "UPDATE",
            "OLD.resolved_at IS NULL AND NEW.resolved_at IS NOT NULL "
            f"AND NOT {holds_role('NEW.resolved_by_id', CLINIC_OF_ENTRY, ['prescriber'])}",
            "a prescriber of the clinic explains a difference",
        ),
        Refuse(f"{DISCREPANCY}_kept", DISCREPANCY, "DELETE", "1 = 1", "a discrepancy is kept"),
    ]
