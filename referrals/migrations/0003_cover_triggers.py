"""A cover is between two therapists of one practice; what was agreed stays, and it ends once."""

from django.db import migrations

from audit.triggers import Refuse, frozen, kept, once

COVER = "referrals_cover"


def works_there(person: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.{person} "
        "AND m.organization_id = NEW.practice_id AND m.ended_at IS NULL AND m.role = 'therapist')"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_triggers"),
        ("people", "0004_joining_triggers"),
    ]
    operations = [
        frozen(
            COVER,
            "id form_key practice_id covered_id colleague_id starts_at until created_at".split(),
        ),
        once(COVER, "ended_at", ["ended_by_id"], "a cover ends once"),
        once(COVER, "over_noted_at", [], "the end of a cover is noted once"),
        kept(COVER),
        Refuse(
            f"{COVER}_of_bounded_length",
            COVER,
            "INSERT",
            f"SECONDS[NEW.until|NEW.starts_at] > {90 * 86400 + 3600}",  # a clock change besides
            "a cover lasts 90 days at most",
        ),
        Refuse(
            f"{COVER}_of_colleagues",
            COVER,
            "INSERT",
            f"NOT ({works_there('covered_id')} AND {works_there('colleague_id')})",
            "two therapists of one practice agree on a cover",
        ),
    ]
