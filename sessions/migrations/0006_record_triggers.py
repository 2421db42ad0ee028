"""What the clinic recorded around a dose is history, and a clearance is a prescriber's."""

from django.db import migrations

from audit.triggers import Refuse, append_only
from people.holding import holds_role
from sessions.holding import of_episode

APP = "care_sessions"
ADDED_TO = (
    "careplan screening screeninganswer allergy caredocument documentinerror consult "
    "consultanswer integrationrecord followup delayedcheck"
).split()
PERMITS = "NEW.result IN ('cleared', 'conditional')"
ABSOLUTE = "'cardiovascular_event', 'aneurysm', 'malformation', 'haemorrhage', 'allergy'"
QUESTIONS = 17


def same_episode(table: str, column: str, other: str) -> Refuse:
    """What a record hangs on belongs to the same episode."""
    return Refuse(
        f"{APP}_{table}_same_episode",
        f"{APP}_{table}",
        "INSERT",
        f"NEW.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {APP}_{other} o "
        f"WHERE o.id = NEW.{column} AND o.episode_id = NEW.episode_id)",
        "this belongs to another episode",
    )


def sealed(table: str) -> Refuse:
    """Nothing is added to a screening once a clearance rests on it."""
    return Refuse(
        f"{APP}_{table}_sealed",
        f"{APP}_{table}",
        "INSERT",
        f"EXISTS (SELECT 1 FROM {APP}_clearance c WHERE c.screening_id = NEW.screening_id)",
        "a clearance rests on this screening",
    )


def unfit(owner: str) -> str:
    """Whether this column of an episode names somebody whom its split does not name."""
    outside = (
        f"NEW.{owner} = (SELECT r.referrer_id FROM referrals_referral r "
        "WHERE r.id = NEW.referral_id)"
    )
    inside = (
        f"EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.{owner} "
        f"AND m.organization_id = NEW.clinic_id AND m.ended_at IS NULL "
        "AND m.role IN ('prescriber', 'nurse', 'kap_therapist'))"
    )
    return (
        f"NOT ((NEW.collaboration <> 'clinic_full' AND {outside}) "
        f"OR (NEW.collaboration <> 'clinic_medical' AND {inside}))"
    )


OWNERS = ("preparation_owner_id", "integration_owner_id")
UNFIT = " OR ".join(map(unfit, OWNERS))
REPLANNED = " OR ".join(f"NEW.{name} <=>! OLD.{name}" for name in (*OWNERS, "collaboration"))
SPLIT = "preparation and integration belong to whom the split names"


class Migration(migrations.Migration):
    dependencies = [(APP, "0005_stock_triggers"), ("people", "0001_initial")]
    operations = [
        *(trigger for table in ADDED_TO for trigger in append_only(f"{APP}_{table}")),
        same_episode("clearance", "screening_id", "screening"),
        same_episode("screening", "completes_id", "screening"),
        same_episode("documentinerror", "document_id", "caredocument"),
        same_episode("consultanswer", "consult_id", "consult"),
        same_episode("preparationsession", "dosing_id", "dosingsession"),
        same_episode("integrationrecord", "dosing_id", "dosingsession"),
        same_episode("followup", "integration_id", "integrationrecord"),
        same_episode("delayedcheck", "dosing_id", "dosingsession"),
        sealed("screeninganswer"),
        sealed("allergy"),
        Refuse(
            f"{APP}_allergy_asked",
            f"{APP}_allergy",
            "INSERT",
            f"EXISTS (SELECT 1 FROM {APP}_screening s WHERE s.id = NEW.screening_id "
            "AND s.no_known_allergies)",
            "no allergies are known in this screening",
        ),
        Refuse(
            f"{APP}_clearance_by_prescriber",
            f"{APP}_clearance",
            "INSERT",
            f"NOT {holds_role('NEW.recorded_by_id', of_episode('clinic_id'), ['prescriber'])}",
            "a prescriber gives the result",
        ),
        Refuse(
            f"{APP}_clearance_asked_everything",
            f"{APP}_clearance",
            "INSERT",
            f"{PERMITS} AND ((SELECT COUNT(*) FROM {APP}_screeninganswer a "
            f"WHERE a.screening_id = NEW.screening_id) < {QUESTIONS} "
            f"OR NOT EXISTS (SELECT 1 FROM {APP}_screening s WHERE s.id = NEW.screening_id "
            "AND s.medicines <> '' AND s.systolic IS NOT NULL AND s.heart_rate IS NOT NULL "
            "AND s.spo2 IS NOT NULL AND s.weight_kg IS NOT NULL AND (s.no_known_allergies "
            f"OR EXISTS (SELECT 1 FROM {APP}_allergy l WHERE l.screening_id = s.id))))",
            "something was not asked or measured yet",
        ),
        Refuse(
            f"{APP}_clearance_says_why",
            f"{APP}_clearance",
            "INSERT",
            f"{PERMITS} AND NEW.despite = '' AND EXISTS (SELECT 1 FROM {APP}_screeninganswer a "
            f"WHERE a.screening_id = NEW.screening_id AND a.answer = 'yes' "
            f"AND a.question IN ({ABSOLUTE}))",
            "something rules a dose out, and no reason is given",
        ),
        Refuse(
            f"{APP}_delayedcheck_after_a_dose",
            f"{APP}_delayedcheck",
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {APP}_dosingsession d WHERE d.id = NEW.dosing_id "
            "AND d.given_at < NEW.at)",
            "a check comes after the dose",
        ),
        Refuse(f"{APP}_episode_split", f"{APP}_episodeofcare", "INSERT", UNFIT, SPLIT),
        Refuse(
            f"{APP}_episode_split_changed",
            f"{APP}_episodeofcare",
            "UPDATE",
            f"({REPLANNED}) AND ({UNFIT})",
            SPLIT,
        ),
    ]
