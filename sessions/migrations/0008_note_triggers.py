"""A signed note is added to or marked as in error, once, and never changed; a closed one is kept."""

from django.db import migrations

from audit.triggers import Refuse, append_only

NOTE = "care_sessions_continuitynote"
AS_SIGNED = ("episode_id", "dosing_id", "adds_to_id", "reason", "author_id", "version", "draft") + (
    "draft_substance_use",
    "saved_at",
    "signed_at",
    "signed_by_id",
)


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
