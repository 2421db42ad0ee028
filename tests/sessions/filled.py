"""The clinical record filled in: forms as a browser sends them, and what comes after a dose."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from people.formats import day, moment
from referrals.enums import FIT_KINDS
from sessions.actions.aftercare import follow_up, record_delayed_check
from sessions.actions.evidence import answer_consult, document_in_error
from sessions.enums.screening import QUESTIONS
from sessions.enums.therapy import DelayedEffect
from sessions.models import Screening


def intake_data(**changes) -> dict:
    texts = dict.fromkeys(("goals", "readiness_words", "support_plan", "support_contact"), "Words")
    choices = {kind.value: "yes" for kind in FIT_KINDS}
    choices |= {"readiness": "ready", "modality": "act", "expected_doses": "6"}
    return {"form_key": uuid4(), **texts, **choices, **changes}


def screening_data(**changes) -> dict:
    numbers = {"systolic": "128", "diastolic": "82", "heart_rate": "70", "spo2": "98"}
    return {
        "form_key": uuid4(),
        **dict.fromkeys(QUESTIONS, "no"),
        "substance_1": "Penicillin",
        "reaction_1": "rash",
        "medicines": "Sertraline 100 mg daily",
        "weight_kg": "72.4",
        **numbers,
        **changes,
    }


def clearance_data(screening: Screening, **changes) -> dict:
    return {
        "form_key": uuid4(),
        "screening": screening.pk,
        "result": "cleared",
        "valid_until": day(timezone.localdate() + timedelta(days=45)),
        **changes,
    }


def preparation_data(**changes) -> dict:
    held_at = moment(timezone.now() - timedelta(hours=1))
    return {"form_key": uuid4(), "held_at": held_at, "intentions": "To rest", **changes}


def integration_data(**changes) -> dict:
    held_at = moment(timezone.now() - timedelta(hours=1))
    rest = {"narrative": "Water again", "challenge": "none"}
    return {"form_key": uuid4(), "held_at": held_at, **rest, **changes}


def check_data(**changes) -> dict:
    effects = dict.fromkeys(DelayedEffect.values, "no")
    return {
        "form_key": uuid4(),
        "at": moment(timezone.now()),
        "reached": "yes",
        **effects,
        **changes,
    }


def record_what_follows(case) -> None:
    """The rows that answer, correct or follow up others."""
    by = {"by": case.cast.nurse, "form_key": uuid4()}
    document_in_error(document=case.document, reason="another client's", **by)
    answer_consult(
        consult=case.consult, text="go on", by_whom="Dr", answered_on=timezone.localdate(), **by
    )
    follow_up(integration=case.integrate(timezone.now()), text="well", **by)
    unreached = {"at": timezone.now(), "reached": False, "action": "call again"}
    record_delayed_check(dosing=case.dosing, content=unreached, **by)
