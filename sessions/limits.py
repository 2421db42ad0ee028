"""When a value of the vitals is out of range: every limit once, with its source. Pure functions.

Blood pressure above: `sessions.warnings`, stricter before the dose and by age. All others: NEWS2
(Royal College of Physicians, 2017), values that score 2 or more; systolic from 90 down, score 3.
"""

from datetime import datetime

from sessions.models import DosingSession, Vitals
from sessions.warnings import PRESSURE_DURING, above, pressure_limits

LEAST_SYSTOLIC = 91
HEART_RATE = (41, 110)
LEAST_SPO2 = 94
BREATHS = (9, 20)

MEASURES = {
    "pressure": "Blood pressure",
    "heart_rate": "Heart rate",
    "spo2": "SpO2",
    "respiratory_rate": "Breaths",
}


def limit_at(dosing: DosingSession, at: datetime, age: int) -> tuple[int, int]:
    """The pressure above which to look again: stricter before the dose than after it."""
    before = dosing.given_at is None or at < dosing.given_at
    return pressure_limits(age) if before else PRESSURE_DURING


def out_of_range(vitals: Vitals, limit: tuple[int, int]) -> dict[str, str]:
    """What lies outside, by measure, in words: {"spo2": "below 94 %"}. On a limit is inside."""
    found = {}
    if above((vitals.systolic, vitals.diastolic), limit):
        found["pressure"] = "above {}/{}".format(*limit)
    elif vitals.systolic < LEAST_SYSTOLIC:
        found["pressure"] = f"below {LEAST_SYSTOLIC} systolic"
    if word := _outside(vitals.heart_rate, *HEART_RATE):
        found["heart_rate"] = word
    if vitals.spo2 < LEAST_SPO2:
        found["spo2"] = f"below {LEAST_SPO2} %"
    if vitals.respiratory_rate is not None and (
        word := _outside(vitals.respiratory_rate, *BREATHS)
    ):
        found["respiratory_rate"] = word
    return found


def _outside(value: int, least: int, most: int) -> str:
    if value < least:
        return f"below {least} a minute"
    return f"above {most} a minute" if value > most else ""


def shown(vitals: Vitals, measure: str) -> str:
    """The value of one measure with its unit, or nothing where it was not taken."""
    value = getattr(vitals, measure, None)
    return {
        "pressure": f"{vitals.systolic}/{vitals.diastolic}",
        "spo2": f"SpO2 {vitals.spo2} %",
        "heart_rate": f"Heart rate {vitals.heart_rate}",
        "respiratory_rate": f"{value} breaths a minute" if value is not None else "",
    }[measure]
