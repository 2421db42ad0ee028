"""“As X will see it”: the one decision, run on sections before they are signed.

It discloses nothing: the clinic looks at its own words through another reader's eyes.
"""

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from consent.access import Access, Reader
from consent.clock import database_now
from people.enums import PRACTICE_ROLES
from people.models import User
from referrals.models import ReferralUserPermission
from sessions.models import EpisodeOfCare, NoteSection
from sessions.reading import contacts_to_copy_for
from sessions.timeline import Entry, told


@dataclass(frozen=True)
class Preview:
    """What one outside person may read of these sections at this moment."""

    reader: Reader
    sections: list[NoteSection]

    @property
    def entries(self) -> list[Entry]:
        """What will stand in their timeline."""
        return told(self.sections, self.reader.organization)[0]

    @property
    def in_error(self) -> str:
        return told(self.sections, self.reader.organization)[1]

    @property
    def key(self) -> str:
        return f"contact-{self.reader.contact}" if self.reader.contact else str(self.reader.person)


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
    """One for each outside reader with an account, in the order of their names, then one for each
    contact without an account to whom something of the clinic's is open."""
    at = database_now()
    return [
        Preview(reader, list(_seen_by(reader, episode, sections, at)))
        for reader in [
            *map(Reader.of, outside_readers(episode)),
            *map(Reader.outside, contacts_to_copy_for(episode.referral, at)),
        ]
    ]


def _seen_by(
    reader: Reader, episode: EpisodeOfCare, sections: Iterable[NoteSection], at: datetime
) -> Iterable[NoteSection]:
    access = Access.load(reader, {episode.client_id}, at)
    for section in sections:
        if access.decide(section).permitted:
            seen = copy(section)
            seen.note = copy(section.note)
            seen.cross()
            yield seen
