"""The seal of what was signed: a fingerprint of its text and of every term that is acted upon.

The words are what the client signed, the rows are what the decision reads: both are sealed, and
the fingerprints stand in the audit log, which only grows.
"""

import hashlib
import json
from datetime import UTC, date, datetime

from audit.record import record
from consent.models import Release, Signed, TreatmentConsent
from people.models import User

SIGNATURE = (
    "client_id organization_id wording_id until witness_required signed_at method presented_by_id "
    "signer signer_name signer_authority electronic_agreed drawn witness_name paper_signed_on"
)
TERMS: dict[type[Signed], str] = {
    Release: "legal_form supersedes_id sensitivities starts_at ending service_from service_until "
    "revocation_how",
    TreatmentConsent: "explained_by_id explained_on",
}
PARTS: dict[type[Signed], dict[str, tuple[str, ...]]] = {
    Release: {
        "recipients": ("kind", "user_id", "organization_id", "role", "contact_id"),
        "categories": ("direction", "category", "effect"),
        "purposes": ("purpose", "in_their_words"),
    },
    TreatmentConsent: {},
}


def terms_sha256(signed: Signed) -> str:
    """The SHA-256 of the terms as they stand in the database now."""
    kind = type(signed)
    signed = kind.objects.get(pk=signed.pk)
    names = f"{SIGNATURE} {TERMS[kind]}".split()
    content: dict = {name: _plain(getattr(signed, name)) for name in names}
    for name, columns in PARTS[kind].items():
        content[name] = sorted(map(list, getattr(signed, name).values_list(*columns)), key=str)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record_signature(signed: Signed, *, by: User) -> None:
    """Put the seal into the audit log, in the transaction of the signature."""
    record(
        f"{signed.noun}.signed",
        by=by,
        on=signed,
        method=signed.method,
        text_sha256=signed.text_sha256,
        terms_sha256=terms_sha256(signed),
    )


def _plain(value):
    """As JSON holds it, the same on every engine."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value
