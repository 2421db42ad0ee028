"""What a screening lacks, and what speaks against a dose. Pure functions over rows that are read.

`answers` maps a question (`sessions.enums.screening.QUESTIONS`) to (yes / no / not_known, comment).
"""

from collections.abc import Iterable, Mapping
from itertools import takewhile

from people.formats import day
from referrals.enums import Answer
from sessions.enums.screening import ABSOLUTE, QUESTIONS, Contraindication, Precaution
from sessions.models import Clearance, Screening
from sessions.warnings import HOUSE, LABEL, Caution, above, pressure_before, pressure_limits

Answers = Mapping[str, tuple[str, str]]

CONTRAINDICATED = "Esketamine label: EU section 4.3, US section 4"
TOGETHER = "Esketamine, EU product information, section 4.5"
# What is asked beside the questions, in the order of the page.
MEASURED = {
    "allergies": "Allergies",
    "medicines": "Medicines",
    "blood_pressure": "Blood pressure",
    "heart_rate": "Heart rate",
    "spo2": "SpO2",
    "weight_kg": "Weight",
}
_CARE = {
    Precaution.DEPRESSANTS: ("Together with what sedates, sedation adds up.", TOGETHER),
    Precaution.STIMULANTS: ("With psychostimulants blood pressure may rise.", TOGETHER),
    Precaution.MAO_INHIBITORS: ("With an MAO inhibitor blood pressure may rise.", TOGETHER),
    Precaution.URINARY: ("Urinary symptoms: look for their cause, and ask each time.", LABEL),
}


def answers_of(screening: Screening) -> Answers:
    return {row.question: (row.answer, row.comment) for row in screening.answers.all()}


def last_answers(screenings: Iterable[Screening]) -> dict[str, str]:
    """By question, the last answer to it: Last: no, 12-Nov-2026. `screenings` newest first."""
    found: dict[str, str] = {}
    for screening in screenings:
        for row in screening.answers.all():
            words = f"Last: {row.get_answer_display().lower()}, {day(screening.recorded_at)}"
            found.setdefault(row.question, words)
    return found


def lacking(screening: Screening) -> dict[str, str]:
    """What nobody has asked or measured yet: key and words, in the order of the page."""
    answered = answers_of(screening)
    there = {
        "allergies": bool(screening.allergies_words),
        "medicines": bool(screening.medicines),
        "blood_pressure": screening.pressure is not None,
        **{name: getattr(screening, name) is not None for name in ("heart_rate", "spo2")},
        "weight_kg": screening.weight_kg is not None,
    }
    open_questions = {key: words for key, words in QUESTIONS.items() if key not in answered}
    return open_questions | {key: words for key, words in MEASURED.items() if not there[key]}


def found_since(clearance: Clearance, screenings: Iterable[Screening]) -> list[str]:
    """What speaks more strongly against a dose since the screening that was cleared, in words.

    `screenings` are the episode's, newest first: of those after the one that the clearance rests
    on, the newest answer to each contraindication counts; what was not asked again is as it was.
    """
    answers: Answers = {}
    for screening in takewhile(lambda row: row.pk != clearance.screening_id, screenings):
        answers = {**answers_of(screening), **answers}
    was = answers_of(clearance.screening) if answers else {}
    return [c.label for c in Contraindication if _weight(answers, c) > _weight(was, c)]


def _weight(answers: Answers, question: str) -> int:
    return (Answer.NO, Answer.NOT_KNOWN, Answer.YES).index(
        Answer(answers.get(question, (Answer.NO, ""))[0])
    )


def forbidding(answers: Answers) -> list[str]:
    """The absolute contraindications that were answered with yes, in words."""
    return [c.label for c in ABSOLUTE if answers.get(c, ("", ""))[0] == Answer.YES]


def against(screening: Screening, age: int) -> list[str]:
    """What a clearance without conditions answers for, in words: each contraindication that is not
    a no, and a blood pressure above the limit of this `age` in years."""
    answers = answers_of(screening)
    found = [
        f"{c.label}: {Answer(answers[c][0]).label.lower()}"
        for c in Contraindication
        if _weight(answers, c)
    ]
    if screening.pressure and above(screening.pressure, pressure_limits(age)):
        found.append("Blood pressure {}/{}".format(*screening.pressure))
    return found


def cautions(screening: Screening, age: int) -> list[Caution]:
    """Everything to weigh before a clearance, at `age` in years; the strong ones first."""
    answers = answers_of(screening)
    found = [
        *_contraindications(answers),
        *(Caution(*_CARE[p]) for p in Precaution if answers.get(p, ("", ""))[0] == Answer.YES),
        *(pressure_before(screening.pressure, age) if screening.pressure else []),
    ]
    return sorted(found, key=lambda caution: not caution.strong)


def _contraindications(answers: Answers) -> list[Caution]:
    found = []
    for each in Contraindication:
        answer, comment = answers.get(each, ("", ""))
        strong, source = each in ABSOLUTE, CONTRAINDICATED if each in ABSOLUTE else HOUSE
        if answer == Answer.YES:
            found.append(Caution(f"{each.label}: yes. {comment}", source, strong=strong))
        elif answer == Answer.NOT_KNOWN:
            found.append(Caution(f"{each.label}: not known. Find out first.", source))
    return found
