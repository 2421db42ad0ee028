"""The words of a consent to treatment: what the client reads is exactly what is hashed and kept."""

from django.utils import timezone

from consent.documents.text import Section, as_plain_text, code_of
from consent.documents.wording import filled
from consent.models import TreatmentConsent
from consent.treatment.wording import SECTIONS
from people.formats import day, last_moment


def sections(consent: TreatmentConsent) -> list[Section]:
    """Days are those of the clinic's zone, whoever asks: the text reads the same for everybody."""
    with timezone.override(consent.organization.timezone):
        client, clinic = consent.client, consent.organization
        call = f", or call {clinic.phone}" if clinic.phone else ""
        return [
            Section("Who", [f"{client.full_name}, born {day(client.date_of_birth)}"]),
            *(
                Section(SECTIONS[key].label, _said(consent, key).splitlines())
                for key in SECTIONS
                if key not in ("questions", "electronic")
            ),
            Section(
                SECTIONS["questions"].label,
                [
                    *_said(consent, "questions").splitlines(),
                    f"The talk with {consent.explained_by} was on {day(consent.explained_on)}.",
                ],
            ),
            Section(
                "Until when",
                [
                    f"It holds until {day(last_moment(consent.until))}, or until you withdraw it.",
                    f"To withdraw it, tell anybody at {clinic}{call}. It ends at once.",
                    "You get a copy.",
                ],
            ),
        ]


def electronic_agreement(consent: TreatmentConsent) -> str:
    """What the client ticks before signing on a screen."""
    return _said(consent, "electronic")


def as_text(consent: TreatmentConsent) -> str:
    """The same sections as one plain text: the exact text that is signed."""
    return as_plain_text(consent.heading, sections(consent))


def paper_code(consent: TreatmentConsent) -> str:
    """What stands at the foot of the printed form and ties it to the text."""
    return code_of(as_text(consent))


def _said(consent: TreatmentConsent, key: str) -> str:
    """One section in the words of the consent's version, without empty lines."""
    said = filled(
        key,
        consent.wording,
        SECTIONS,
        clinic=str(consent.organization),
        prescriber=str(consent.explained_by),
    )
    return "\n".join(line.strip() for line in said.splitlines() if line.strip())
