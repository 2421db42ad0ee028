"""The signed PDF of what was signed while Pango was missing."""

from django.core.exceptions import ValidationError

from consent.documents.kept import damage, keep_document
from consent.models import KeptPdf, Release, Signed, TreatmentConsent
from consent.permissions import check_user_can_administer, check_user_can_present
from people.models import User
from people.pdf import INSTALL_PANGO


def keep_missing_document(*, by: User, release: Release) -> KeptPdf:
    """Make the PDF now, from the text that was signed. Asked again it gives the one that is kept.

    Raises ValidationError where the release is broken: one that was kept is never made anew.
    """
    check_user_can_administer(by, release.organization_id)
    return _keep(release)


def keep_missing_consent(*, by: User, consent: TreatmentConsent) -> KeptPdf:
    """The same for a consent to treatment, by clinical staff of the clinic."""
    check_user_can_present(by, consent.organization_id)
    return _keep(consent)


def _keep(signed: Signed) -> KeptPdf:
    if not signed.signed_at:
        kind = signed.noun.replace("_", " ")
        raise ValidationError(f"Only a signed {kind} has a signed PDF.")
    if problems := damage(signed):
        raise ValidationError(f"No PDF can be made. {problems[0]}")
    kept = keep_document(signed)
    if kept is None:
        raise ValidationError(INSTALL_PANGO)
    return kept
