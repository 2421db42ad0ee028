"""What two sample cases hold beside their doses: a screening half done, a document, consults, an
integration session with an experience that somebody comes back to."""

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pikepdf
from django.utils import timezone

from sessions.actions.aftercare import record_delayed_check, record_integration
from sessions.actions.evidence import answer_consult, ask_consult, keep_document
from sessions.actions.screening import record_screening
from sessions.enums.screening import Contraindication, DocumentKind
from sessions.enums.therapy import Challenge, DelayedEffect
from sessions.models import DosingSession

if TYPE_CHECKING:
    from kapcare.demo.story import ClinicalStory

CALLED_AFTER = timedelta(hours=30)
PAGE = b"BT /F1 18 Tf 72 760 Td (Sample. Nobody's ECG.) Tj ET 72 600 m %s S"
BEAT = b"%d 600 l %d 608 l %d 600 l %d 592 l %d 660 l %d 580 l %d 600 l"
STEPS = (20, 25, 30, 33, 36, 39, 42)


def screen_in_part(story: "ClinicalStory") -> None:
    """The nurse began; a colleague was asked and has not answered; the ECG came."""
    nurse, episode = story.cast.nurse, story.episode
    answers = dict.fromkeys(Contraindication.values[:9], ("no", ""))
    answers[Contraindication.CARDIAC.value] = ("yes", "Murmur since childhood, no symptoms")
    record_screening(
        by=nurse,
        episode=episode,
        form_key=uuid4(),
        content={"systolic": 144, "diastolic": 86, "heart_rate": 74, "spo2": 97},
        answers=answers,
        allergies=[("Sulfonamides", "rash")],
    )
    keep_document(
        by=nurse,
        episode=episode,
        form_key=uuid4(),
        kind=DocumentKind.ECG,
        title="ECG at rest, 12 leads",
        pdf=sample_ecg(),
    )
    for of_whom, question, urgent in (
        ("Cardiology", "Does the murmur need an echo before a first dose?", True),
        ("Dr. Lee, primary care", "Blood pressure at the last three visits?", False),
    ):
        consult = ask_consult(
            by=nurse,
            episode=episode,
            form_key=uuid4(),
            content={"of_whom": of_whom, "question": question, "urgent": urgent},
        )
    answer_consult(
        by=nurse,
        consult=consult,
        form_key=uuid4(),
        text="132/84, 138/86 and 136/82.",
        by_whom="Dr. Lee",
        answered_on=episode.clinic.today,
    )


def integrate_what_was_hard(story: "ClinicalStory") -> None:
    """A session on the first dose; the nurse comes back to it tomorrow."""
    first = story.episode.doses.order_by("number").first()
    record_integration(
        by=story.cast.kaptherapist,
        episode=story.episode,
        form_key=uuid4(),
        content={
            "held_at": timezone.now() - timedelta(hours=50),
            "dosing": first,
            "narrative": "Spoke of a corridor that had no end, and of turning round in it.",
            "meaning": "That turning round was possible.",
            "goals": "Less bracing: noticed her shoulders as she told it.",
            "action_steps": "Evening walk without the phone.",
            "challenge": Challenge.FRIGHTENING,
            "handling": "Grounding, naming the room; the fear eased within minutes.",
            "follow_up_by": story.cast.nurse,
            "follow_up_due": story.episode.clinic.today + timedelta(days=1),
            "next_preparation": "Agree on a word that means: stay close.",
        },
    )


def call_after(story: "ClinicalStory", dosing: DosingSession, at: datetime) -> None:
    """After a dose of some days ago the nurse has called, and nothing was the matter."""
    if at > timezone.now() - timedelta(hours=72):
        return
    nothing = dict.fromkeys(DelayedEffect.values, False)
    record_delayed_check(
        by=story.cast.nurse,
        dosing=dosing,
        form_key=uuid4(),
        content={"at": at + CALLED_AFTER, "reached": True, **nothing},
    )


def sample_ecg() -> bytes:
    """One page with a line that looks like one."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    beats = b" ".join(BEAT % tuple(72 + 45 * n + step for step in STEPS) for n in range(10))
    page.Contents = pdf.make_stream(PAGE % beats)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
