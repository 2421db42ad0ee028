"""Saving, renaming, choosing and deleting a view of one's own list of clients."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from audit.record import record
from people.concurrency import row_of_form
from people.enums import CLINICAL_ROLES
from people.models import Organization, User
from people.validators import validate_text
from reminders.models import SavedView
from reminders.models.views import LONGEST_NAME, MOST_VIEWS
from reminders.worklists.enums import Sort

TAKEN = "You have a view of this name already. Choose another name."


@transaction.atomic
def save_view(
    *,
    by: User,
    form_key: UUID,
    name: str,
    show: str = "",
    stage: str = "",
    model: str = "",
    house: int | None = None,
    mine: bool = False,
    ended: bool = False,
    sort: str = Sort.CLOSING,
) -> SavedView:
    """Keep a filter and a sort under a name of at most 40 characters, for `by` alone.

    The same form sent twice gives one view. Raises ValidationError for an empty or a taken name,
    for an eleventh view, and for a filter that no list knows; PermissionDenied for whoever has no
    list of clients.
    """
    if by.membership is None or by.membership.role not in CLINICAL_ROLES:
        raise PermissionDenied("You have no list of clients.")
    _lock(by)
    if existing := row_of_form(SavedView.objects, form_key, user_id=by.pk):
        return existing
    mine_all = SavedView.objects.filter(user=by)
    if mine_all.count() >= MOST_VIEWS:
        raise ValidationError(f"You have {MOST_VIEWS} views already. Delete one first.")
    if house is not None and not Organization.objects.filter(pk=house).exists():
        raise ValidationError("This filter is not known any more. Choose it again.")
    taken = set(mine_all.values_list("place", flat=True))
    view = SavedView(
        form_key=form_key,
        user=by,
        place=next(place for place in range(1, MOST_VIEWS + 1) if place not in taken),
        name=_name(by, name),
        show=show,
        stage=stage,
        model=model,
        house_id=house,
        mine=mine,
        ended=ended,
        sort=sort,
    )
    view.clean_fields()
    view.save()
    record("saved_view.saved", by=by, on=view)
    return view


@transaction.atomic
def rename_view(*, by: User, view: SavedView, name: str) -> SavedView:
    """Another name for one's own view. Raises ValidationError for an empty or a taken one."""
    view = _own(by, view)
    new = _name(by, name, view)
    if view.name != new:
        view.name = new
        view.save(update_fields=["name"])
        record("saved_view.renamed", by=by, on=view)
    return view


@transaction.atomic
def choose_default(*, by: User, view: SavedView, opens: bool) -> SavedView:
    """Whether the list opens with this view of one's own: one view at most does."""
    view = _own(by, view)
    if view.is_default != opens:
        SavedView.objects.filter(user=by, is_default=True).update(is_default=False)
        view.is_default = opens
        view.save(update_fields=["is_default"])
        record("saved_view.default_chosen", by=by, on=view, opens=opens)
    return view


@transaction.atomic
def delete_view(*, by: User, view: SavedView) -> None:
    view = _own(by, view)
    record("saved_view.deleted", by=by, on=view)
    view.delete()


def _lock(user: User) -> None:
    """One change of somebody's views at a time."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _own(by: User, view: SavedView) -> SavedView:
    _lock(by)
    own = SavedView.objects.filter(user=by, pk=view.pk).first()
    if own is None:
        raise PermissionDenied("This is not your view.")
    return own


def _name(by: User, name: str, view: SavedView | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": "Fill in: name."})
    validate_text(name, LONGEST_NAME, "name")
    others = SavedView.objects.filter(user=by, name__iexact=name)
    if view:
        others = others.exclude(pk=view.pk)
    if others.exists():
        raise ValidationError({"name": TAKEN})
    return name
