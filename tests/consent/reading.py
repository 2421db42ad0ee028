"""Reading through the one door, for tests."""

from django.db.models import Q

from consent.access import Reader
from consent.disclosure import Disclosed, disclose
from consent.enums import Channel
from consent.models import DisclosableItem
from referrals.models import ClinicReply, ContextItem
from sessions.models import CareEvent, IntegrationSession, NoteSection

KINDS: dict[type[DisclosableItem], Q] = {
    model: Q() for model in (NoteSection, ClinicReply, ContextItem, CareEvent, IntegrationSession)
}


def read(user, *about: int, channel=Channel.PAGE, kinds=KINDS) -> Disclosed:
    """What `user` may read about these clients, of every kind there is."""
    return disclose(to=Reader.of(user), about=set(about), kinds=kinds, channel=channel)


def words(found: Disclosed) -> set[str]:
    """The texts of what was read."""
    return {
        text
        for items in found.items.values()
        for item in items
        if (text := getattr(item, "text", ""))
    }
