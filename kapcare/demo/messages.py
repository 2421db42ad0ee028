"""What the two houses write to each other, and one emergency that somebody saw to."""

from uuid import uuid4

from consent.enums import Category
from kapcare.demo.case import Case
from people.models import User
from referrals.actions.messages import keep_draft, send_message
from referrals.enums import Adherence, MessageKind
from referrals.messaging import read_thread
from referrals.models import Message
from sessions.actions.notices import acknowledge_notice, raise_notice
from sessions.notices import callees


def talk(case: Case) -> None:
    """A question, its answer, and a check-in before the next dose, which the clinic has to open."""
    cast = case.cast
    question = _send(
        case,
        cast.nurse,
        MessageKind.QUESTION,
        category=Category.INTEGRATION,
        text="She asked for music again next time. Does anything she hears at home upset her?",
    )
    _send(
        case,
        cast.therapist,
        MessageKind.ANSWER,
        answers=question.pk,
        category=Category.INTEGRATION,
        text="Piano is fine, and she likes it. Please no voices: they bring her mother back.",
    )
    _send(
        case,
        cast.therapist,
        MessageKind.CHECK_IN,
        themes="Grief, and writing the letter that will not be sent.",
        mental_status="Calm, oriented, sleeps six hours. No thoughts of self-harm.",
        readiness="Ready. Afraid of the first ten minutes; wants somebody’s hand.",
        stressors="Her sister moves away at the end of the month.",
        adherence=Adherence.AS_PRESCRIBED,
    )


def look_at_thread(case: Case) -> None:
    """The therapist opens what the clinic asked: a receipt stands in the ledger."""
    read_thread(case.cast.therapist, case.referral)


def emergency_seen_to(case: Case) -> None:
    """The therapist raised a notice in the evening; the prescriber saw to it."""
    by = case.cast.therapist
    notice = raise_notice(
        by=by,
        referral=case.referral,
        form_key=uuid4(),
        basis="medical",
        what="He rang me faint and short of breath, alone at home. An ambulance is on its way.",
        called=[each.key for each in callees(case.referral, by)][:3],
    )
    acknowledge_notice(
        by=case.cast.prescriber,
        notice=notice,
        done="Reached the crew, told them what he was given and when. He is in the emergency "
        "room, awake; his brother is with him.",
    )


def _send(case: Case, by: User, kind: MessageKind, **content) -> Message:
    draft = keep_draft(
        by=by, referral=case.referral, version=0, content={"kind": kind.value, **content}
    )
    return send_message(by=by, referral=case.referral, form_key=uuid4(), version=draft.version)
