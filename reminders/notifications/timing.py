"""When mail of news goes: at once or with the digest, and never in quiet hours. Pure.

Hours are those of a clock on the wall in `zone`. Where the clocks jump over an hour it is counted
on as if they had not; of an hour that comes twice a digest takes the first, and quiet lasts to the
end of the second.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from people.models import Organization
from reminders.enums import Way
from reminders.models import Preferences

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """One person's hours: of the digest (0 to 23), and quiet ones, [from, until), over midnight
    where `quiet_from` is the later one. Neither of the two is set without the other."""

    zone: ZoneInfo
    digest_hour: int
    quiet_from: time | None = None
    quiet_until: time | None = None

    def quiet(self, at: datetime) -> bool:
        """Whether the clock on the wall shows a quiet hour at the aware moment `at`."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        shown = at.astimezone(self.zone).time()
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= shown < self.quiet_until
        return shown >= self.quiet_from or shown < self.quiet_until

    def opens_at(self, at: datetime, way: Way) -> datetime | None:
        """When mail may tell of what happened at the aware moment `at`: never before it; None for
        what stays in the portal."""
        if way == Way.PORTAL:
            return None
        opens = self._next_digest(at) if way == Way.DIGEST else at
        return self._end_of_quiet(opens) if self.quiet(opens) else opens

    def _next_digest(self, at: datetime) -> datetime:
        return self._next(at, time(self.digest_hour), last=False)

    def _end_of_quiet(self, at: datetime) -> datetime:
        assert self.quiet_until is not None
        return self._next(at, self.quiet_until, last=True)

    def _next(self, at: datetime, clock: time, *, last: bool) -> datetime:
        """The first moment, not before `at`, at which the clock shows this on some day."""
        today = at.astimezone(self.zone).date()
        moments = (self._shown(today + days * ONE_DAY, clock, last=last) for days in range(3))
        return next(moment for moment in moments if moment >= at)

    def _shown(self, day: date, clock: time, *, last: bool) -> datetime:
        first = datetime.combine(day, clock, self.zone).astimezone(UTC)
        if not last:
            return first
        return max(first, datetime.combine(day, clock.replace(fold=1), self.zone).astimezone(UTC))


def hours_of(place: Organization, preferences: Preferences) -> Hours:
    """The hours of somebody who works at `place`: by the clock there, or by their own."""
    return Hours(
        ZoneInfo(preferences.timezone or place.timezone),
        preferences.digest_hour,
        preferences.quiet_from,
        preferences.quiet_until,
    )
