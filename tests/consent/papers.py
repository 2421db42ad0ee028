"""A release that waits for a signature on paper, and what stands on that paper."""

from consent.actions.transcripts import Transcript
from consent.documents.text import paper_code
from consent.enums import Signer
from consent.models import Release
from tests.consent.scans import scan

SCAN = scan()


def transcript(release: Release, **changes) -> Transcript:
    usual = {
        "scan": SCAN,
        "code": paper_code(release),
        "shared": [("out", "schedule")],
        "signer": Signer.CLIENT,
        "signer_name": release.client.full_name,
        "signed_on": release.organization.today,
        "agreed": True,
    }
    return Transcript(**{**usual, **changes})
