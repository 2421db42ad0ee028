"""What an administrator looks for among their clinic's releases.

It is posted and kept in the session: names of clients stand neither in addresses nor in logs.
"""

import re
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from consent.enums import ReleaseState
from consent.models import (
    DisclosureQuestion,
    EmergencyAccess,
    PaperCopy,
    Release,
    ReleaseRecipient,
)

KEY = "release_search"
CLIENT_NUMBER = re.compile(r"(?:kc-)?0*([0-9]{1,12})", re.IGNORECASE)
RELEASE_NUMBER = re.compile(r"(?:kc-)?r-?0*([0-9]{1,12})", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """Every word must begin the client's first or last name; a number is exact."""

    client: str = ""
    recipient: str = ""
    state: str = ""

    @classmethod
    def of(cls, session: MutableMapping[str, Any]) -> "Search":
        return cls(**session.get(KEY, {}))

    def keep(self, session: MutableMapping[str, Any]) -> None:
        if self:
            session[KEY] = asdict(self)
        else:
            session.pop(KEY, None)

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    @property
    def state_label(self) -> str:
        return ReleaseState(self.state).label if self.state else ""

    def releases(self, found: QuerySet[Release], at: datetime) -> QuerySet[Release]:
        if self.state:
            found = found.in_state(self.state, at)  # type: ignore[attr-defined]
        if self.recipient:
            named = ReleaseRecipient.objects.filter(release=OuterRef("pk"))
            found = found.filter(Exists(named.filter(self._received_by())))
        return found.filter(self._about_client("pk"))

    def papers(self, found: QuerySet[PaperCopy], at: datetime) -> QuerySet[PaperCopy]:
        return found.filter(release__in=self.releases(Release.objects.all(), at)) if self else found

    def emergencies(self, found: QuerySet[EmergencyAccess]) -> QuerySet[EmergencyAccess]:
        """They rest on no release, and so are in none of its states."""
        if self.state:
            return found.none()
        if self.recipient:
            word = self.recipient
            found = found.filter(
                Q(reader__name__icontains=word) | Q(organization__name__icontains=word)
            )
        return found.filter(self._about_client())

    def questions(self, found: QuerySet[DisclosureQuestion]) -> QuerySet[DisclosureQuestion]:
        return found.none() if self.state or self.recipient else found.filter(self._about_client())

    def _about_client(self, release: str = "") -> Q:
        """`release` is the column that holds the release's own number, where there is one."""
        if match := RELEASE_NUMBER.fullmatch(self.client):
            return Q(**{release: match[1]}) if release else Q(pk__in=[])
        if match := CLIENT_NUMBER.fullmatch(self.client):
            return Q(client=match[1])
        named = Q()
        for word in filter(None, re.split(r"[\s,]+", self.client)):
            named &= Q(client__last_name__istartswith=word) | Q(
                client__first_name__istartswith=word
            )
        return named

    def _received_by(self) -> Q:
        word = self.recipient
        return (
            Q(user__name__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(contact__name__icontains=word)
            | Q(contact__workplace__icontains=word)
        )
