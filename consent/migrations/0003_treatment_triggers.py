"""What no path may do to a consent to treatment, the ORM and the shell included."""

from django.db import migrations

from audit.triggers import Refuse, append_only, changed, frozen, kept, once

CONSENT, PAPER = "consent_treatmentconsent", "consent_treatmentpaper"
# What was prepared: put away and prepared anew, never edited.
PREPARED = (
    "client_id organization_id wording_id until explained_by_id explained_on witness_required "
    "created_by_id created_at"
).split()
ANSWER = (
    "signed_at method presented_by_id signer signer_name signer_authority electronic_agreed drawn "
    "witness_name paper_signed_on text text_sha256 declined_at discarded_at"
).split()
REVOCATION = "revoked_by_id revocation_asked_by revocation_asked_how revocation_reason".split()
ENDED_ONCE = "an end that was recorded does not change"


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_triggers")]
    operations = [
        Refuse(
            f"{CONSENT}_born_unanswered",
            CONSENT,
            "INSERT",
            "NEW.signed_at IS NOT NULL OR NEW.declined_at IS NOT NULL",
            "a consent to treatment is prepared before it is answered",
        ),
        Refuse(
            f"{CONSENT}_explained_by_a_prescriber",
            CONSENT,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.explained_by_id "
            "AND m.organization_id = NEW.organization_id AND m.role = 'prescriber' "
            "AND m.ended_at IS NULL)",
            "a prescriber of the clinic explains the treatment",
        ),
        Refuse(
            f"{CONSENT}_paper_verified",
            CONSENT,
            "UPDATE",
            "NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL AND NEW.method = 'paper' AND NOT "
            f"EXISTS (SELECT 1 FROM {PAPER} p WHERE p.consent_id = NEW.id "
            "AND p.verified_at IS NOT NULL AND p.rejected_reason = '')",
            "a signed paper is verified before it is in force",
        ),
        frozen(CONSENT, PREPARED),
        Refuse(
            f"{CONSENT}_answered_once",
            CONSENT,
            "UPDATE",
            "(OLD.signed_at IS NOT NULL OR OLD.declined_at IS NOT NULL "
            f"OR OLD.discarded_at IS NOT NULL) AND {changed(ANSWER)}",
            "an answer that was given does not change",
        ),
        once(CONSENT, "revoked_at", REVOCATION, ENDED_ONCE),
        kept(CONSENT),
        frozen(
            PAPER,
            "consent_id pdf pdf_sha256 pages signed_on signer signer_name signer_authority "
            "witness_name text_sha256 transcribed_by_id transcribed_at".split(),
        ),
        once(PAPER, "verified_at", ["verified_by_id", "rejected_reason"], ENDED_ONCE),
        kept(PAPER),
        *append_only("consent_treatmentdocument"),
        *append_only("consent_treatmentwording"),
    ]
