"""Licences and trainings are history: checked once, marked as wrong once, else never changed."""

from django.db import migrations

from audit.triggers import ALWAYS, Refuse

OWN = {
    "licence": ("kind", "number", "issuer", "expires_on"),
    "training": ("kind", "topic", "hours", "completed_on", "expires_on"),
}
SHARED = ("form_key", "person_id", "organization_id", "recorded_by_id", "recorded_at")
CHECKED, WRONG = ("checked_by_id", "checked_at"), ("error_by_id", "error_at", "error_reason")


def differ(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{c} <=>! OLD.{c}" for c in columns) + ")"


def works_there(person: str, more: str = "") -> str:
    return (
        f"EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.{person} "
        f"AND m.organization_id = NEW.organization_id AND m.ended_at IS NULL{more})"
    )


RESPONSIBLE = works_there("checked_by_id", " AND m.role IN ('administrator', 'prescriber')")


def guards(name: str) -> list[Refuse]:
    table = f"people_{name}"
    facts = f"{differ('id', *SHARED, *OWN[name])}"
    checked_again = f"(OLD.checked_at IS NOT NULL AND {differ(*CHECKED)})"
    after_error = f"(OLD.error_at IS NOT NULL AND {differ(*CHECKED, *WRONG)})"
    by_another = "a prescriber or administrator of the clinic checks it"
    rules = (
        ("kept", "DELETE", ALWAYS, f"a {name} on file is kept"),
        (
            "frozen",
            "UPDATE",
            f"({facts} OR {checked_again} OR {after_error})",
            f"a {name} on file does not change",
        ),
        (
            "of_staff",
            "INSERT",
            f"NOT {works_there('person_id')}",
            f"a {name} is kept where the person works",
        ),
        ("checked_new", "INSERT", f"NEW.checked_at IS NOT NULL AND NOT {RESPONSIBLE}", by_another),
        (
            "checked_later",
            "UPDATE",
            f"OLD.checked_at IS NULL AND NEW.checked_at IS NOT NULL AND NOT {RESPONSIBLE}",
            by_another,
        ),
    )
    return [Refuse(f"{table}_{rule}", table, *rest) for rule, *rest in rules]


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [*guards("licence"), *guards("training")]
