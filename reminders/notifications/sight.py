"""What stands behind notifications, as far as one reader may know it at this moment.

Each source passes what already decides about it: being on the case, the one door, the clinic's
record by role, who may open a notice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Model, Q

from consent.access import Access, Reader
from consent.clock import database_now
from consent.disclosure import LIMIT, Disclosed, disclose
from consent.enums import Channel
from consent.models import DisclosableItem, Release
from people.enums import CLINIC_ROLES, CLINICAL_ROLES, Role
from people.models import Licence, Membership, User
from referrals.enums import STALE, ReplyKind
from referrals.messages import side_of
from referrals.models import ClinicReply, Closing, Cover, InterimMessage, Message, Referral
from reminders.conferences.reading import replaced
from reminders.enums import WINDOWS, ReminderState, Stage, Told
from reminders.models import ConferenceCase, ConferenceDecision, Notification, Reminder
from reminders.today import may_know
from sessions.models import (
    Appointment,
    CareEvent,
    Clearance,
    CoordinationPlan,
    EmergencyNotice,
    EpisodeOfCare,
    IntegrationSession,
    NoteSection,
    SafetyAlert,
)

T, S = Told, ReminderState
Kinds = Mapping[type[DisclosableItem], Q]
Door = Callable[[Reader, Collection[int], Kinds], Disclosed]


def show(reader: Reader, about: Collection[int], kinds: Kinds) -> Disclosed:
    """What is shown is recorded."""
    return disclose(to=reader, about=about, kinds=kinds, channel=Channel.WORKLIST)


def look(reader: Reader, about: Collection[int], kinds: Kinds) -> Disclosed:
    """The same, for a number alone."""
    at = database_now()
    access = Access.load(reader, about, at)
    items = {
        model: [row for row in _readable(model, access, narrow) if access.decide(row).permitted]
        for model, narrow in kinds.items()
    }
    return Disclosed(at, access, items)


def _readable(model: type[DisclosableItem], access: Access, narrow: Q):
    rows = model.objects.readable_by(access).filter(narrow)
    return rows.select_related(*model.read_with)[:LIMIT]


@dataclass(frozen=True)
class Sight:
    """What stands behind some notifications of one reader, as far as they may know it now."""

    user: User
    membership: Membership
    rows: Collection[Notification]
    at: datetime
    door: Door = field(default=look)

    @property
    def here(self) -> int:
        return self.membership.organization_id

    @property
    def role(self) -> str:
        return self.membership.role

    @property
    def is_clinical(self) -> bool:
        return self.role in CLINICAL_ROLES

    @property
    def is_inside(self) -> bool:
        return self.role in CLINIC_ROLES

    @property
    def administers(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    def _of(self, *kinds: Told) -> set[int]:
        return {row.source for row in self.rows if row.kind in kinds}

    def _cases_of(self, *kinds: Told) -> set[int]:
        return {row.referral_id for row in self.rows if row.kind in kinds and row.referral_id}

    @cached_property
    def referrals(self) -> dict[int, Referral]:
        """The cases that are open to them; to administrators, who work with none, none."""
        wanted = {row.referral_id for row in self.rows if row.referral_id}
        if not (self.is_clinical and wanted):
            return {}
        found = Referral.objects.open_to(self.user).filter(pk__in=wanted)
        return {
            referral.pk: referral
            for referral in found.select_related("client", "clinic", "practice", "episode")
        }

    @cached_property
    def found(self) -> Disclosed | None:
        """What the one door opens to them of all that is told of."""
        kinds = {model: narrow for model, narrow in self._kinds().items() if narrow}
        about = {referral.client_id for referral in self.referrals.values()}
        if not about or not (kinds or self._of(T.RELEASE_SIGNED, T.RELEASE_ENDING)):
            return None
        return self.door(Reader.of(self.user), about, kinds)

    def _kinds(self) -> dict[type[DisclosableItem], Q]:
        begun = self._cases_of(T.BEGUN, T.ENDED)
        replies = _any(pk__in=self._of(T.REPLIED)) | _any(
            referral__in=begun, kind=ReplyKind.ACCEPTED
        )
        windows = Reminder.objects.filter(pk__in=self._of(T.WINDOW)) if self._of(T.WINDOW) else None
        doses = set(windows.values_list("dosing", flat=True)) if windows is not None else set()
        decisions = _any(pk__in=self._of(T.DECISION), owner=self.user)
        return {
            Message: _any(pk__in=self._of(T.MESSAGE)),
            ClinicReply: replies,
            Closing: _any(referral__in=self._cases_of(T.LAPSED), reason=STALE),
            CoordinationPlan: _any(pk__in=self._of(T.PLAN_PROPOSED, T.PLAN_AGREED)),
            ConferenceCase: _any(pk__in=self._of(T.INVITED, T.CALLED_OFF), taken_off_at=None),
            ConferenceDecision: decisions and decisions & ~replaced(),
            NoteSection: _any(note__in=self._of(T.NOTE_SIGNED), note__in_error_at=None),
            IntegrationSession: _any(pk__in=self._of(T.SESSION_LOGGED), error=None),
            Appointment: _any(pk__in=self._of(T.TIMES_PROPOSED, T.TIME_BOOKED, T.TIME_OFF)),
            CareEvent: _any(dosing__in=doses),
        }

    def items(self, model: type[DisclosableItem]) -> list:
        return self.found.items.get(model, []) if self.found else []

    def item(self, model: type[DisclosableItem], pk: int) -> Any:
        return next((item for item in self.items(model) if item.pk == pk), None)

    def opens(self, release: int) -> bool:
        """Whether this release opens something to them now."""
        permitted = self.found.access.permitted if self.found else []
        return any(provision.release == release for provision, _, _ in permitted)

    def side(self, referral: Referral):
        return side_of(self.user, referral)

    # ------------------------------------------------ what no release opens
    @cached_property
    def alerts(self) -> dict[int, SafetyAlert]:
        episodes = EpisodeOfCare.objects.at_clinic_of(self.user)
        rows = SafetyAlert.objects.filter(pk__in=self._of(T.ALERT), episode__in=episodes)
        return _by_pk(rows.select_related("episode__client"))

    @cached_property
    def notices(self) -> dict[int, EmergencyNotice]:
        """Those they may open; an administrator, those that stand and went to them."""
        wanted = self._of(T.NOTICE, T.UNANSWERED)
        rows = EmergencyNotice.objects.filter(pk__in=wanted)
        if self.administers:
            gone = rows.standing().filter(escalations__to="administrators")
            return _by_pk(gone.filter(referral__clinic=self.here))
        return _by_pk(rows.open_to(self.user).select_related("organization"))

    @cached_property
    def releases(self) -> dict[int, Release]:
        """Administrators: those of their clinic; others those that open something to them."""
        wanted = self._of(T.RELEASE_SIGNED, T.RELEASE_OVER, T.RELEASE_ENDING)
        rows = Release.objects.filter(pk__in=wanted).select_related("client")
        if self.administers:
            return _by_pk(rows.of_clinic(self.here))
        return _by_pk(rows.filter(pk__in=[pk for pk in wanted if self.opens(pk)]))

    @cached_property
    def covers(self) -> dict[int, Cover]:
        rows = Cover.objects.ahead(self.at).filter(pk__in=self._of(T.COVER), colleague=self.user)
        return _by_pk(rows.filter(practice=self.here).select_related("covered"))

    @cached_property
    def interims(self) -> dict[int, InterimMessage]:
        return _by_pk(InterimMessage.objects.filter(pk__in=self._of(T.MORE_TIME)))

    @cached_property
    def windows(self) -> dict[int, Reminder]:
        """Open or over, theirs still, and of a dose whose date they may know."""
        known = {event.dosing_id for event in self.items(CareEvent)}
        rows = Reminder.objects.filter(
            pk__in=self._of(T.WINDOW), owner=self.user, dosing__in=known, opens_at__lte=self.at
        )
        found = list(rows.exclude(state=ReminderState.CANCELLED))
        asked = Reminder.objects.pending().filter(owner=self.user, stage=Stage.AGAIN)
        again = {(row.dosing_id, row.kind): row.opens_at for row in asked} if found else {}
        for row in found:
            row.told_again_at = again.get((row.dosing_id, row.kind))  # type: ignore[attr-defined]
        return _by_pk(found)

    def waiting(self, row: Notification) -> Reminder | None:
        """The reminder of a window that is open, and in which nothing is known to be held."""
        reminder = self.windows.get(row.source) if row.kind == T.WINDOW else None
        if reminder is None or reminder.kind not in WINDOWS or reminder.closes_at <= self.at:
            return None
        return reminder if reminder.state in (S.PENDING, S.SENT) else None

    @cached_property
    def missed(self) -> dict[int, Reminder]:
        """Windows of their clinic that closed with nothing held, as far as they may know that."""
        wanted, episodes = self._of(T.WINDOW_MISSED), EpisodeOfCare.objects.at_clinic_of(self.user)
        if not wanted:
            return {}
        rows = Reminder.objects.with_place().filter(pk__in=wanted, state=ReminderState.MISSED)
        found = list(rows.filter(episode__in=episodes).select_related("episode__referral"))
        clients = {row.episode.client_id for row in found}
        access = Access.load(Reader.of(self.user), clients, self.at)
        return _by_pk(row for row in found if may_know(row, access))

    @cached_property
    def clearances(self) -> dict[int, Clearance]:
        episodes = EpisodeOfCare.objects.at_clinic_of(self.user)
        rows = Clearance.objects.filter(pk__in=self._of(T.CLEARANCE_ENDING), episode__in=episodes)
        return _by_pk(rows.select_related("episode"))

    @cached_property
    def licences(self) -> dict[int, Licence]:
        """Their own; an administrator's, all of the clinic."""
        rows = Licence.objects.filter(pk__in=self._of(T.LICENCE_ENDING), organization=self.here)
        mine = rows if self.administers else rows.filter(person=self.user)
        return _by_pk(mine.select_related("person"))

    @cached_property
    def taken_back(self) -> dict[int, Referral]:
        rows = Referral.objects.in_error_at(self.user).filter(pk__in=self._of(T.TAKEN_BACK))
        return _by_pk(rows.select_related("practice"))


def _any(**narrow: Any) -> Q:
    """The condition, or none at all where it names no row."""
    return Q(**narrow) if next(iter(narrow.values())) else Q()


def _by_pk(rows: Iterable[Model]) -> dict[int, Any]:
    return {row.pk: row for row in rows}
