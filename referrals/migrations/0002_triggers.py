"""What has been sent to another organisation is not rewritten."""

from django.db import migrations

from audit.triggers import Refuse, append_only, frozen

SENT = "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = OLD.referral_id AND r.state <> 'draft')"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]
    operations = [
        *append_only("referrals_contextitem", SENT),
        *append_only("referrals_clinicreply"),
        frozen("referrals_referral", ["client_id", "clinic_id", "practice_id"]),
        Refuse(
            "referrals_referral_kept",
            "referrals_referral",
            "DELETE",
            "OLD.submitted_at IS NOT NULL",
            "a referral that was sent is kept",
        ),
    ]
