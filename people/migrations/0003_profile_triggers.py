"""What a clinic published stays as it was, in one row of versions, by whoever answers for it."""

from django.db import migrations

from audit.triggers import Refuse, append_only

TABLE = "people_clinicprofile"
BY_RESPONSIBLE = (
    "EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.published_by_id "
    "AND m.organization_id = NEW.organization_id AND m.ended_at IS NULL "
    "AND m.role IN ('administrator', 'prescriber'))"
)
NEXT = (
    f"(SELECT COALESCE(MAX(p.version), 0) + 1 FROM {TABLE} p "
    "WHERE p.organization_id = NEW.organization_id)"
)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_triggers")]
    operations = [
        *append_only(TABLE),
        Refuse(
            f"{TABLE}_by_responsible",
            TABLE,
            "INSERT",
            f"NOT {BY_RESPONSIBLE}",
            "an administrator or prescriber of the clinic publishes its profile",
        ),
        Refuse(
            f"{TABLE}_next",
            TABLE,
            "INSERT",
            f"NEW.version <> {NEXT}",
            "a profile follows the version before it",
        ),
    ]
