"""The states of a referral as one pure table. The diagram in docs/architecture.md is made of it."""

from referrals.enums import Mover, ReferralState, Verb

S, V = ReferralState, Verb
ENDED = (S.DECLINED, S.CANCELLED, S.LAPSED)  # without care; with it: completed
BY_TIME = frozenset({V.LAPSE})  # nobody does them

# verb: (from these states, to this one)
TRANSITIONS: dict[Verb, tuple[frozenset[ReferralState], ReferralState]] = {
    V.SUBMIT: (frozenset({S.DRAFT}), S.REQUESTED),
    V.RECEIVE: (frozenset({S.REQUESTED}), S.RECEIVED),
    V.ASK: (frozenset({S.REQUESTED, S.RECEIVED}), S.INFORMATION_ASKED),
    V.ANSWER: (frozenset({S.INFORMATION_ASKED}), S.RECEIVED),
    V.ACCEPT: (frozenset({S.REQUESTED, S.RECEIVED, S.INFORMATION_ASKED}), S.ACCEPTED),
    V.DECLINE: (frozenset({S.REQUESTED, S.RECEIVED, S.INFORMATION_ASKED}), S.DECLINED),
    V.BEGIN: (frozenset({S.ACCEPTED}), S.IN_PROGRESS),
    V.COMPLETE: (frozenset({S.IN_PROGRESS}), S.COMPLETED),
    V.CANCEL: (
        frozenset({S.DRAFT, S.REQUESTED, S.RECEIVED, S.INFORMATION_ASKED, S.ACCEPTED}),
        S.CANCELLED,
    ),
    V.LAPSE: (frozenset({S.INFORMATION_ASKED}), S.LAPSED),
    # not once care has begun: that record is the clinic's, and stays
    V.MARK_IN_ERROR: (
        frozenset({S.REQUESTED, S.RECEIVED, S.INFORMATION_ASKED, S.ACCEPTED, *ENDED}),
        S.IN_ERROR,
    ),
}

# whose move it is in each state
MOVER: dict[ReferralState, Mover] = {
    S.DRAFT: Mover.THERAPIST,
    S.REQUESTED: Mover.CLINIC,
    S.RECEIVED: Mover.CLINIC,
    S.INFORMATION_ASKED: Mover.THERAPIST,
    S.ACCEPTED: Mover.CLINIC,
    S.DECLINED: Mover.NOBODY,
    S.IN_PROGRESS: Mover.CLINIC,
    S.COMPLETED: Mover.NOBODY,
    S.CANCELLED: Mover.NOBODY,
    S.LAPSED: Mover.NOBODY,
    S.IN_ERROR: Mover.NOBODY,
}

EVENTS: dict[Verb, str] = {
    V.SUBMIT: "referral.submitted",
    V.RECEIVE: "referral.received",
    V.ASK: "referral.information_asked",
    V.ANSWER: "referral.answered",
    V.ACCEPT: "referral.accepted",
    V.DECLINE: "referral.declined",
    V.BEGIN: "referral.begun",
    V.COMPLETE: "referral.completed",
    V.CANCEL: "referral.cancelled",
    V.LAPSE: "referral.lapsed",
    V.MARK_IN_ERROR: "referral.entered_in_error",
}


def possible(state: str, verb: Verb) -> bool:
    """Whether `verb` can be done in `state`."""
    return state in TRANSITIONS[verb][0]


def outward(state: str, *, readiness_opened: bool) -> ReferralState:
    """What the referring side may know of a state: how the clinic answered is health information.

    Without a release that opens readiness everything after "sent" reads "received", also that it
    lapsed: this tells that the clinic had asked. What the practice did itself it knows.
    """
    own = {S.DRAFT, S.REQUESTED, S.RECEIVED, S.CANCELLED, S.IN_ERROR}
    return ReferralState(state) if readiness_opened or state in own else S.RECEIVED
