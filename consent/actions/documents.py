"""The signed PDF of a release that was signed while Pango was missing."""

from django.core.exceptions import ValidationError

from consent.documents.kept import damage, keep_document
from consent.models import Release, SignedDocument
from consent.permissions import check_user_can_administer
from people.models import User
from people.pdf import INSTALL_PANGO


def keep_missing_document(*, by: User, release: Release) -> SignedDocument:
    """Make the PDF now, from the text that was signed. Asked again it gives the one that is kept.

    Raises ValidationError where the release is broken: one that was kept is never made anew.
    """
    check_user_can_administer(by, release.organization_id)
    if not release.signed_at:
        raise ValidationError("Only a signed release has a signed PDF.")
    if problems := damage(release):
        raise ValidationError(f"No PDF can be made. {problems[0]}")
    kept = keep_document(release)
    if kept is None:
        raise ValidationError(INSTALL_PANGO)
    return kept
