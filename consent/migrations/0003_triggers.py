"""What no path may do to the ledger or to a signed release, the ORM and the shell included."""

from django.db import migrations

from audit.triggers import Refuse, append_only

FROZEN = (
    "client_id organization_id sensitivities starts_at until service_from service_until "
    "revocation_how created_by_id sent_at signed_at signer signer_name signer_authority "
    "electronic_agreed text text_sha256 declined_at witnessed_by_id"
).split()
CHANGED = " OR ".join(f"NEW.{column} <=>! OLD.{column}" for column in FROZEN)
LACKS_A_PART = " OR ".join(
    f"NOT EXISTS (SELECT 1 FROM {table} p WHERE p.release_id = NEW.id{extra})"
    for table, extra in (
        ("consent_releaserecipient", ""),
        ("consent_releasepurpose", ""),
        ("consent_releasecategory", " AND p.effect = 'permit'"),
    )
)
REVOCATION_CHANGED = (
    "OLD.revoked_at IS NOT NULL AND (NEW.revoked_at <=>! OLD.revoked_at "
    "OR NEW.revoked_by_id <=>! OLD.revoked_by_id "
    "OR NEW.revocation_asked_by <=>! OLD.revocation_asked_by "
    "OR NEW.revocation_reason <=>! OLD.revocation_reason)"
)


def sealed(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM consent_release r WHERE r.id = {row}.release_id "
        "AND r.signed_at IS NOT NULL)"
    )


def parts_of_a_signed_release(table: str) -> list:
    message = "a signed release does not change"
    return [
        Refuse(f"{table}_sealed_insert", table, "INSERT", sealed("NEW"), message),
        Refuse(
            f"{table}_sealed_update", table, "UPDATE", f"{sealed('OLD')} OR {sealed('NEW')}", message
        ),
        Refuse(f"{table}_sealed_delete", table, "DELETE", sealed("OLD"), message),
    ]


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_initial")]
    operations = [
        *append_only("consent_disclosure"),
        Refuse(
            "consent_release_born_unsigned",
            "consent_release",
            "INSERT",
            "NEW.signed_at IS NOT NULL",
            "a release is drafted before it is signed",
        ),
        Refuse(
            "consent_release_signed_whole",
            "consent_release",
            "UPDATE",
            f"NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL AND ({LACKS_A_PART})",
            "a recipient, a category and a purpose are needed before signing",
        ),
        Refuse(
            "consent_release_frozen",
            "consent_release",
            "UPDATE",
            f"OLD.signed_at IS NOT NULL AND ({CHANGED})",
            "a signed release does not change",
        ),
        Refuse(
            "consent_release_revoked_once",
            "consent_release",
            "UPDATE",
            REVOCATION_CHANGED,
            "a revocation does not change",
        ),
        Refuse(
            "consent_release_kept",
            "consent_release",
            "DELETE",
            "OLD.signed_at IS NOT NULL",
            "a signed release is kept",
        ),
        *parts_of_a_signed_release("consent_releaserecipient"),
        *parts_of_a_signed_release("consent_releasecategory"),
        *parts_of_a_signed_release("consent_releasepurpose"),
        Refuse(
            "consent_ledgerhead_kept",
            "consent_ledgerhead",
            "DELETE",
            "1 = 1",
            "the head of a ledger is kept",
        ),
        Refuse(
            "consent_ledgerhead_forward",
            "consent_ledgerhead",
            "UPDATE",
            "NEW.client_id <> OLD.client_id OR NEW.sequence < OLD.sequence",
            "a ledger only grows",
        ),
    ]
