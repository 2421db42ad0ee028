"""What a clinic found out about two records stays; a record that was merged takes no other in."""

from django.db import migrations

from audit.triggers import Refuse, append_only


def kept_there(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM people_registration r WHERE r.client_id = NEW.{row} "
        "AND r.organization_id = NEW.clinic_id)"
    )


BY_STAFF = (
    "EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.by_id "
    "AND m.organization_id = NEW.clinic_id AND m.ended_at IS NULL "
    "AND m.role IN ('coordinator', 'prescriber'))"
)


def refuse(table: str, name: str, unless: str, message: str) -> Refuse:
    return Refuse(f"people_{table}_{name}", f"people_{table}", "INSERT", f"NOT ({unless})", message)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_joining_triggers")]
    operations = [
        *append_only("people_clientmerge"),
        *append_only("people_twopeople"),
        refuse(
            "clientmerge",
            "into_a_survivor",
            "NOT EXISTS (SELECT 1 FROM people_clientmerge c WHERE c.clinic_id = NEW.clinic_id "
            "AND c.merged_id = NEW.survivor_id)",
            "that record was merged itself",
        ),
        refuse(
            "clientmerge",
            "of_its_clinic",
            f"{kept_there('merged_id')} AND {kept_there('survivor_id')} AND {BY_STAFF}",
            "a coordinator or prescriber merges records of their clinic",
        ),
        refuse(
            "twopeople",
            "of_its_clinic",
            f"{kept_there('lower_id')} AND {kept_there('higher_id')} AND {BY_STAFF}",
            "a coordinator or prescriber tells records of their clinic apart",
        ),
    ]
