"""Finding a client by name, number or date of birth, among those whom the reader has anyway.

What is looked for is posted and kept in the session on the server, so that it stands in no address
and no log, and yet outlives the pages of the list, its filters and going back. A saved view never
holds it. It ends with "Show all" or with the session.
"""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from people.forms import BirthDateField
from people.likeness import letters
from referrals.models import Referral

KEY = "client_search"
LONGEST = 80  # characters
MOST_COMPARED = 20_000  # clients whose names are compared: letters without accents, in memory
MOST_FOUND = 1000  # clients of one name, the newest
CLIENT_NUMBER = re.compile(r"(?:kc)?[ -]?0*([0-9]{1,12})", re.IGNORECASE)
REFERRAL_NUMBER = re.compile(r"ref[ -]?0*([0-9]{1,12})", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """Every word stands in the client's first or last name, however it is capitalised or accented;
    or the whole is a number, or a date of birth."""

    words: str = ""

    @classmethod
    def of(cls, session: MutableMapping[str, Any]) -> "Search":
        return cls(session.get(KEY, ""))

    def keep(self, session: MutableMapping[str, Any]) -> None:
        if self.words:
            session[KEY] = self.words
        else:
            session.pop(KEY, None)

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def born(self) -> date | None:
        """The day, where the words are one."""
        try:
            return BirthDateField().to_python(self.words) if self.words else None
        except ValidationError:
            return None

    def among(self, rows: QuerySet[Referral]) -> QuerySet[Referral]:
        """Those of `rows` whose client is looked for. `rows` are scoped to the reader: nobody else
        is asked about."""
        if match := REFERRAL_NUMBER.fullmatch(self.words):
            return rows.filter(pk=match[1])
        found = Q()
        if born := self.born:
            found |= Q(client__date_of_birth=born)
        if match := CLIENT_NUMBER.fullmatch(self.words):
            found |= Q(client=match[1])
        return rows.filter(found or Q(client__in=self._named(rows)))

    def _named(self, rows: QuerySet[Referral]) -> list[int]:
        columns = ("client", "client__first_name", "client__last_name")
        names = rows.order_by("-pk").values_list(*columns)[:MOST_COMPARED]
        found = {pk: None for pk, first, last in names if has_name(self.words, first, last)}
        return list(found)[:MOST_FOUND]


def has_name(words: str, first: str, last: str) -> bool:
    """Whether each of `words` stands in one of the names: Jose finds José, delacruz De la Cruz."""
    wanted = [folded for word in re.split(r"[\s,]+", words) if (folded := letters(word))]
    names = (letters(first), letters(last))
    return bool(wanted) and all(any(word in name for name in names) for word in wanted)
