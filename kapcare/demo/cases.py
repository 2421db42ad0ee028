"""About a dozen sample clients, one at every point of the journey, made by the real actions."""

from datetime import date, timedelta

from django.utils import timezone

from consent.enums import Category as C
from kapcare.demo.case import Case
from kapcare.demo.data import Cast
from referrals.enums import Collaboration

ALL_OUT = [C.SCHEDULE, C.READINESS, C.TREATMENT, C.RESPONSE, C.SAFETY, C.INTEGRATION]
ALL_IN = [C.HISTORY, C.RISK, C.CONTRAINDICATIONS, C.READINESS, C.INTEGRATION, C.SCHEDULE]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def load_cases(cast: Cast) -> None:
    for load in (
        in_treatment,
        before_a_dose,
        asked_for_information,
        hours_after_a_dose,
        in_screening,
        just_sent,
        clinic_integrates,
        draft,
        expired,
        revoked,
        unsigned,
        of_another_practice,
        declined,
    ):
        load(cast)


def in_treatment(cast: Cast) -> None:
    """Four doses; the primary window of the fourth opens a minute and a half after loading."""
    case = Case(cast, "Jane", "Smith", date(1985, 7, 14), sent_days_ago=28)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=26, days=154)
    case.release(
        cast.physician, [C.SCHEDULE, C.TREATMENT, C.SAFETY], [], signed_days_ago=20, days=90
    )
    case.accept().open().intake().clear(allergies="Penicillin (rash)").prepare(days_ago=17)
    now = timezone.now()
    case.dose(
        now - 15 * DAY,
        "40",
        response="Settled quickly. Quiet, some tears towards the end.",
        focus="Rest, and one page of writing about what returned.",
    )
    case.dose(
        now - 8 * DAY,
        "50",
        response="Deeper than the first time. Spoke of her mother’s kitchen.",
        focus="Staying with grief without solving it.",
    )
    case.dose(
        now - 5 * DAY,
        "50",
        response="Restless at onset. Images of water, some fear, eased by breathing.",
        safety="Raised blood pressure, 158/96 at 30 min, 128/82 at 90 min, no medicine given.",
        focus="The fear at onset, and what helped.",
    )
    case.dose(
        now - DAY + timedelta(seconds=90),
        "50",
        response="Settled quickly. Tearful at peak, then calm. Spoke of forgiving herself.",
        focus="Staying with grief; her step: write one letter, not to be sent.",
    )
    for held in (now - 14 * DAY, now - 9 * DAY, now - 7 * DAY + HOUR, now - 2 * DAY):
        case.session(cast.therapist, held)
    case.plan(now + 2 * DAY + 5 * HOUR)


def before_a_dose(cast: Cast) -> None:
    case = Case(cast, "Elena", "Varga", date(1979, 3, 2), sent_days_ago=16)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=14, days=166)
    case.accept().open().intake().clear().plan(timezone.now() + 2 * DAY)


def asked_for_information(cast: Cast) -> None:
    case = Case(cast, "Daniel", "Okonkwo", date(1991, 11, 21), sent_days_ago=9)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=7, days=173)
    case.ask("Which of the two medicines does he still take, and since when?", days_ago=6)


def hours_after_a_dose(cast: Cast) -> None:
    """The release ends in nine days."""
    case = Case(cast, "Miguel", "Cardoso", date(1988, 1, 5), sent_days_ago=30)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=28, days=9)
    case.accept().open().intake().clear()
    now = timezone.now()
    case.dose(now - 6 * DAY, "45", response="Calm throughout.", focus="Sleep routine.")
    case.session(cast.therapist, now - 5 * DAY + 2 * HOUR)
    case.dose(now - 12 * HOUR, "45", response="Calm, curious.", focus="Asking for help.")


def in_screening(cast: Cast) -> None:
    case = Case(cast, "Noah", "Baptiste", date(1969, 9, 30), sent_days_ago=7)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=6, days=174)
    case.accept().open().intake()


def just_sent(cast: Cast) -> None:
    Case(cast, "Ingrid", "Halvorsen", date(1994, 4, 17), sent_days_ago=3)


def clinic_integrates(cast: Cast) -> None:
    """The clinic integrates; the note of the last dose is not signed yet."""
    case = Case(
        cast,
        "Ruth",
        "Tanaka",
        date(1982, 8, 8),
        sent_days_ago=20,
        collaboration=Collaboration.CLINIC_FULL,
    )
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=18, days=162)
    case.accept().open(owner=cast.kaptherapist).intake().clear(allergies="Latex (hives)")
    now = timezone.now()
    case.dose(now - 8 * DAY, "40", response="Quiet and inward.", focus="Evening walks.")
    case.session(cast.kaptherapist, now - 7 * DAY + 3 * HOUR)
    case.dose(now - 30 * HOUR, "40", sign=False)


def draft(cast: Cast) -> None:
    Case(cast, "Claire", "Moreau", date(1976, 2, 25), sent_days_ago=None)


def expired(cast: Cast) -> None:
    case = Case(cast, "Per", "Lindqvist", date(1990, 12, 12), sent_days_ago=60)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=58, days=-2)
    case.release(cast.physician, [C.SCHEDULE, C.SAFETY], [], signed_days_ago=50, days=-5)
    case.accept().open(owner=cast.kaptherapist).intake().clear()
    case.dose(timezone.now() - 5 * DAY, "60", response="Light and talkative.", focus="Music.")


def revoked(cast: Cast) -> None:
    case = Case(cast, "Antoine", "Dubois", date(1972, 6, 3), sent_days_ago=40)
    release = case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=38, days=142)
    case.accept().open().intake().clear()
    case.dose(timezone.now() - 10 * DAY, "35", response="Slept through most of it.", focus="Rest.")
    case.withdraw(release, "The client rang and asked us to stop.")


def unsigned(cast: Cast) -> None:
    case = Case(cast, "Thandi", "Mbeki", date(1998, 10, 9), sent_days_ago=1)
    case.receive()
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=None, days=180)


def of_another_practice(cast: Cast) -> None:
    case = Case(
        cast, "Marcus", "Reyes", date(1987, 5, 19), sent_days_ago=22, referrer=cast.stranger
    )
    case.release(cast.stranger, ALL_OUT, ALL_IN, signed_days_ago=20, days=160)
    case.accept().open(owner=cast.stranger).intake().clear()
    case.dose(
        timezone.now() - 2 * DAY - 3 * HOUR, "40", response="Steady.", focus="Boundaries at work."
    )


def declined(cast: Cast) -> None:
    Case(cast, "Layla", "Ahmed", date(2001, 1, 28), sent_days_ago=12).decline(
        "Not suitable for outpatient care here at present."
    )
