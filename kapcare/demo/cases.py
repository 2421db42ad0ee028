"""Sample clients, one at every point of the journey and one release in every state."""

from datetime import date, timedelta

from django.utils import timezone

from consent.documents.kept import keep_document
from consent.enums import OUT_CATEGORIES, Ending
from consent.enums import Category as C
from kapcare.demo.appointments import (
    add_rooms,
    book_for_dose,
    book_integration,
    propose_preparation,
)
from kapcare.demo.case import Case
from kapcare.demo.closings import load_closings
from kapcare.demo.conferences import load_conferences
from kapcare.demo.coordination import agree_on_a_plan, keep_goals, propose_to_share
from kapcare.demo.data import Cast
from kapcare.demo.messages import emergency_seen_to, look_at_thread, talk
from kapcare.demo.notes import enrich_notes
from kapcare.demo.record import integrate_what_was_hard, screen_in_part
from kapcare.demo.sheet import in_session
from kapcare.demo.stock import load_stock
from people.enums import Role
from referrals.enums import Collaboration
from sessions.enums import TreatmentModel

ALL_OUT = list(OUT_CATEGORIES)
ALL_IN = [C.HISTORY, C.RISK, C.CONTRAINDICATIONS, C.READINESS, C.INTEGRATION, C.SCHEDULE, C.THEMES]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def load_cases(cast: Cast) -> tuple[Case, Case]:
    """Everybody's case; given back are the two that `load_readings` goes on with."""
    add_rooms(cast)
    first = in_treatment(cast)
    for load in (
        before_a_dose,
        asked_for_information,
        hours_after_a_dose,
        in_screening,
        clinic_integrates,
        draft,
        expired,
        revoked,
        unsigned,
        of_another_practice,
        declined,
        ended,
        on_paper,
        in_session,
    ):
        load(cast)
    load_stock(cast)
    load_closings(cast)
    load_conferences(cast, first.referral)
    return first, just_sent(cast)


def load_readings(cast: Cast, in_treatment: Case, just_sent: Case) -> str:
    """Who looked, once the cases are committed: what is read is never read in a transaction of
    somebody else's. The client asks about one entry; the secret of her own page is given back."""
    look_at_thread(in_treatment)
    in_treatment.looked_at(cast.therapist).looked_at(cast.physician)
    just_sent.emergency("Brought in unconscious by a neighbour; her medicines were not known.")
    return in_treatment.own_page(asking="Why does Dr. Lee need the doses?")


def in_treatment(cast: Cast) -> Case:
    """Four doses; the primary window of the fourth opens a minute and a half after loading."""
    case = Case(cast, "Jane", "Smith", date(1985, 7, 14), sent_days_ago=28)
    inward = [*ALL_IN, C.THEMES]
    keep_document(case.release(cast.therapist, ALL_OUT, inward, signed_days_ago=26, days=154))
    case.release(
        cast.physician, [C.SCHEDULE, C.TREATMENT, C.SAFETY], [], signed_days_ago=20, days=90
    )
    sister = case.contact("Ellen Smith", "sister")
    case.release(None, [C.SCHEDULE], [], signed_days_ago=20, days=90, contacts=[sister])
    case.accept().open().intake().clear(allergies="Penicillin (rash)").prepare(days_ago=17)
    case.agreed(days_ago=18)
    keep_document(case.consent)
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
    case.answered()
    case.plan(now + 2 * DAY + 5 * HOUR)
    enrich_notes(case)
    talk(case)
    agree_on_a_plan(case)
    keep_goals(case)
    book_for_dose(case, "Room 2")
    propose_preparation(case)
    return case


def before_a_dose(cast: Cast) -> None:
    """The release was renewed: the older one is replaced."""
    case = Case(cast, "Elena", "Varga", date(1979, 3, 2), sent_days_ago=16)
    older = case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=14, days=60)
    case.renew(older, days=166)
    case.accept().open().intake().clear().plan(timezone.now() + 2 * DAY)
    case.asked_to_agree()
    propose_to_share(case)


def asked_for_information(cast: Cast) -> None:
    case = Case(cast, "Daniel", "Okonkwo", date(1991, 11, 21), sent_days_ago=9)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=7, days=173)
    case.ask("Which of the two medicines does he still take, and since when?", days_ago=6)


def hours_after_a_dose(cast: Cast) -> None:
    """The release ends in seven days: the clinic and the therapist were told."""
    case = Case(cast, "Miguel", "Cardoso", date(1988, 1, 5), sent_days_ago=30)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=28, days=7)
    case.accept().open().intake().clear()
    case.agreed(days_ago=8)
    now = timezone.now()
    case.dose(now - 6 * DAY, "45", response="Calm throughout.", focus="Sleep routine.")
    case.session(cast.therapist, now - 5 * DAY + 2 * HOUR)
    case.dose(now - 12 * HOUR, "45", response="Calm, curious.", focus="Asking for help.")
    book_integration(case, cast.therapist, hours=26)
    case.alarming()
    emergency_seen_to(case)


