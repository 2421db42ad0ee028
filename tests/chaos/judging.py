"""What became of each message: pure functions over what was seen from outside and what the
database says. Moments are seconds since 1970."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.chaos.sink import Arrival

NEAR = 2.0  # between SMTP's answer and the commit lie milliseconds; a loaded machine takes longer


class Fault(NamedTuple):
    """What was done: `began` when, `ended` when it was up again. A kill takes no time: another
    worker goes on at once."""

    kind: str
    began: float
    ended: float


class Try(NamedTuple):
    message_id: str
    outcome: str


@dataclass(frozen=True)
class Message:
    """A row as the database has it in the end."""

    pk: int
    opens_at: float
    closes_at: float
    state: str
    tries: Sequence[Try]
    by_hand: bool = False  # given up after two unknown outcomes, and sent again by hand


@dataclass
class Verdict:
    figures: dict[str, object] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def say(self, violated: Iterable[object], what: str) -> None:
        found = list(violated)
        self.figures[what] = len(found)
        if found:
            self.wrong.append(f"{what}: {len(found)}, such as {found[0]}")


def judge(
    messages: Sequence[Message],
    arrivals: Sequence[Arrival],
    faults: Sequence[Fault],
    *,
    late: float = 120,
    closing: float = 60,
) -> Verdict:
    """What was promised and what came. `late`: seconds after recovery in which all must be out;
    `closing`: at the end of a window, the seconds in which nothing is begun any more."""
    verdict = Verdict()
    of_id = {each.message_id: row for row in messages for each in row.tries}
    came: dict[int, list[Arrival]] = defaultdict(list)
    for arrival in sorted(arrivals, key=lambda each: each.at):
        if arrival.message_id in of_id:
            came[of_id[arrival.message_id].pk].append(arrival)
    unknown = [each for each in arrivals if each.message_id not in of_id]
    missed = [row for row in messages if row.pk not in came and row.state == "missed"]
    there = [(row, came[row.pk][0]) for row in messages if row.pk in came]
    after = sorted(first.at - _free_since(row, faults, first.at) for row, first in there)
    plain = sorted(first.at - row.opens_at for row, first in there)

    verdict.figures |= {"reminders": len(messages), "arrived": len(there)}
    verdict.figures["window over before it could go out"] = len(missed)
    verdict.figures["given up after two unknown outcomes, then sent by hand"] = sum(
        row.by_hand for row in messages
    )
    verdict.say([r for r in messages if r.pk not in came and r.state != "missed"], "lost")
    verdict.say([r for r, _ in there if r.state not in ("sent", "missed", "failed")], "unsettled")
    verdict.say(unknown, "sent without a committed attempt")
    verdict.say(
        [(row, at) for row in messages for at in came[row.pk] if not _in_window(row, at.at)],
        "outside the window",
    )
    verdict.say(
        [row for row in missed if _should_have_gone(row, faults, late, closing)],
        "missed although there was time",
    )
    verdict.say(
        [r for r, a in there if not r.by_hand and a.at - _free_since(r, faults, a.at) > late],
        f"more than {late:.0f} s late after recovery",
    )
    verdict.figures["late after recovery, s"] = _spread(after)
    verdict.figures["late after a server came back, kills not counted, s"] = _spread(
        sorted(a.at - _free_since(row, _of_servers(faults), a.at) for row, a in there)
    )
    verdict.figures["all out after the last fault, s"] = _all_out(there, faults)
    verdict.figures["late after opening, whatever was down, s"] = _spread(plain)
    _duplicates(verdict, messages, came, faults)
    return verdict


def _duplicates(verdict: Verdict, messages, came, faults) -> None:
    more = [row for row in messages if len(came[row.pk]) > 1]
    verdict.figures["duplicates"] = sum(len(came[row.pk]) - 1 for row in more)
    gaps = [
        min((gap for fault in faults if (gap := _gap(first.at, fault)) is not None), default=None)
        for row in more
        for first in came[row.pk][:-1]
    ]
    found = [gap for gap in gaps if gap is not None]
    verdict.figures["longest from SMTP's answer to the kill that made one, s"] = (
        f"{max(found):.2f}" if found else "none"
    )
    verdict.say(
        [r for r in more if len({each.message_id for each in came[r.pk]}) > 1],
        "duplicates with another Message-ID",
    )
    verdict.say(
        [gap for gap in gaps if gap is None or gap > NEAR],
        "duplicates without a kill between SMTP's answer and the commit",
    )
    verdict.say(
        [r for r in more if not _never_committed(r, len(came[r.pk]))],
        "duplicates of what was committed as sent",
    )


def _never_committed(row: Message, arrived: int) -> bool:
    """As many attempts of unknown outcome as it arrived too often."""
    return sum(each.outcome == "unknown" for each in row.tries) >= arrived - 1


def _gap(answered: float, fault: Fault) -> float | None:
    """From the answer until the fault, where it made the commit impossible; 0 while it lasted."""
    if fault.kind not in ("worker killed", "database stopped"):
        return None
    if fault.began <= answered <= fault.ended:
        return 0.0
    return fault.began - answered if fault.began > answered else None


def _in_window(row: Message, at: float) -> bool:
    return row.opens_at <= at < row.closes_at


def _free_since(row: Message, faults: Sequence[Fault], until: float) -> float:
    """From when on nothing held it: its opening, or the end of the last fault that may have."""
    ends = [f.ended for f in faults if f.ended > row.opens_at and f.began < until]
    return max([row.opens_at, *(min(end, until) for end in ends)])


def _of_servers(faults: Sequence[Fault]) -> list[Fault]:
    return [each for each in faults if not each.kind.endswith("killed")]


def _all_out(there: Sequence[tuple[Message, Arrival]], faults: Sequence[Fault]) -> str:
    """How long what was open when the last fault ended took from then on."""
    end = max((each.ended for each in faults), default=0.0)
    took = [a.at - end for row, a in there if row.opens_at <= end < a.at]
    return f"{max(took):.1f} ({len(took)} waited)" if took else "nothing waited"


def _should_have_gone(row: Message, faults: Sequence[Fault], late: float, closing: float) -> bool:
    last = row.closes_at - closing
    return last - _free_since(row, faults, last) > late


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    middle, most = values[len(values) // 2], values[min(len(values) - 1, len(values) * 99 // 100)]
    return f"median {middle:.1f}, 99 of 100 within {most:.1f}, longest {values[-1]:.1f}"
