"""One run: fill, set on fire, wait until everything is settled, and judge."""

import random
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from reminders.enums import Outcome, ReminderKind, ReminderState
from reminders.models import Attempt, Letter, Notification, Reminder
from reminders.operations.actions import resend
from sessions.models import DosingSession
from tests.builder import Builder
from tests.chaos import parts
from tests.chaos.filling import copy_cases, loading
from tests.chaos.judging import Fault, Message, Try, Verdict, judge
from tests.chaos.parts import Broker, Database, Part, sleep_until
from tests.chaos.schedule import Plan, Step, steps_of, windows_of
from tests.chaos.sink import Sink
from tests.factories import make_cast

S = ReminderState


def run(
    plan: Plan,
    database: Database,
    broker: Broker,
    sink: Sink,
    folder: Path,
    variables: Mapping[str, str],
) -> int:
    say(f"seed {plan.seed}: {plan}")
    case = fill(plan)
    with parts.jobs(folder, variables, plan.workers, plan.beats) as (workers, beats):
        start = time.time() + 2
        open_from(start, plan)
        fire = Fire(database, broker, workers, beats)
        weather = threading.Thread(target=mail_weather, args=[sink, start, plan, fire], daemon=True)
        if steps_of(plan):
            weather.start()
        for step in steps_of(plan):
            sleep_until(start + step.at)
            fire.do(step)
        say(f"{len(fire.faults)} faults done after {time.time() - start:.0f} s")
        sleep_until(start + plan.seconds)
        if weather.ident:
            weather.join(60)
        connection.close()  # it was cut with the first stop of the database
        by_hand = settle(case, time.time() + settings.LEASE_SECONDS * 2 + 150)
    verdict = judge(
        messages(by_hand),
        sink.arrivals,
        fire.faults,
        late=plan.late,
        closing=settings.SEND_SECONDS,
    )
    verdict.figures |= fire.counts
    return report(plan, verdict)


def fill(plan: Plan) -> Builder:
    """The reminders of planned doses, each of an episode of its own. Half of them are for a
    therapist outside, whom a release has to permit each time. Windows are set when it begins."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    case = Builder(make_cast())
    case.begin_care()
    case.active()
    dosing = case.plan(timezone.now() + timedelta(days=20))
    with loading():
        for model in (Notification, Letter, Reminder):
            model.objects.all()._raw_delete(model.objects.db)
    copy_cases(dosing, plan.reminders - 1)
    opens = timezone.now() + timedelta(days=1)
    doses = DosingSession.objects.filter(given_at=None).order_by("pk")
    owners = (case.referrer, case.cast.nurse)
    Reminder.objects.bulk_create(
        [
            Reminder(
                episode_id=episode,
                dosing_id=pk,
                kind=ReminderKind.PREPARATION,
                owner=owners[number % 2],
                opens_at=opens,
                closes_at=opens + timedelta(days=1),
            )
            for number, (pk, episode) in enumerate(doses.values_list("pk", "episode"))
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return case


def open_from(start: float, plan: Plan) -> None:
    rows = list(Reminder.objects.order_by("pk"))
    for row, (opens, closes) in zip(rows, windows_of(plan), strict=True):
        row.opens_at, row.closes_at = _moment(start + opens), _moment(start + closes)
    Reminder.objects.bulk_update(rows, ["opens_at", "closes_at"], batch_size=1000)


class Fire:
    """Does what the schedule says, and notes when."""

    def __init__(self, database: Database, broker: Broker, workers: list[Part], beats: list[Part]):
        self.database, self.broker = database, broker
        self.jobs, self.workers = [*workers, *beats], len(workers)
        self.faults: list[Fault] = []
        self.counts: dict[str, int] = {}

    def do(self, step: Step) -> None:
        kind, began, ended = getattr(self, f"_{step.kind}")(step)
        self.note(kind, began, ended)

    def note(self, kind: str, began: float, ended: float) -> None:
        self.faults.append(Fault(kind, began, ended))
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def _kill(self, step: Step) -> tuple[str, float, float]:
        part, began = self.jobs[step.which], time.time()
        if step.which < self.workers and step.child and part.kill_a_child():
            return "worker killed", began, time.time()
        part.kill()
        ended = time.time()
        part.start()
        return "worker killed" if step.which < self.workers else "beat killed", began, ended

    def _flush(self, step: Step) -> tuple[str, float, float]:
        began = time.time()
        with self.broker.ask() as client:
            client.flushall()
        return "broker flushed", began, time.time()

    def _restart(self, step: Step) -> tuple[str, float, float]:
        began = time.time()
        self.broker.kill()
        time.sleep(step.lasts)
        self.broker.come_back()
        return "broker restarted", began, time.time()

    def _stop(self, step: Step) -> tuple[str, float, float]:
        began = time.time()
        self.database.stop_at_once()
        time.sleep(step.lasts)
        self.database.come_back()
        return "database stopped", began, time.time()


def mail_weather(sink: Sink, start: float, plan: Plan, fire: Fire) -> None:
    """The mail server answers at once, or slowly for a while; and once it falls silent for longer
    than anybody waits."""
    draw = random.Random(plan.seed + 2)
    for part in range(8):
        sleep_until(start + plan.seconds * (part + draw.random() / 2) / 8)
        if part == 5 and plan.seconds > 60:  # what fails then waits for a minute
            began = time.time()
            sink.speaks.clear()
            time.sleep(settings.EMAIL_TIMEOUT * 1.5)
            sink.speaks.set()
            fire.note("mail server silent", began, time.time())
        else:
            sink.delay = 0.1
            time.sleep(plan.seconds / 80)
            sink.delay = 0.0


def settle(case: Builder, until: float) -> set[int]:
    """Wait until nothing waits, or for so long; what was given up after two unknown outcomes is
    sent again, as an administrator does. Which those were."""
    again: set[int] = set()
    while time.time() < until:
        time.sleep(2)
        failed = Reminder.objects.filter(state=S.FAILED).exclude(pk__in=again)
        for row in failed.filter(closes_at__gt=timezone.now() + timedelta(minutes=2)):
            unknown = row.attempts.filter(outcome=Outcome.UNKNOWN).count()
            if unknown >= 2:
                resend(by=case.cast.administrator, message=row)
                again.add(row.pk)
        waiting = Reminder.objects.pending().filter(opens_at__lte=timezone.now())
        if not waiting.exists() and not failed.exists():
            break
    return again


def messages(by_hand: set[int]) -> list[Message]:
    tries: dict[int, list[Try]] = {}
    for each in Attempt.objects.order_by("reminder", "number"):
        tries.setdefault(each.reminder_id, []).append(Try(each.message_id, each.outcome))
    return [
        Message(
            row.pk,
            row.opens_at.timestamp(),
            row.closes_at.timestamp(),
            row.state,
            tries.get(row.pk, []),
            row.pk in by_hand,
        )
        for row in Reminder.objects.all()
    ]


def report(plan: Plan, verdict: Verdict) -> int:
    for what, figure in verdict.figures.items():
        say(f"  {what}: {figure}")
    for broken in verdict.wrong:
        say(f"BROKEN {broken}")
    say(f"{'Broken' if verdict.wrong else 'Held'}, seed {plan.seed}")
    return int(bool(verdict.wrong))


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
