"""Answers are history. An alert changes once: when somebody says what was done about it."""

from django.db import migrations

from audit.triggers import Refuse, append_only, frozen, kept, once
from people.holding import holds_role
from sessions.holding import of_episode

ALERT, LINK = "care_sessions_safetyalert", "care_sessions_questionlink"
TREATS = ("prescriber", "nurse", "kap_therapist")
CLINIC_OF_RESPONSE = of_episode(
    "clinic_id",
    "(SELECT r.episode_id FROM care_sessions_outcomeresponse r WHERE r.id = NEW.response_id)",
)
AS_MADE = ("token_sha256", "episode_id", "created_by_id", "created_at", "expires_at", "asked")


def by_an_open_link(table: str, instrument: str, at: str) -> Refuse:
    """An answer by a link is one to what that link asks of this episode, while it is open."""
    asked = "CAST(q.asked AS text)"
    return Refuse(
        f"care_sessions_{table}_by_an_open_link",
        f"care_sessions_{table}",
        "INSERT",
        f"NEW.link_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {LINK} q WHERE q.id = NEW.link_id "
        "AND q.episode_id = NEW.episode_id AND q.used_at IS NULL AND q.closed_at IS NULL "
        f"AND NEW.{at} < q.expires_at "
        f"AND REPLACE({asked}, '\"' || {instrument} || '\"', '') <> {asked})",
        "this link is used up, or asks something else",
    )


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
        Refuse(
            f"{ALERT}_by_staff",
            ALERT,
            "UPDATE",
            "OLD.acknowledged_at IS NULL AND NEW.acknowledged_at IS NOT NULL "
            f"AND NOT {holds_role('NEW.acknowledged_by_id', of_episode('clinic_id'), TREATS)}",
            "whoever treats there answers an alert",
        ),
        Refuse(
            f"{LINK}_born_unused",
            LINK,
            "INSERT",
            "NEW.used_at IS NOT NULL",
            "a link is made before it is used",
        ),
        frozen(LINK, AS_MADE),
        once(LINK, "used_at", [], "a link is used once"),
        once(LINK, "closed_at", [], "a link that was closed stays closed"),
        Refuse(
            f"{LINK}_tries",
            LINK,
            "UPDATE",
            "NEW.failures < OLD.failures",
            "tries that failed are not forgotten",
        ),
        kept(LINK),
        by_an_open_link("outcomeresponse", "NEW.instrument", "occurred_at"),
        by_an_open_link("satisfaction", "'satisfaction'", "answered_at"),
        Refuse(
            "care_sessions_outcomeerror_by_staff",
            "care_sessions_outcomeerror",
            "INSERT",
            f"NOT {holds_role('NEW.recorded_by_id', CLINIC_OF_RESPONSE, TREATS)}",
            "whoever treats there marks a response as in error",
        ),
        Refuse(
            "care_sessions_outcomeresponse_of_its_client",
            "care_sessions_outcomeresponse",
            "INSERT",
            f"NEW.client_id <> {of_episode('client_id')}",
            "this episode is of another client",
        ),
    ]
