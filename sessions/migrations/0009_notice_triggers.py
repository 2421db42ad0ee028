"""A notice is written once and acknowledged once; whom it called and where it went is history."""

from django.db import migrations

from audit.triggers import Refuse, append_only, frozen, kept, once
from people.holding import works_at

NOTICE, CALL = "care_sessions_emergencynotice", "care_sessions_noticecall"
AS_RAISED = (
    "form_key",
    "referral_id",
    "basis",
    "what",
    "substance_use",
    "raised_by_id",
    "organization_id",
    "raised_at",
    "due_at",
)
BY_A_MEMBER = """NOT EXISTS (
    SELECT 1 FROM people_membership m
    WHERE m.user_id = NEW.raised_by_id AND m.organization_id = NEW.organization_id
    AND m.ended_at IS NULL AND m.role NOT IN ('administrator', 'physician')
)"""


class Migration(migrations.Migration):
    dependencies = [("care_sessions", "0008_note_triggers"), ("people", "0001_initial")]
    operations = [
        *append_only(CALL),
        *append_only("care_sessions_noticeescalation"),
        Refuse(
            f"{CALL}_of_the_two",
            CALL,
            "INSERT",
            f"NEW.user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {NOTICE} n "
            "JOIN referrals_referral r ON r.id = n.referral_id WHERE n.id = NEW.notice_id AND ("
            f"{works_at('NEW.user_id', 'r.clinic_id')} OR ({works_at('NEW.user_id', 'r.practice_id')} "
            "AND EXISTS (SELECT 1 FROM referrals_referraluserpermission p "
            "WHERE p.content_object_id = r.id AND p.user_id = NEW.user_id))))",
            "a notice calls people of the clinic, and of the practice who are on the case",
        ),
        Refuse(
            f"{NOTICE}_born_standing",
            NOTICE,
            "INSERT",
            "NEW.acknowledged_at IS NOT NULL",
            "a notice stands before it is acknowledged",
        ),
        Refuse(
            f"{NOTICE}_by_a_member",
            NOTICE,
            "INSERT",
            BY_A_MEMBER,
            "clinical staff or a therapist raises a notice, for the house where they are",
        ),
        frozen(NOTICE, AS_RAISED),
        once(
            NOTICE,
            "acknowledged_at",
            ["acknowledged_by_id", "done"],
            "a notice is acknowledged once",
        ),
        kept(NOTICE),
    ]