def in_screening(cast: Cast) -> None:
    """Whoever is a physician at the practice may read, and two more were put to him."""
    case = Case(cast, "Noah", "Baptiste", date(1969, 9, 30), sent_days_ago=7)
    roles = [(cast.primary_care, Role.PHYSICIAN)]
    case.release(None, [C.SCHEDULE, C.SAFETY], [], signed_days_ago=5, days=175, roles=roles)
    to_colleague = case.release(cast.colleague, ALL_OUT, [], signed_days_ago=None, days=180)
    case.said_no(to_colleague)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=6, days=174)
    case.accept().open().intake()
    screen_in_part(case)


def just_sent(cast: Cast) -> Case:
    """A draft was put away, another is begun; emergency access is to be reviewed."""
    case = Case(cast, "Ingrid", "Halvorsen", date(1994, 4, 17), sent_days_ago=3)
    return case.discarded().begun()


def clinic_integrates(cast: Cast) -> None:
    """The clinic integrates, with psychotherapy during the dose; the note of the last one is not
    signed yet. One of the two whom the release named was withdrawn."""
    case = Case(
        cast,
        "Ruth",
        "Tanaka",
        date(1982, 8, 8),
        sent_days_ago=20,
        collaboration=Collaboration.CLINIC_FULL,
    )
    both = [cast.therapist, cast.physician]
    release = case.release(None, ALL_OUT, ALL_IN, signed_days_ago=18, days=162, recipients=both)
    physician = release.recipients.get(user=cast.physician)
    case.withdraw(release, "She changed her physician.", recipient=physician)
    case.accept().open(owner=cast.kaptherapist, model=TreatmentModel.KAP)
    case.intake().clear(allergies="Latex (hives)").agreed(days_ago=12)
    now = timezone.now()
    case.dose(now - 8 * DAY, "40", response="Quiet and inward.", focus="Evening walks.")
    case.session(cast.kaptherapist, now - 7 * DAY + 3 * HOUR)
    case.dose(now - 30 * HOUR, "40", sign=False)
    case.plan(now + 5 * DAY)
    integrate_what_was_hard(case)
    book_integration(case, cast.kaptherapist, hours=12, label="Garden room")
    book_for_dose(case, "Room 2")


def draft(cast: Cast) -> None:
    Case(cast, "Claire", "Moreau", date(1976, 2, 25), sent_days_ago=None)


def expired(cast: Cast) -> None:
    case = Case(cast, "Per", "Lindqvist", date(1990, 12, 12), sent_days_ago=60)
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=58, days=-2)
    case.release(cast.physician, [C.SCHEDULE, C.SAFETY], [], signed_days_ago=50, days=-5)
    case.accept().open(owner=cast.kaptherapist).intake().clear().agreed(days_ago=14)
    case.dose(timezone.now() - 5 * DAY, "60", response="Light and talkative.", focus="Music.")


def revoked(cast: Cast) -> None:
    case = Case(cast, "Antoine", "Dubois", date(1972, 6, 3), sent_days_ago=40)
    release = case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=38, days=142)
    case.accept().open().intake().clear().agreed(days_ago=14)
    case.dose(timezone.now() - 10 * DAY, "35", response="Slept through most of it.", focus="Rest.")
    case.withdraw(release, "The client rang and asked us to stop.")


def unsigned(cast: Cast) -> None:
    """The link to sign is in the mail."""
    case = Case(
        cast,
        "Thandi",
        "Mbeki",
        date(1998, 10, 9),
        sent_days_ago=1,
        email="thandi@mail.example",
    )
    case.receive()
    case.mailed(case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=None, days=180))


def of_another_practice(cast: Cast) -> None:
    case = Case(
        cast, "Marcus", "Reyes", date(1987, 5, 19), sent_days_ago=22, referrer=cast.stranger
    )
    case.release(cast.stranger, ALL_OUT, ALL_IN, signed_days_ago=20, days=160)
    later = timezone.now() + 3 * DAY
    case.release(cast.physician, [C.SAFETY], [], signed_days_ago=1, days=90, starts_at=later)
    case.accept().open(owner=cast.stranger).intake().clear().agreed(days_ago=14)
    case.dose(
        timezone.now() - 2 * DAY - 3 * HOUR, "40", response="Steady.", focus="Boundaries at work."
    )


def declined(cast: Cast) -> None:
    Case(cast, "Layla", "Ahmed", date(2001, 1, 28), sent_days_ago=12).decline(
        "Not suitable for outpatient care here at present."
    )


def ended(cast: Cast) -> None:
    """Treatment has ended, and with it the release that held until then."""
    case = Case(
        cast, "Hana", "Kovacs", date(1983, 11, 4), sent_days_ago=90, email="hana@mail.example"
    )
    to_the_end = {"until": None, "ending": Ending.END_OF_TREATMENT}
    case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=88, days=0, **to_the_end)
    case.accept().open().intake().clear().agreed(days_ago=14)
    case.dose(timezone.now() - 9 * DAY, "40", response="Calm.", focus="Mornings outdoors.")
    case.session(cast.therapist, timezone.now() - 8 * DAY + 2 * HOUR)
    case.end("She moves to another town and goes on there.")


def on_paper(cast: Cast) -> None:
    """Signed on paper: a second administrator has to verify it."""
    case = Case(cast, "Tomas", "Albrecht", date(1955, 3, 27), sent_days_ago=4)
    case.on_paper(case.release(cast.therapist, ALL_OUT, ALL_IN, signed_days_ago=None, days=180))
