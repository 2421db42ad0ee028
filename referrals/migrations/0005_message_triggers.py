"""A message is history. Who writes what to whom is held by the database as well."""

from django.db import migrations

from audit.triggers import Refuse, append_only
from consent.enums import IN_CATEGORIES, OUT_CATEGORIES


def among(categories) -> str:
    return ", ".join(f"'{category.value}'" for category in categories)


OF_A_SIDE = f"""NOT EXISTS (
    SELECT 1 FROM referrals_referral r
    WHERE r.id = NEW.referral_id AND r.client_id = NEW.client_id AND r.submitted_at IS NOT NULL
    AND (
        (r.practice_id = NEW.author_organization_id AND NEW.kind <> 'aftercare'
            AND NEW.category IN ({among(IN_CATEGORIES)}))
        OR (r.clinic_id = NEW.author_organization_id AND NEW.kind <> 'check_in'
            AND NEW.category IN ({among(OUT_CATEGORIES)}))
    )
) OR NOT EXISTS (
    SELECT 1 FROM people_membership m
    WHERE m.user_id = NEW.author_id AND m.organization_id = NEW.author_organization_id
    AND m.ended_at IS NULL AND m.role <> 'administrator'
)"""
IN_ITS_CASE = """NEW.answers_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM referrals_message m
    WHERE m.id = NEW.answers_id AND m.referral_id = NEW.referral_id
)"""
OF_ITS_MESSAGE = """NOT EXISTS (
    SELECT 1 FROM referrals_message m
    WHERE m.id = NEW.message_id AND m.pdf_pages IS NOT NULL
    AND m.client_id = NEW.client_id AND m.category = NEW.category
    AND m.sensitivities = NEW.sensitivities AND m.occurred_at = NEW.occurred_at
    AND m.author_id = NEW.author_id
    AND m.author_organization_id = NEW.author_organization_id
)"""
MESSAGE, PDF = "referrals_message", "referrals_messagepdf"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_closing_triggers"), ("people", "0001_initial")]
    operations = [
        *append_only(MESSAGE),
        *append_only(PDF),
        Refuse(
            f"{MESSAGE}_of_a_side",
            MESSAGE,
            "INSERT",
            OF_A_SIDE,
            "a message is of one of the two sides, on a template and about something of that side",
        ),
        Refuse(
            f"{MESSAGE}_answers_in_its_case",
            MESSAGE,
            "INSERT",
            IN_ITS_CASE,
            "a message answers one of its own thread",
        ),
        Refuse(
            f"{PDF}_of_its_message",
            PDF,
            "INSERT",
            OF_ITS_MESSAGE,
            "an attachment is opened by what opens its message",
        ),
    ]
