"""What no path may do to the ledger or to a signed release, the ORM and the shell included."""

from django.db import migrations

from audit.triggers import Refuse, append_only, changed, frozen, kept, once

# Everything a release says and how it was signed; how it ends is written later, once.
FROZEN = (
    "client_id organization_id legal_form wording_id supersedes_id sensitivities starts_at until "
    "ending service_from service_until revocation_how witness_required created_by_id sent_at "
    "discarded_at signed_at method presented_by_id signer signer_name signer_authority "
    "electronic_agreed drawn witness_name paper_signed_on text text_sha256 declined_at"
).split()
REVOCATION = (
    "revoked_at revoked_by_id revocation_asked_by revocation_asked_how revocation_reason"
).split()
SIGNED = "OLD.signed_at IS NOT NULL"
LACKS_A_PART = " OR ".join(
    f"NOT EXISTS (SELECT 1 FROM {table} p WHERE p.release_id = NEW.id{extra})"
    for table, extra in (
        ("consent_releaserecipient", ""),
        ("consent_releasepurpose", ""),
        ("consent_releasecategory", " AND p.effect = 'permit'"),
    )
)


def sealed(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM consent_release r WHERE r.id = {row}.release_id "
        "AND r.signed_at IS NOT NULL)"
    )


def parts_of_a_signed_release(table: str, columns=()) -> list:
    """Nothing is added, changed or taken away; `columns`: only these are watched in updates."""
    message = "a signed release does not change"
    update = f"({sealed('OLD')} OR {sealed('NEW')})"
    if columns:
        update += f" AND {changed(columns)}"
    return [
        Refuse(f"{table}_sealed_insert", table, "INSERT", sealed("NEW"), message),
        Refuse(f"{table}_sealed_update", table, "UPDATE", update, message),
        Refuse(f"{table}_sealed_delete", table, "DELETE", sealed("OLD"), message),
    ]


RELEASE, RECIPIENT = "consent_release", "consent_releaserecipient"
PAPER, EMERGENCY = "consent_papercopy", "consent_emergencyaccess"
QUESTION, HEAD = "consent_disclosurequestion", "consent_ledgerhead"
ENDED_ONCE = "an end that was recorded does not change"


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]
    operations = [
        *append_only("consent_disclosure"),
        Refuse(
            "consent_release_born_unsigned",
            RELEASE,
            "INSERT",
            "NEW.signed_at IS NOT NULL",
            "a release is drafted before it is signed",
        ),
        Refuse(
            "consent_release_signed_whole",
            RELEASE,
            "UPDATE",
            f"NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL AND ({LACKS_A_PART})",
            "a recipient, a category and a purpose are needed before signing",
        ),
        Refuse(
            "consent_release_paper_verified",
            RELEASE,
            "UPDATE",
            "NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL AND NEW.method = 'paper' AND NOT "
            f"EXISTS (SELECT 1 FROM {PAPER} p WHERE p.release_id = NEW.id "
            "AND p.verified_at IS NOT NULL AND p.rejected_reason = '')",
            "a signed paper is verified before it is in force",
        ),
        Refuse(
            "consent_release_frozen",
            RELEASE,
            "UPDATE",
            f"{SIGNED} AND {changed(FROZEN)}",
            "a signed release does not change",
        ),
        once(RELEASE, "revoked_at", REVOCATION[1:], ENDED_ONCE),
        once(RELEASE, "superseded_at", [], ENDED_ONCE),
        once(RELEASE, "event_at", [], ENDED_ONCE),
        kept(RELEASE, SIGNED),
        *parts_of_a_signed_release(
            RECIPIENT, ["release_id", "kind", "organization_id", "user_id", "role", "contact_id"]
        ),
        once(RECIPIENT, "revoked_at", REVOCATION[1:], ENDED_ONCE),
        Refuse(
            f"{RECIPIENT}_revoked_after_signing",
            RECIPIENT,
            "UPDATE",
            f"NEW.revoked_at IS NOT NULL AND NOT {sealed('NEW')}",
            "only what was signed can be withdrawn",
        ),
        *parts_of_a_signed_release("consent_releasecategory"),
        *parts_of_a_signed_release("consent_releasepurpose"),
        *append_only("consent_signeddocument"),
        *append_only("consent_wording"),
        *append_only("consent_receipt"),
        frozen(
            PAPER,
            "release_id pdf pdf_sha256 pages signed_on signer signer_name signer_authority "
            "witness_name shared text_sha256 transcribed_by_id transcribed_at".split(),
        ),
        once(PAPER, "verified_at", ["verified_by_id", "rejected_reason"], ENDED_ONCE),
        kept(PAPER),
        frozen(
            EMERGENCY,
            "client_id clinic_id basis reader_id organization_id nature told_to opened_at".split(),
        ),
        once(EMERGENCY, "closed_at", [], ENDED_ONCE),
        once(EMERGENCY, "reviewed_at", ["reviewed_by_id", "justified", "review"], ENDED_ONCE),
        kept(EMERGENCY),
        Refuse(
            f"{EMERGENCY}_by_medical_staff",
            EMERGENCY,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.reader_id "
            "AND m.organization_id = NEW.organization_id AND m.ended_at IS NULL "
            "AND (m.role IN ('prescriber', 'physician') "
            "OR (m.role = 'nurse' AND NEW.basis = 'medical')))",
            "only medical staff open a record in an emergency",
        ),
        Refuse(
            f"{EMERGENCY}_reviewed_by_another",
            EMERGENCY,
            "UPDATE",
            "NEW.reviewed_by_id = NEW.reader_id",
            "nobody reviews what they opened themselves",
        ),
        frozen(QUESTION, "client_id organization_id sequence text asked_at".split()),
        once(QUESTION, "answered_at", ["answered_by_id", "answer"], ENDED_ONCE),
        kept(QUESTION),
        kept(HEAD),
        Refuse(
            "consent_ledgerhead_forward",
            HEAD,
            "UPDATE",
            "NEW.client_id <> OLD.client_id OR NEW.sequence < OLD.sequence",
            "a ledger only grows",
        ),
    ]
