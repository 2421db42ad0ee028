"""What there is to weigh about a dose that is being entered, as the page shows it."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from sessions.forms.dosing import GiveForm
from sessions.models import DosingSession
from sessions.warnings import Caution, Previous, before_dose, per_kg

MINUTE = timedelta(minutes=1)  # the dose is written to the minute, vitals to the second


def weighing(form: GiveForm, cautions: Sequence[Caution]) -> dict:
    """What stands beside the form: mg/kg, and what there is to weigh."""
    given = getattr(form, "cleaned_data", {})
    shown = "dose_mg" in given and "weight_kg" in given
    return {
        "give_form": form,
        "cautions": cautions,
        "fingerprint": fingerprint(cautions),
        "mg_per_kg": per_kg(given["dose_mg"], given["weight_kg"]) if shown else None,
    }


def cautions_of(row: DosingSession, form: GiveForm) -> list[Caution]:
    if not form.is_valid():
        return []
    given = form.cleaned_data
    last = row.vitals.filter(at__lt=given["given_at"] + MINUTE).first()
    return before_dose(
        route=given["route"],
        dose_mg=given["dose_mg"],
        weight_kg=given["weight_kg"],
        reading=(last.systolic, last.diastolic) if last else None,
        born=row.episode.client.date_of_birth,
        at=timezone.localtime(given["given_at"]),
        previous=_previous(row),
    )


def _previous(row: DosingSession) -> Previous | None:
    last = next(iter(given_before(row)), None)
    if last is None or last.dose_mg is None:
        return None
    return Previous(last.number, last.route, last.dose_mg)


def fingerprint(cautions: Sequence[Caution]) -> str:
    """Names a set of warnings, so that what was shown is what was seen; empty for none."""
    text = "\n".join(caution.text for caution in cautions)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if cautions else ""


def given_before(row: DosingSession) -> list[DosingSession]:
    """The doses of this episode that were given before, newest first."""
    others = row.episode.doses.filter(given_at__isnull=False).exclude(pk=row.pk)
    if row.given_at:
        others = others.filter(given_at__lt=row.given_at)
    return list(others.order_by("-given_at")[:12])
