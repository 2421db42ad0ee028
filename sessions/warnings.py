"""Soft clinical warnings before a dose: pure functions, each with its source, never a bar.

Numbers for a body of 70 kg are scaled by weight. The clinic's own protocol goes before all of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from sessions.enums import Route, TreatmentModel

LABEL = "Esketamine, EU product information, section 4.4"
RANGE = "Andrade, J Clin Psychiatry 2017;78:e852"
ROUTES = "Usual dose for 70 kg, from 35–70 mg IV and how much of each route is taken up"
HOUSE = "House rule"
TRAINED = "House rule: a licence in force and the least hours of training usual in the field"

# systolic and diastolic above which to hold and decide, up to 64 years and from 65
PRESSURE, PRESSURE_65 = (140, 90), (150, 90)
# a rise is expected while the drug acts: above this somebody looks again
PRESSURE_DURING = (150, 95)
IV_LEAST, IV_MOST, IV_STRONG = Decimal("0.1"), Decimal("0.75"), Decimal("1.0")  # mg/kg
FOR_70_KG = {
    Route.IM: (33, 75),
    Route.INTRANASAL: (75, 150),
    Route.SUBLINGUAL: (100, 200),
    Route.ORAL: (200, 400),
}
IM_STRONG = Decimal(2)  # mg/kg
SEVENTY = Decimal(70)  # kg
LARGE_CHANGE = Decimal("0.5")  # of the dose before


@dataclass(frozen=True)
class Caution:
    """One sentence to weigh. `strong` asks for a second look before going on."""

    text: str
    source: str
    strong: bool = False


@dataclass(frozen=True)
class Previous:
    """The dose before this one."""

    number: int
    route: str
    dose_mg: Decimal


def age_on(born: date, day: date) -> int:
    """Whole years from birth to `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def pressure_limits(age: int) -> tuple[int, int]:
    return PRESSURE_65 if age >= 65 else PRESSURE


def above(reading: tuple[int, int], limit: tuple[int, int]) -> bool:
    """Whether either number of a blood pressure lies above its limit; on the limit it does not."""
    return reading[0] > limit[0] or reading[1] > limit[1]


def pressure_before(reading: tuple[int, int] | None, age: int) -> list[Caution]:
    """Hold and decide when the last blood pressure is above the limit, or none was taken."""
    if reading is None:
        return [Caution("No blood pressure is recorded before this dose.", LABEL)]
    if not above(reading, pressure_limits(age)):
        return []
    limit = "{}/{}".format(*pressure_limits(age))
    text = "Blood pressure {}/{} is above {}. Hold and decide.".format(*reading, limit)
    return [Caution(text, LABEL, strong=True)]


def per_kg(dose_mg: Decimal, weight_kg: Decimal) -> Decimal:
    """mg/kg with two decimals."""
    return (dose_mg / weight_kg).quantize(Decimal("0.01"), ROUND_HALF_UP)


def usual_dose(route: Route, weight_kg: Decimal) -> tuple[Decimal, Decimal]:
    """The least and the most in mg that is usual by `route` at `weight_kg`."""
    if route == Route.IV:
        return IV_LEAST * weight_kg, IV_MOST * weight_kg
    least, most = FOR_70_KG[route]
    return least * weight_kg / 70, most * weight_kg / 70


def usual_doses(weight_kg: Decimal) -> list[tuple[str, str]]:
    """(route, range in words) of every route, as it stands beside an order."""
    ranges = ((route, usual_dose(route, weight_kg)) for route in Route)
    return [(route.label, f"{least:.0f}–{most:.0f} mg") for route, (least, most) in ranges]


def dose_by_route(route: str, dose_mg: Decimal, weight_kg: Decimal | None) -> list[Caution]:
    """Warn outside the doses that are usual for the route and this weight; without a weight, only
    far above those of 70 kg."""
    if strong := _far_above(Route(route), dose_mg, weight_kg):
        return strong
    if weight_kg is None:
        return []
    if route == Route.IV:
        return _intravenous(dose_mg / weight_kg, per_kg(dose_mg, weight_kg))
    least, most = usual_dose(Route(route), weight_kg)
    if least <= dose_mg <= most:
        return []
    usual = f"{least:.0f}–{most:.0f} mg"
    where = "below" if dose_mg < least else "above"
    label = Route(route).label
    text = f"{label}: {where} {usual}, the usual range at {weight_kg.normalize():f} kg."
    return [Caution(text, ROUTES)]


def _far_above(route: Route, dose_mg: Decimal, weight_kg: Decimal | None) -> list[Caution]:
    """Above twice the most that is usual at 70 kg, or at `weight_kg` where that is less."""
    weight = weight_kg or SEVENTY
    if route == Route.IV:
        if dose_mg < IV_STRONG * weight:
            return []
        shown = f"{per_kg(dose_mg, weight)} mg/kg" + ("" if weight_kg else " at 70 kg")
        text = f"IV: {shown}. From 1.0 mg/kg this is an anesthetic dose."
        return [Caution(text, RANGE, strong=True)]
    limit = min(2 * usual_dose(route, weight)[1], 2 * usual_dose(route, SEVENTY)[1])
    if route == Route.IM:
        limit = min(limit, IM_STRONG * weight)
    if dose_mg <= limit:
        return []
    text = f"{route.label}: above {limit:.0f} mg, more than twice the usual."
    return [Caution(text, HOUSE, strong=True)]


def _intravenous(exact: Decimal, shown: Decimal) -> list[Caution]:
    if exact > IV_MOST:
        return [Caution(f"IV: {shown} mg/kg is above the reported 0.1–0.75 mg/kg.", RANGE)]
    if exact < IV_LEAST:
        return [Caution(f"IV: {shown} mg/kg is below the reported 0.1–0.75 mg/kg.", RANGE)]
    return []


def change_from(previous: Previous | None, route: str, dose_mg: Decimal) -> list[Caution]:
    """Warn of another route than last time, or a change of half the last dose and more."""
    if previous is None:
        return []
    if previous.route != route:
        text = (
            f"Dose {previous.number} was {Route(previous.route).label}. "
            "By another route the same amount acts differently."
        )
        return [Caution(text, HOUSE)]
    change = dose_mg - previous.dose_mg
    if abs(change) < LARGE_CHANGE * previous.dose_mg:
        return []
    word = "more" if change > 0 else "less"
    percent = (abs(change) / previous.dose_mg * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return [Caution(f"{percent}% {word} than dose {previous.number}.", HOUSE, strong=change > 0)]


def about_order(
    route: str, dose_mg: Decimal, weight_kg: Decimal | None, previous: Previous | None
) -> list[Caution]:
    """What to weigh about `dose_mg` at `weight_kg`, if that is known; the strong ones first."""
    found = [*dose_by_route(route, dose_mg, weight_kg), *change_from(previous, route, dose_mg)]
    return sorted(found, key=lambda caution: not caution.strong)


def nobody_trained(model: str, trained_present: bool) -> list[Caution]:
    """Warn where psychotherapy accompanies the dose and nobody present is trained for it.

    `trained_present`: whether somebody present has a current licence and training on that day.
    """
    if model != TreatmentModel.KAP or trained_present:
        return []
    text = (
        "Psychotherapy is planned during this dose, and nobody recorded as present has a current "
        "licence and training for it."
    )
    return [Caution(text, TRAINED)]


def before_dose(
    *,
    route: str,
    dose_mg: Decimal,
    weight_kg: Decimal,
    reading: tuple[int, int] | None,
    born: date,
    at: datetime,
    previous: Previous | None,
) -> list[Caution]:
    """Everything to weigh before this dose, the strong ones first."""
    found = [
        *pressure_before(reading, age_on(born, at.date())),
        *about_order(route, dose_mg, weight_kg, previous),
    ]
    return sorted(found, key=lambda caution: not caution.strong)
