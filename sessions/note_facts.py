"""What the record already says about a dose: where its note begins.

One function for each category, sentences from rows. They are a first draft for somebody to
complete: nothing of it is signed before it was shown once more. Blood pressure stands under
safety, because that is where a release tells the client it will.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from consent.enums import Category
from people.formats import amount, clock, day, moment
from sessions.enums import Sedation
from sessions.flowsheet import since
from sessions.models import ContinuityNote, DosingSession, Vitals
from sessions.windows import reminded


def facts(dosing: DosingSession) -> dict[str, str]:
    """The beginning of the note on a dose that was given, one text for each category."""
    return {category.value: "\n".join(tell(dosing)) for category, tell in TOLD.items()}


def recorded_since(note: ContinuityNote) -> dict[Category, list[str]]:
    """Sentences by category that the record says now, did not say when this draft began, and that
    the draft does not hold. Empty once it is signed, and of an addition, which begins empty."""
    if note.signed_at or note.adds_to_id:
        return {}
    found: dict[Category, list[str]] = {}
    for name, text in facts(note.dosing).items():
        known = (*_parts(note.begun_with.get(name, "")), note.draft.get(name, ""))
        if new := [part for part in _parts(text) if not any(part in each for each in known)]:
            found[Category(name)] = [f"{part}." for part in new]
    return found


def _parts(text: str) -> list[str]:
    """What can be said alone: side effects stand in one sentence."""
    lines = (line.rstrip(".") for line in text.splitlines())
    return [part for line in lines for part in line.split("; ") if part]


def treatment(dosing: DosingSession) -> list[str]:
    """What was given: mg, route, mg/kg, and when."""
    return [
        f"{amount(dosing.dose_mg)} {dosing.get_route_display()} "
        f"({amount(dosing.mg_per_kg, 'mg/kg')}) at {clock(dosing.given_at)}."
    ]


def response(dosing: DosingSession) -> list[str]:
    """The deepest state that was seen after the dose, and when it was first seen."""
    depth = list(Sedation.values)
    seen = [v for v in _since_dose(dosing) if v.sedation and v.sedation != Sedation.ALERT]
    if not seen:
        return []
    deepest = max(seen, key=lambda v: (depth.index(v.sedation), -v.at.timestamp()))
    return [f"{deepest.get_sedation_display()} {_when(dosing, deepest.at)} after the dose."]


def safety(dosing: DosingSession) -> list[str]:
    """Blood pressure, side effects, what was done, adverse events, how the client left."""
    return [
        *pressure(dosing),
        *side_effects(dosing),
        *interventions(dosing),
        *adverse_events(dosing),
        *left(dosing),
    ]


def pressure(dosing: DosingSession) -> list[str]:
    """Where blood pressure was highest after the dose, and the last one measured."""
    found = _since_dose(dosing)
    if not found:
        return []
    highest = max(found, key=lambda v: (v.systolic, v.diastolic))
    told = f"Highest blood pressure {_numbers(highest)} {_when(dosing, highest.at)}"
    if found[-1] != highest:
        told += f", last {_numbers(found[-1])} {_when(dosing, found[-1].at)}"
    return [f"{told} after the dose."]


def side_effects(dosing: DosingSession) -> list[str]:
    found = [
        f"{e.get_effect_display()}, {e.get_severity_display().lower()}, {_when(dosing, e.at)}"
        for e in dosing.side_effects.current().order_by("at", "pk")
    ]
    return [f"{'; '.join(found)}."] if found else []


def interventions(dosing: DosingSession) -> list[str]:
    found = [done.sentence for done in dosing.interventions.current().order_by("at", "pk")]
    return [f"Done: {sentence}" for sentence in found]


def adverse_events(dosing: DosingSession) -> list[str]:
    return [f"Adverse event: {event.sentence}" for event in dosing.adverse_events.current()]


def left(dosing: DosingSession) -> list[str]:
    if not dosing.discharged_at:
        return []
    return [f"At discharge {clock(dosing.discharged_at)}: {dosing.mental_status}."]


def integration(dosing: DosingSession) -> list[str]:
    """The intentions of the last preparation before the dose, as a focus to be thought about."""
    before = dosing.episode.preparationsessions.filter(held_at__lt=dosing.given_at)
    last = before.order_by("-held_at", "-pk").first()
    if last is None:
        return []
    source = f"intentions of {day(last.held_at)}, to be edited"
    return [f"Suggested focus ({source}): {last.intentions}"]


def schedule(dosing: DosingSession) -> list[str]:
    """The next planned dose, and when the two integration windows of this one are open."""
    assert dosing.given_at
    planned = dosing.episode.doses.filter(
        given_at=None, cancelled_at=None, planned_at__gt=dosing.given_at
    )
    coming = planned.order_by("planned_at").first()
    windows = [
        f"{w.label}: {moment(w.opens_at)} to {moment(w.closes_at)}."
        for w in reminded(dosing.number, dosing.given_at, given=True, hours=dosing.episode.hours)
    ]
    if coming is None:
        return windows
    return [f"Dose {coming.number} is planned for {moment(coming.planned_at)}.", *windows]


TOLD: dict[Category, Callable[[DosingSession], list[str]]] = {
    Category.TREATMENT: treatment,
    Category.RESPONSE: response,
    Category.SAFETY: safety,
    Category.INTEGRATION: integration,
    Category.SCHEDULE: schedule,
}


def _since_dose(dosing: DosingSession) -> Sequence[Vitals]:
    """The vitals after the dose, the first one first."""
    return list(dosing.vitals.current().filter(at__gte=dosing.given_at).order_by("at", "pk"))


def _when(dosing: DosingSession, at: datetime) -> str:
    """At 15 min, or before the dose."""
    minutes = since(dosing, at)
    return "before the dose" if minutes == "before" else f"at {minutes}"


def _numbers(vitals: Vitals) -> str:
    return f"{vitals.systolic}/{vitals.diastolic}"
