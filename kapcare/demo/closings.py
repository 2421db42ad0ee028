"""Referrals that stand still or ended, and two that may be about one person."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction

from consent.enums import OUT_CATEGORIES
from consent.enums import Category as C
from kapcare.demo.case import Case
from kapcare.demo.data import Cast
from referrals.actions.closing import cancel_referral, close_by_time, mark_in_error, reopen_referral
from referrals.actions.interim import ask_for_time
from referrals.actions.triage import ask_for_information, decline_referral
from referrals.enums import AskReason, CancelReason, DeclineReason, ErrorReason, Verb

DAY = timedelta(days=1)


def load_closings(cast: Cast) -> None:
    for load in (declined_with_reason, more_time, lapsed, taken_up, in_error, likely_duplicate):
        load(cast)


def _opened(case: Case, days_ago: int) -> Case:
    """A release that lets the therapist read how the clinic answers."""
    out, into = list(OUT_CATEGORIES), [C.HISTORY, C.READINESS]
    case.release(case.referrer, out, into, signed_days_ago=days_ago, days=150)
    return case


def declined_with_reason(cast: Cast) -> None:
    case = _opened(Case(cast, "Oskar", "Nyman", date(1967, 4, 2), sent_days_ago=11), 10)
    decline_referral(
        by=cast.prescriber,
        referral=case.referral,
        reason=DeclineReason.MEDICAL,
        text="Blood pressure first, with his physician; we gladly look again in three months.",
    )


def more_time(cast: Cast) -> None:
    case = Case(cast, "Bea", "Castellanos", date(1993, 8, 30), sent_days_ago=6)
    day = cast.clinic.today + 5 * DAY
    by = cast.coordinator
    ask_for_time(by=by, referral=case.referral, answer_by=day, form_key=uuid4())


def lapsed(cast: Cast) -> None:
    """Asked five weeks ago, told a month ago, and nobody answered."""
    case = _opened(Case(cast, "Ivo", "Stanek", date(1980, 2, 14), sent_days_ago=40), 39)
    case.referral = ask_for_information(
        by=cast.coordinator,
        referral=case.referral,
        reason=AskReason.MEDICAL,
        text="Is there an ECG of the last year?",
    )
    with transaction.atomic():
        close_by_time(referral=case.referral, verb=Verb.LAPSE)


def taken_up(cast: Cast) -> None:
    """Withdrawn in winter; a draft takes it up again."""
    case = Case(cast, "Amina", "Farouk", date(1989, 12, 1), sent_days_ago=120)
    old = cancel_referral(by=cast.therapist, referral=case.referral, reason=CancelReason.NOT_NOW)
    note = "Her mother is home from hospital; she has time and wants to begin."
    reopen_referral(by=cast.therapist, referral=old, note=note, form_key=uuid4())


def in_error(cast: Cast) -> None:
    case = Case(cast, "Lars", "Vogel", date(1971, 5, 5), sent_days_ago=2)
    mark_in_error(by=cast.therapist, referral=case.referral, reason=ErrorReason.WRONG_CLIENT)


def likely_duplicate(cast: Cast) -> None:
    """Two practices refer one person, once with day and month exchanged."""
    for referrer, born in ((cast.therapist, date(1986, 3, 9)), (cast.stranger, date(1986, 9, 3))):
        first = "Solveig" if referrer == cast.therapist else "Solvieg"
        Case(cast, first, "Aaberg", born, sent_days_ago=4, referrer=referrer).receive()
