"""What a profile says, in words, and the staff of a clinic in sum."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, NamedTuple

from django.utils.dateparse import parse_time

from people.formats import place
from people.models import ClinicProfile, Licence, Organization, ProfileDraft, Training
from people.profiles.questions import NAMES, QUESTIONS, day_words
from people.training import InSum, Records, in_sum

TIMES = ("answers_from", "answers_until")
Lines = dict[str, str]


@dataclass(frozen=True)
class Described:
    """A clinic as everybody may see it."""

    clinic: Organization
    profile: ClinicProfile | None  # None: nothing was published yet
    staff: InSum

    @property
    def facts(self) -> Lines:
        return facts(self.profile) if self.profile else {}

    @property
    def answers(self) -> Lines:
        return answers(self.profile) if self.profile else {}


class Change(NamedTuple):
    label: str
    before: str
    after: str


class Version(NamedTuple):
    """A published version and what it changed; nothing for the first."""

    profile: ClinicProfile
    changes: list[Change]


def described(clinics: Sequence[Organization]) -> list[Described]:
    """Each of these clinics with what it says now, in three queries."""
    ids = [clinic.pk for clinic in clinics]
    rows = ClinicProfile.objects.filter(organization__in=ids).newest()
    profiles = {row.organization_id: row for row in rows.select_related("organization")}
    held = _staff(ids)
    return [
        Described(each, profiles.get(each.pk), in_sum(held[each.pk].values(), each.today))
        for each in clinics
    ]


def facts(profile: ClinicProfile) -> Lines:
    """The short answers in words, by label; empty where a draft does not say it yet."""
    return {
        "New referrals": _taking(profile),
        "Answer to a referral": _reply(profile.reply_days),
        "Somebody answers": _hours(profile),
        "Questions by phone": profile.phone,
    }


def answers(profile: ClinicProfile) -> Lines:
    """The eight answers, each under its question."""
    return {question.label: getattr(profile, name) for name, question in QUESTIONS.items()}


def history(clinic: Organization) -> list[Version]:
    """All versions with what each changed, the newest first."""
    rows = ClinicProfile.objects.filter(organization=clinic).order_by("version")
    found: list[Version] = []
    for row in rows.select_related("organization", "published_by"):
        found.append(Version(row, changes(found[-1].profile, row) if found else []))
    return found[::-1]


def changes(before: ClinicProfile, after: ClinicProfile) -> list[Change]:
    """Where two versions read differently."""
    old, new = {**facts(before), **answers(before)}, {**facts(after), **answers(after)}
    return [Change(label, old[label], new[label]) for label in old if old[label] != new[label]]


def content_of(profile: ClinicProfile | None) -> dict[str, Any]:
    """What a draft would hold that says the same; nothing for None."""
    if profile is None:
        return {}
    found = {name: getattr(profile, name) for name in NAMES}
    return {
        name: f"{value:%H:%M}" if isinstance(value, time) else value
        for name, value in found.items()
        if value is not None
    }


def proposed(draft: ProfileDraft) -> ClinicProfile:
    """The version that a draft would become, as far as it is written; it is not saved."""
    times = {name: parse_time(draft.content.get(name) or "") for name in TIMES}
    content = {"wait_weeks": None, **draft.content, **times}
    return ClinicProfile(organization=draft.organization, **content)


def _staff(clinic_ids: Collection[int]) -> dict[int, dict[int, Records]]:
    """By clinic and person, what is on file of those who treat there, in two queries."""
    licences: dict[tuple[int, int], list[Licence]] = defaultdict(list)
    trainings: dict[tuple[int, int], list[Training]] = defaultdict(list)
    for licence in Licence.objects.beside_clients(clinic_ids):
        licences[licence.organization_id, licence.person_id].append(licence)
    for training in Training.objects.beside_clients(clinic_ids):
        trainings[training.organization_id, training.person_id].append(training)
    found: dict[int, dict[int, Records]] = defaultdict(dict)
    for (clinic, person), held in licences.items():
        found[clinic][person] = Records(tuple(held), tuple(trainings[clinic, person]))
    return found


def _taking(profile: ClinicProfile) -> str:
    if profile.takes_referrals is None:
        return ""
    if not profile.takes_referrals:
        return "None taken at present"
    if profile.wait_weeks is None:
        return "Taken now"
    weeks = _count(profile.wait_weeks, "week") if profile.wait_weeks else "less than a week"
    return f"Taken now; the wait is usually {weeks}"


def _reply(days: int | None) -> str:
    return f"Within {_count(days, 'working day')}" if days else ""


def _hours(profile: ClinicProfile) -> str:
    if not (profile.answer_days and profile.answers_from and profile.answers_until):
        return ""
    span = f"{profile.answers_from:%H:%M} to {profile.answers_until:%H:%M}"
    return f"{day_words(profile.answer_days)}, {span}, {place(profile.organization.timezone)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
