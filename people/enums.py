"""The vocabulary of people and organisations."""

from django.db.models import TextChoices


class OrganizationKind(TextChoices):
    CLINIC = "clinic", "Clinic"
    PRACTICE = "practice", "Practice"


class Role(TextChoices):
    """What a person does in their organisation (FHIR PractitionerRole)."""

    THERAPIST = "therapist", "Referring therapist"
    PHYSICIAN = "physician", "Physician"
    PRESCRIBER = "prescriber", "Prescriber"
    NURSE = "nurse", "Nurse"
    KAP_THERAPIST = "kap_therapist", "KAP therapist"
    COORDINATOR = "coordinator", "Coordinator"
    ADMINISTRATOR = "administrator", "Administrator"


PRACTICE_ROLES = frozenset({Role.THERAPIST, Role.PHYSICIAN})
CLINIC_ROLES = frozenset(set(Role) - PRACTICE_ROLES)
# Administrators answer for releases and never read note bodies.
CLINICAL_ROLES = frozenset(set(Role) - {Role.ADMINISTRATOR})
TREATING_ROLES = frozenset({Role.PRESCRIBER, Role.NURSE, Role.KAP_THERAPIST})
LICENSED_ROLES = PRACTICE_ROLES | TREATING_ROLES


class SafeContact(TextChoices):
    """How a client can be reached without putting them at risk."""

    PHONE = "phone", "Phone call, a message may be left"
    PHONE_NO_MESSAGE = "phone_no_message", "Phone call, leave no message"
    TEXT = "text", "Text message"
    EMAIL = "email", "Email"
    THERAPIST = "therapist", "Only through the therapist"


class LicenceKind(TextChoices):
    """The title that a licence gives."""

    MD = "md", "MD, physician"
    DO = "do", "DO, osteopathic physician"
    NP = "np", "NP, nurse practitioner"
    PA = "pa", "PA, physician assistant"
    RN = "rn", "RN, registered nurse"
    LPN = "lpn", "LPN, practical nurse"
    PHD = "phd", "PhD, psychologist"
    PSYD = "psyd", "PsyD, psychologist"
    LCSW = "lcsw", "LCSW, clinical social worker"
    LPC = "lpc", "LPC, professional counselor"
    LMHC = "lmhc", "LMHC, mental health counselor"
    LMFT = "lmft", "LMFT, marriage and family therapist"

    @property
    def short(self) -> str:
        """MD, without what it stands for."""
        return self.label.partition(",")[0]


class TrainingKind(TextChoices):
    """How somebody learns ketamine-assisted psychotherapy."""

    DIDACTIC = "didactic", "Didactic"
    OBSERVATION = "observation", "Observation"
    SUPERVISED = "supervised", "Supervised practice"


class RequestAnswer(TextChoices):
    """What a clinic answered to somebody who asked to join."""

    APPROVED = "approved", "Invited"
    DECLINED = "declined", "Declined"


class LookupResult(TextChoices):
    """What a clinic found where it looked a licence up."""

    VALID = "valid", "Valid"
    NOT_CONFIRMED = "not_confirmed", "Not confirmed: not found, not valid, or restricted"
