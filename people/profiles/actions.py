"""Writing a clinic's profile: the draft is saved as often as one likes, then published as it is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_time

from audit.record import record
from people.concurrency import check_version, row_of_form
from people.models import ClinicProfile, Organization, ProfileDraft, User
from people.permissions import check_user_can_write_profile
from people.profiles.questions import (
    EMPTY,
    EVERY_DAY,
    LONGEST,
    LONGEST_PHONE,
    MOST_REPLY_DAYS,
    MOST_WEEKS,
    NAMES,
    QUESTIONS,
    missing,
)
from people.profiles.reading import TIMES, content_of, proposed
from people.validators import validate_text

LIMITS = {
    "reply_days": (1, MOST_REPLY_DAYS),
    "wait_weeks": (0, MOST_WEEKS),
    "answer_days": (1, EVERY_DAY),
}
NOTHING = "There is nothing to publish yet. Write the profile first."
CHANGED = "Somebody saved other words meanwhile. Read them, then publish or discard."


@transaction.atomic
def save_draft(
    *, by: User, clinic: Organization, version: int, content: Mapping[str, Any]
) -> ProfileDraft:
    """Keep what was written so far; nothing of it is public.

    `version` is that of the draft which was read, 0 for none. `content` holds any of
    `questions.NAMES`: texts, whole numbers, times as HH:MM; what is empty is left out. The same
    content again changes nothing. Raises PermissionDenied unless `by` is an administrator or
    prescriber of the clinic, ChangedMeanwhile, or ValidationError by field.
    """
    _lock(by, clinic)
    kept = _checked(content)
    draft, _ = ProfileDraft.objects.get_or_create(organization=clinic, defaults={"saved_by": by})
    if draft.content == kept:
        return draft
    check_version(draft, version)
    return _keep(draft, by, kept, "profile.saved")


@transaction.atomic
def discard_draft(*, by: User, clinic: Organization, version: int) -> None:
    """Go back to what is published. Raises as `save_draft`; without a draft nothing happens."""
    _lock(by, clinic)
    draft = ProfileDraft.objects.filter(organization=clinic).first()
    published = content_of(ClinicProfile.objects.of(clinic.pk))
    if draft is None or draft.content == published:
        return
    _check_read(draft, version)
    draft.version += 1
    _keep(draft, by, published, "profile.discarded")


@transaction.atomic
def publish(*, by: User, clinic: Organization, form_key: UUID, version: int) -> ClinicProfile:
    """The draft becomes the clinic's next version, from now on everybody reads it.

    `version` is that of the draft which was read. The same form sent twice publishes once, and
    a draft that says what is published already makes no version. Raises PermissionDenied unless
    `by` is an administrator or prescriber of the clinic, ValidationError where something is
    missing or somebody saved other words meanwhile.
    """
    _lock(by, clinic)
    if existing := row_of_form(ClinicProfile.objects, form_key, organization_id=clinic.pk):
        return existing
    draft = ProfileDraft.objects.filter(organization=clinic).select_related("organization").first()
    if draft is None:
        raise ValidationError(NOTHING)
    _check_read(draft, version)
    if found := missing(draft.content):
        raise ValidationError(list(found.values()))
    newest = ClinicProfile.objects.of(clinic.pk)
    if newest and draft.content == content_of(newest):
        return newest
    profile = proposed(draft)
    profile.form_key, profile.published_by = form_key, by
    profile.version = newest.version + 1 if newest else 1
    profile.full_clean()
    profile.save()
    record("profile.published", by=by, on=profile, version=profile.version)
    return profile


def _lock(by: User, clinic: Organization) -> None:
    check_user_can_write_profile(by, clinic.pk)
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=clinic.pk)


def _check_read(draft: ProfileDraft, version: int) -> None:
    if draft.version != version:
        raise ValidationError(CHANGED)


def _keep(draft: ProfileDraft, by: User, content: dict[str, Any], event: str) -> ProfileDraft:
    draft.content, draft.saved_by = content, by
    draft.save()
    record(event, by=by, on=draft, version=draft.version)
    return draft


def _checked(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is not empty, texts without the spaces around them; wrong values are named by field."""
    found = {name: content.get(name) for name in NAMES}
    found = {k: v.strip() if isinstance(v, str) else v for k, v in found.items()}
    if not found["takes_referrals"]:
        found["wait_weeks"] = None
    errors: dict[str, str] = {}
    for name in (*QUESTIONS, "phone"):
        try:
            validate_text(found[name] or "", LONGEST if name in QUESTIONS else LONGEST_PHONE)
        except ValidationError as error:
            errors[name] = error.messages[0]
    for name, (least, most) in LIMITS.items():
        number = found[name]
        if number is not None and not least <= number <= most:
            errors[name] = f"Enter a whole number from {least} to {most}."
    errors |= _wrong_times(found)
    if errors:
        raise ValidationError(errors)
    return {name: value for name, value in found.items() if value not in EMPTY}


def _wrong_times(found: Mapping[str, Any]) -> dict[str, str]:
    begin, end = (parse_time(found[name] or "") for name in TIMES)
    if begin and end and end <= begin:
        return {"answers_until": "This is not after the time before it. Check both."}
    return {}
