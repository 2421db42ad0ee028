"""A notification stays as it was told; it is seen once, and told of by one mail."""

from django.db import migrations

from audit.triggers import frozen, kept, once

TABLE = "reminders_notification"


class Migration(migrations.Migration):
    dependencies = [("reminders", "0002_conference_triggers")]
    operations = [
        frozen(TABLE, ["user_id", "kind", "referral_id", "source", "at"]),
        once(TABLE, "seen_at", [], "a notification is seen once"),
        once(TABLE, "letter_id", [], "one mail tells of a notification"),
        kept(TABLE),
    ]
