"""A signed note is added to or marked as in error, once, and never changed; a closed one is kept.

What others may read of a case speaks of the client of its episode.
"""

from django.db import migrations

from audit.triggers import Refuse, append_only, frozen, kept
from people.holding import holds_role
from sessions.holding import of_episode

NOTE = "care_sessions_continuitynote"
AS_SIGNED = ("episode_id", "dosing_id", "adds_to_id", "reason", "author_id", "version", "draft") + (
    "draft_substance_use",
    "saved_at",
    "signed_at",
    "signed_by_id",
)


WRITES = ("prescriber", "kap_therapist")
CLINIC, EVENT = of_episode("clinic_id"), "care_sessions_careevent"
OF_NOTE = of_episode("client_id", f"(SELECT n.episode_id FROM {NOTE} n WHERE n.id = NEW.note_id)")
# Whoever signed the note, or the one that it adds to, while they still write notes there.
SIGNER = (
    f"{holds_role('NEW.in_error_by_id', CLINIC, WRITES)} AND (NEW.in_error_by_id = OLD.signed_by_id "
    f"OR EXISTS (SELECT 1 FROM {NOTE} n WHERE n.id = OLD.adds_to_id "
    "AND n.signed_by_id = NEW.in_error_by_id))"
)
MARKS = f"({holds_role('NEW.in_error_by_id', CLINIC, ['prescriber'])} OR ({SIGNER}))"


def of_its_client(table: str, client: str = of_episode("client_id")) -> Refuse:
    name = f"care_sessions_{table}"
    differ = f"NEW.client_id <> {client}"
    return Refuse(f"{name}_of_its_client", name, "INSERT", differ, "this is of another client")


def differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} <=>! OLD.{column}" for column in columns)


class Migration(migrations.Migration):
    dependencies = [("care_sessions", "0007_sheet_triggers")]
    operations = [
        Refuse(
            "care_sessions_note_signed",
            NOTE,
            "UPDATE",
            "OLD.signed_at IS NOT NULL AND (OLD.in_error_at IS NOT NULL "
            f"OR NEW.in_error_at IS NULL OR {differs(AS_SIGNED)})",
            "a signed note does not change",
        ),
        Refuse(
            "care_sessions_note_kept",
            NOTE,
            "DELETE",
            "OLD.signed_at IS NOT NULL",
            "a signed note is kept",
        ),
        Refuse(
            "care_sessions_note_stays",
            NOTE,
            "UPDATE",
            differs(("episode_id", "dosing_id", "adds_to_id")),
            "a note stays with its dose",
        ),
        Refuse(
            "care_sessions_note_added_to_signed",
            NOTE,
            "INSERT",
            f"NEW.adds_to_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {NOTE} n "
            "WHERE n.id = NEW.adds_to_id AND n.signed_at IS NOT NULL AND n.adds_to_id IS NULL "
            "AND n.in_error_at IS NULL AND n.dosing_id = NEW.dosing_id)",
            "only a signed note of the same dose is added to",
        ),
        Refuse(
            "care_sessions_note_added_to_standing",
            NOTE,
            "UPDATE",
            "OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL AND EXISTS (SELECT 1 "
            f"FROM {NOTE} n WHERE n.id = NEW.adds_to_id AND n.in_error_at IS NOT NULL)",
            "nothing is added to a note that was entered in error",
        ),
        Refuse(
            "care_sessions_note_born_unsigned",
            NOTE,
            "INSERT",
            "NEW.signed_at IS NOT NULL",
            "a note is drafted before it is signed",
        ),
        Refuse(
            "care_sessions_note_same_episode",
            NOTE,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM care_sessions_dosingsession d "
            "WHERE d.id = NEW.dosing_id AND d.episode_id = NEW.episode_id)",
            "this dose belongs to another episode",
        ),
        Refuse(
            "care_sessions_note_signed_by_staff",
            NOTE,
            "UPDATE",
            "OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL "
            f"AND NOT {holds_role('NEW.signed_by_id', CLINIC, WRITES)}",
            "a prescriber or KAP therapist of the clinic signs a note",
        ),
        Refuse(
            "care_sessions_note_marked_by_staff",
            NOTE,
            "UPDATE",
            f"OLD.in_error_at IS NULL AND NEW.in_error_at IS NOT NULL AND NOT {MARKS}",
            "whoever signed it, or a prescriber, marks a note as in error",
        ),
        of_its_client("notesection", OF_NOTE),
        of_its_client("integrationsession"),
        of_its_client("careevent"),
        frozen(
            EVENT,
            ["client_id", "author_organization_id", "episode_id", "dosing_id", "sensitivities"],
        ),
        kept(EVENT),
        Refuse(
            "care_sessions_notesection_before_signing",
            "care_sessions_notesection",
            "INSERT",
            f"EXISTS (SELECT 1 FROM {NOTE} n WHERE n.id = NEW.note_id "
            "AND n.signed_at IS NOT NULL)",
            "a signed note takes no more sections",
        ),
        *append_only("care_sessions_psychotherapynote", "OLD.closed_at IS NOT NULL"),
        Refuse(
            "care_sessions_psychotherapynote_own",
            "care_sessions_psychotherapynote",
            "UPDATE",
            differs(("author_id", "episode_id")),
            "a psychotherapy note stays with its author",
        ),
    ]
