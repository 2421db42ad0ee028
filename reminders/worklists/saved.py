"""Somebody's views as their list offers them."""

from dataclasses import dataclass, fields
from typing import Any

from people.enums import PRACTICE_ROLES
from people.models import User
from reminders.models import SavedView
from reminders.worklists import clinic, practice
from reminders.worklists.narrowing import Narrow


@dataclass(frozen=True)
class Kept:
    """One of them, with what it narrows."""

    view: SavedView
    narrow: Narrow

    @property
    def address(self) -> str:
        return self.narrow.address()


def views_of(user: User) -> list[Kept]:
    """The views of `user`, in the order in which they were saved."""
    assert user.membership
    rows = SavedView.objects.filter(user=user)
    return [Kept(row, narrow_of(row, user.membership.role)) for row in rows]


def narrow_of(view: SavedView, role: str) -> Narrow:
    """What it narrows, as far as the list of this role knows it: roles change, views stay."""
    outside = role in PRACTICE_ROLES
    home = practice if outside else clinic
    found: dict[str, Any] = {f.name: getattr(view, f.name) for f in fields(Narrow)}
    found["house"] = view.house_id
    if view.show not in home.MEANING:
        found["show"] = ""
    if view.stage not in home.STAGES:
        found["stage"] = ""
    if outside:
        found |= {"model": "", "ended": False}
    return Narrow(**found)
