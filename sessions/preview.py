"""“As X will see it”: the one decision, run on sections before they are signed.

It discloses nothing: the clinic looks at its own words through another reader's eyes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from consent.access import Access, Reader
from consent.clock import database_now
from people.enums import PRACTICE_ROLES
from people.models import User
from referrals.models import ReferralUserPermission
from sessions.models import EpisodeOfCare, NoteSection


@dataclass(frozen=True)
class Preview:
    """What one outside person may read of these sections at this moment."""

    reader: Reader
    sections: list[NoteSection]


def outside_readers(episode: EpisodeOfCare) -> list[User]:
    """The people of outside practices who are on the case, by name."""
    on_case = ReferralUserPermission.objects.filter(
        content_object=episode.referral_id, permission__codename="view_case"
    )
    return list(
        User.objects.filter(
            Q(pk__in=on_case.values("user_id")),
            is_active=True,
            memberships__ended_at=None,
            memberships__role__in=PRACTICE_ROLES,
        )
        .distinct()
        .order_by("name")
    )


def previews(episode: EpisodeOfCare, sections: Collection[NoteSection]) -> Sequence[Preview]:
    """One for each outside reader, in the order of their names."""
    at, found = database_now(), []
    for person in outside_readers(episode):
        reader = Reader.of(person)
        access = Access.load(reader, {episode.client_id}, at)
        seen = [section for section in sections if access.decide(section).permitted]
        found.append(Preview(reader, seen))
    return found
