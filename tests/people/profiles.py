"""A clinic's profile as the tests write it."""

from typing import Any
from uuid import uuid4

from people.models import ClinicProfile, ProfileDraft, User
from people.profiles.actions import publish, save_draft
from people.profiles.questions import QUESTIONS

WORKDAYS = 0b001_1111


def whole(**changes) -> dict[str, Any]:
    """All that a profile says; None leaves something out."""
    content = {
        "takes_referrals": True,
        "wait_weeks": 3,
        "reply_days": 4,
        "answer_days": WORKDAYS,
        "answers_from": "08:30",
        "answers_until": "17:00",
        "phone": "555 0123",
        **{name: f"Our answer about {name}.\n\nA second paragraph." for name in QUESTIONS},
    }
    return {**content, **changes}


def save(by: User, **changes) -> ProfileDraft:
    """The draft of the clinic where `by` works, as they read it and go on writing."""
    clinic = by.membership.organization
    draft = ProfileDraft.objects.filter(organization=clinic).first()
    version = draft.version if draft else 0
    return save_draft(by=by, clinic=clinic, version=version, content=whole(**changes))


def publish_profile(by: User, **changes) -> ClinicProfile:
    draft = save(by, **changes)
    return publish(by=by, clinic=draft.organization, form_key=uuid4(), version=draft.version)
