"""`releases`, `parts`: the release · `treatment`: the consent to treatment, a paper of its own ·
`signed`, `links`, `evidence`, `wording`, `withdrawal`: how either is signed and withdrawn ·
`items`: what a release may open · `ledger`, `questions`: what was opened · `emergency`.
"""

from consent.models.emergency import EmergencyAccess
from consent.models.evidence import (
    KeptPdf,
    PaperCopy,
    Receipt,
    SignedDocument,
    SignedPaper,
    TreatmentDocument,
    TreatmentPaper,
)
from consent.models.items import DisclosableItem
from consent.models.ledger import Disclosure, LedgerHead
from consent.models.links import AnswerLink, ClientLink, SecretLink, SigningLink, TreatmentLink
from consent.models.parts import (
    OutsideContact,
    ReleaseCategory,
    ReleasePurpose,
    ReleaseRecipient,
)
from consent.models.questions import DisclosureQuestion
from consent.models.releases import Release
from consent.models.signed import Signed
from consent.models.treatment import TreatmentConsent
from consent.models.wording import TreatmentWording, Wording, WordingVersion

__all__ = [
    "AnswerLink",
    "ClientLink",
    "DisclosableItem",
    "Disclosure",
    "DisclosureQuestion",
    "EmergencyAccess",
    "KeptPdf",
    "LedgerHead",
    "OutsideContact",
    "PaperCopy",
    "Receipt",
    "Release",
    "ReleaseCategory",
    "ReleasePurpose",
    "ReleaseRecipient",
    "SecretLink",
    "Signed",
    "SignedDocument",
    "SignedPaper",
    "SigningLink",
    "TreatmentConsent",
    "TreatmentDocument",
    "TreatmentLink",
    "TreatmentPaper",
    "TreatmentWording",
    "Wording",
    "WordingVersion",
]
