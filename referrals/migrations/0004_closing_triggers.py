"""Why a referral ended, what took it up again and what was promised is history."""

from django.db import migrations

from audit.triggers import Refuse, append_only


def of(row: str, condition: str) -> str:
    """The referral that NEW names in `row` fulfils `condition`."""
    return f"EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = NEW.{row} AND {condition})"


SAME = (
    "EXISTS (SELECT 1 FROM referrals_referral n JOIN referrals_referral o ON o.client_id = "
    "n.client_id AND o.practice_id = n.practice_id AND o.clinic_id = n.clinic_id "
    "WHERE n.id = NEW.referral_id AND o.id = NEW.of_id AND n.state = 'draft' "
    "AND o.state IN ('declined', 'cancelled', 'lapsed', 'completed'))"
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_cover_triggers")]
    operations = [
        *append_only("referrals_closing"),
        *append_only("referrals_reopening"),
        *append_only("referrals_interimmessage"),
        *append_only("referrals_nudge"),
        Refuse(
            "referrals_closing_by_time",
            "referrals_closing",
            "INSERT",
            "NEW.reason = 'stale' AND NOT "
            + of("referral_id", "r.state IN ('draft', 'information_asked')"),
            "time closes only what waits for the practice",
        ),
        Refuse(
            "referrals_reopening_of_closed",
            "referrals_reopening",
            "INSERT",
            f"NOT {SAME}",
            "a draft takes up a closed referral of the same client",
        ),
        Refuse(
            "referrals_interimmessage_before_the_answer",
            "referrals_interimmessage",
            "INSERT",
            'NOT ' + of('referral_id', "r.state = 'received'"),
            "more time is asked for before the answer",
        ),
    ]
