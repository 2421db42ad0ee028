"""The seal of a signed release: a fingerprint of its text and of every term that is acted upon.

The words are what the client signed, the rows are what the decision reads: both are sealed, and
the fingerprints stand in the audit log, which only grows.
"""

import hashlib
import json
from datetime import UTC, date, datetime

from audit.record import record
from consent.models import Release
from people.models import User

TERMS = (
    "client_id organization_id legal_form wording_id supersedes_id sensitivities starts_at until "
    "ending service_from service_until revocation_how witness_required signed_at method "
    "presented_by_id signer signer_name signer_authority electronic_agreed drawn witness_name "
    "paper_signed_on"
)
PARTS = {
    "recipients": ("kind", "user_id", "organization_id", "role", "contact_id"),
    "categories": ("direction", "category", "effect"),
    "purposes": ("purpose", "in_their_words"),
}


def terms_sha256(release: Release) -> str:
    """The SHA-256 of the terms as they stand in the database now."""
    release = Release.objects.get(pk=release.pk)
    content: dict = {name: _plain(getattr(release, name)) for name in TERMS.split()}
    for name, columns in PARTS.items():
        content[name] = sorted(map(list, getattr(release, name).values_list(*columns)), key=str)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record_signature(release: Release, *, by: User) -> None:
    """Put the seal into the audit log, in the transaction of the signature."""
    record(
        "release.signed",
        by=by,
        on=release,
        method=release.method,
        text_sha256=release.text_sha256,
        terms_sha256=terms_sha256(release),
    )


def _plain(value):
    """As JSON holds it, the same on every engine."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value
