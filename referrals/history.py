"""What happened to a referral, step by step: as the clinic recorded it, and as the practice may
know it. The practice's steps are made of what was disclosed to it and of what it did itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audit.models import AuditEvent
from people.formats import day
from people.models import User
from referrals.enums import ContextKind, ReferralState, Verb
from referrals.models import ClinicReply, Closing, ContextItem, Referral
from referrals.transitions import EVENTS

V = Verb
DONE = {
    V.SUBMIT: "Sent",
    V.RECEIVE: "Receipt confirmed",
    V.ASK: "Information asked",
    V.ANSWER: "Answered by the practice",
    V.ACCEPT: "Accepted",
    V.DECLINE: "Declined",
    V.BEGIN: "Care begun",
    V.COMPLETE: "Treatment ended",
    V.CANCEL: "Withdrawn by the practice",
    V.LAPSE: "Closed: nobody answered the question",
    V.MARK_IN_ERROR: "Entered in error",
}
VERB_OF = {event: verb for verb, event in EVENTS.items()}


@dataclass(frozen=True)
class Step:
    at: datetime
    what: str
    who: str = ""


def for_practice(
    referral: Referral,
    state: ReferralState,
    replies: Iterable[ClinicReply],
    closings: Iterable[Closing],
    context: Iterable[ContextItem],
) -> list[Step]:
    """By time. `state` and the items are what the reader may know and read."""
    steps = _sent(referral) + _promised(referral)
    steps += [
        Step(
            reply.occurred_at,
            _with_reason(reply.get_kind_display(), reply.reason_label),
            str(reply.author),
        )
        for reply in replies
    ]
    steps += [
        Step(item.occurred_at, "You answered the clinic", str(item.author))
        for item in context
        if item.kind == ContextKind.ADDITION
    ]
    steps += [_ended(closing) for closing in closings]
    if state == ReferralState.COMPLETED:
        steps.append(Step(referral.state_since, DONE[V.COMPLETE]))
    return sorted(steps, key=lambda step: step.at)


def for_clinic(referral: Referral) -> list[Step]:
    """By time, from the audit log; two queries."""
    subject = f"{referral._meta.label_lower}:{referral.pk}"
    wanted = set(VERB_OF) - {EVENTS[V.SUBMIT]}
    events = list(AuditEvent.objects.filter(subject=subject, event__in=wanted).order_by("at", "pk"))
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    steps = _sent(referral) + _promised(referral)
    for number, event in enumerate(events, 1):
        at = referral.state_since if number == len(events) else event.at
        who = str(people.get(event.actor_id, "")) if event.actor_id else ""
        steps.append(Step(at, DONE[VERB_OF[event.event]], who))
    return sorted(steps, key=lambda step: step.at)


def _sent(referral: Referral) -> list[Step]:
    if referral.submitted_at is None:
        return []
    again = getattr(referral, "reopening", None)
    what = f"Sent, taking up {again.of.reference} again" if again else DONE[V.SUBMIT]
    return [Step(referral.submitted_at, what, str(referral.referrer))]


def _promised(referral: Referral) -> list[Step]:
    return [
        Step(message.at, f"The clinic needs more time: an answer by {day(message.answer_by)}")
        for message in referral.interims.all()
    ]


def _ended(closing: Closing) -> Step:
    if closing.author is None:
        return Step(closing.occurred_at, "Closed: nobody took the next step")
    what = "Marked as entered in error" if closing.in_error else "You withdrew it"
    why = closing.text if closing.reason == "other" else str(closing.get_reason_display())
    return Step(closing.occurred_at, _with_reason(what, why), str(closing.author))


def _with_reason(what: str, why: str) -> str:
    return f"{what}: {why[:1].lower()}{why[1:]}" if why else what


def error_reported(referral: Referral) -> bool:
    """Whether the practice called it an error after care had begun: the clinic learns that it did,
    and not why."""
    subject = f"{referral._meta.label_lower}:{referral.pk}"
    return AuditEvent.objects.filter(subject=subject, event="referral.error_reported").exists()
