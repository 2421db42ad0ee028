"""The five steps of drafting: what each says of a draft, and which is the first unfinished."""

from dataclasses import dataclass

from django.urls import reverse

from consent.documents.elements import missing_elements
from consent.enums import Category, Direction, Effect, Ending, Sensitivity, Step
from consent.models import Release
from people.formats import day, last_moment


@dataclass(frozen=True)
class RailStep:
    """One step as the rail beside the page shows it; state: done, now or later."""

    label: str
    note: str
    url: str
    state: str


def first_unfinished(release: Release) -> Step:
    """Where somebody who comes back goes on; to check when nothing is missing."""
    return min(
        (each.step for each in missing_elements(release)),
        key=lambda step: step.number,
        default=Step.CHECK,
    )


def after(step: Step) -> Step:
    return list(Step)[min(step.number, len(Step) - 1)]


def rail(release: Release, now: Step) -> list[RailStep]:
    unfinished = {each.step for each in missing_elements(release)}
    found = []
    for step in Step:
        done = step not in unfinished and step != Step.CHECK
        note = "You are here" if step == now else _note(release, step) if done else _waiting(step)
        state = "now" if step == now else "done" if done else "later"
        url = reverse("consent:builder", args=[release.pk, step])
        found.append(RailStep(step.label, note, url, state))
    return found


def _waiting(step: Step) -> str:
    return "As the client will read it" if step == Step.CHECK else "Still to do"


def _note(release: Release, step: Step) -> str:
    match step:
        case Step.WHO:
            return short_list(release)
        case Step.WHAT:
            shared = sum(row.effect == Effect.PERMIT for row in release.categories.all())
            return "1 category" if shared == 1 else f"{shared} categories"
        case Step.UNTIL:
            return until_in_words(release)
        case _:
            return "With a witness" if release.witness_required else "No witness asked for"


def answers(release: Release) -> list[tuple[str, str, str]]:
    """(question, answer, where it is changed) of everything a draft says."""
    rows = [
        (Step.WHO, "Who receives it", "\n".join(map(str, release.recipients.all()))),
        (Step.WHAT, "What the clinic may send", _shared(release, Direction.OUT)),
        (Step.WHAT, "What the clinic may receive", _shared(release, Direction.IN) or "Nothing"),
        (Step.WHAT, "Specially protected", _named(release) or "Not included"),
        (Step.WHAT, "Which form", release.get_legal_form_display()),
        (Step.WHAT, "Why", "\n".join(map(str, release.purposes.all()))),
        (Step.UNTIL, "Until when", _ends(release)),
        (Step.UNTIL, "From when", day(release.starts_at) or "When it is signed"),
        (Step.UNTIL, "About which period", _period(release)),
        (Step.SIGNING, "How it can be withdrawn", release.revocation_how),
        (Step.SIGNING, "Witness", "Asked for" if release.witness_required else "Not asked for"),
    ]
    return [
        (label, text, reverse("consent:builder", args=[release.pk, step]))
        for step, label, text in rows
    ]


def _shared(release: Release, direction: str) -> str:
    chosen = {row.category for row in release.categories.all() if row.direction == direction}
    return "\n".join(category.label for category in Category if category in chosen)


def _named(release: Release) -> str:
    return "\n".join(Sensitivity(each).label for each in sorted(release.sensitivities))


def _ends(release: Release) -> str:
    known = release.until or release.ending != Ending.ON_DATE
    return until_in_words(release) if known else ""


def _period(release: Release) -> str:
    if not (release.service_from or release.service_until):
        return "Everything, whenever it happened"
    to = day(last_moment(release.service_until)) if release.service_until else "now on"
    return f"{day(release.service_from) or 'The beginning'} to {to}"


def short_list(release: Release) -> str:
    """The first who receives, and how many more there are."""
    names = [str(recipient) for recipient in release.recipients.all()]
    if len(names) < 2:
        return "".join(names)
    return f"{names[0]}, and {len(names) - 1} more"


def reader_of(release: Release) -> str:
    """Whose view the panel beside the categories shows."""
    recipients = list(release.recipients.all())
    match recipients:
        case []:
            return "the recipient"
        case [one]:
            return str(one)
        case _:
            return f"each of the {len(recipients)} recipients"


def until_in_words(release: Release) -> str:
    date = f"{day(last_moment(release.until))}" if release.until else ""
    if release.ending == Ending.END_OF_TREATMENT:
        return f"Until treatment ends{f', at the latest {date}' if date else ''}"
    if date:
        return f"Until {date}"
    return "No end" if release.ending == Ending.NONE else "Until: not set"
