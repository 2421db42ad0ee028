"""Answers are history. An alert changes once: when somebody says what was done about it."""

from django.db import migrations

from audit.triggers import Refuse, append_only

ALERT = "care_sessions_safetyalert"


class Migration(migrations.Migration):
    dependencies = [("care_sessions", "0003_gate_triggers")]
    operations = [
        *append_only("care_sessions_outcomeresponse"),
        *append_only("care_sessions_outcomeerror"),
        *append_only("care_sessions_satisfaction"),
        Refuse(
            f"{ALERT}_born_standing",
            ALERT,
            "INSERT",
            "NEW.acknowledged_at IS NOT NULL",
            "an alert stands before it is acknowledged",
        ),
        Refuse(
            f"{ALERT}_frozen",
            ALERT,
            "UPDATE",
            "OLD.acknowledged_at IS NOT NULL OR NEW.episode_id <=>! OLD.episode_id "
            "OR NEW.kind <=>! OLD.kind OR NEW.source <=>! OLD.source "
            "OR NEW.raised_at <=>! OLD.raised_at",
            "an alert is acknowledged once, and does not change",
        ),
        Refuse(f"{ALERT}_kept", ALERT, "DELETE", "1 = 1", "an alert is kept"),
    ]
