"""What a person may know of how a referral stands: it rests on what was disclosed."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from consent.access import Access, Reader
from consent.disclosure import disclose
from consent.enums import Category, Channel, Direction, Effect
from consent.models import Release
from people.models import User
from referrals.enums import ReferralState, ReplyKind, Verb
from referrals.models import ClinicReply, Closing, ContextItem, Cover, Referral
from referrals.transitions import outward, possible
from referrals.waiting import Waiting, waiting

S = ReferralState
SAID_BY = {
    S.INFORMATION_ASKED: ReplyKind.ASKED,
    S.ACCEPTED: ReplyKind.ACCEPTED,
    S.IN_PROGRESS: ReplyKind.ACCEPTED,
    S.COMPLETED: ReplyKind.ACCEPTED,
    S.DECLINED: ReplyKind.DECLINED,
}


def own_context(user: User, referral: Referral) -> list[ContextItem]:
    """What the practice wrote, for its own eyes."""
    disclosed = disclose(
        to=Reader.of(user),
        about={referral.client_id},
        kinds={ContextItem: Q(referral=referral)},
        channel=Channel.PAGE,
    )
    return disclosed.of(ContextItem)


def standing(referral: Referral, now: datetime, *, unheard: bool) -> Waiting:
    """How it stands at the clinic. A question that nobody could read leaves the move with the
    clinic: it needs a release. Its `reply_days` were read with it."""
    return waiting(
        referral.state,
        begun=referral.created_at,
        sent=referral.submitted_at,
        since=referral.state_since,
        now=now,
        reply_days=referral.reply_days,
        promised=referral.promised,
        unheard=unheard,
    )


# What may be taken up again by a new referral.
REOPENED = frozenset({S.CANCELLED, S.DECLINED, S.LAPSED, S.COMPLETED})
# A reply is written in the same transaction as the move, a moment before or after it.
MOMENT = timedelta(seconds=5)


def known_state(
    referral: Referral, replies: Collection[ClinicReply], closings: Collection[Closing]
) -> ReferralState:
    """The state as its reader may know it: what the clinic decided, by a reply they may read; that
    time closed it or the practice took it back, by a closing they may read."""
    closed = [c for c in closings if c.referral_id == referral.pk]
    if any(c.in_error for c in closed):
        return S.IN_ERROR
    said = SAID_BY.get(ReferralState(referral.state))
    mine = [r for r in replies if r.referral_id == referral.pk and r.kind == said]
    if said == ReplyKind.ASKED:  # asked again: only the newest question says so
        mine = [r for r in mine if r.occurred_at >= referral.state_since - MOMENT]
    lapsed = referral.state == S.LAPSED and bool(closed)
    return outward(referral.state, readiness_opened=bool(mine) or lapsed)


def knows_it_closed(user: User, referral: Referral, at: datetime) -> bool:
    """Whether `user` may know that it is closed. It shows nothing, and so no disclosure is made."""
    access = Access.load(Reader.of(user), {referral.client_id}, at)
    replies, closings = (
        list(model.objects.readable_by(access).filter(referral=referral))
        for model in (ClinicReply, Closing)
    )
    return known_state(referral, replies, closings) in REOPENED


def unheard(referrals: Collection[Referral], at: datetime) -> set[int]:
    """The clinic's questions that the referrer cannot have read: no release brings them over.

    A hint for the clinic's queue, in one query; what anybody may read is the decision's to say.
    """
    asked = [r for r in referrals if r.state == S.INFORMATION_ASKED]
    carried = set(
        Release.objects.in_force(at)
        .filter(
            client__in=[r.client_id for r in asked],
            categories__category=Category.READINESS,
            categories__direction=Direction.OUT,
            categories__effect=Effect.PERMIT,
            recipients__revoked_at=None,
        )
        .values_list("client_id", "organization_id", "recipients__organization_id")
    )
    return {r.pk for r in asked if (r.client_id, r.clinic_id, r.practice_id) not in carried}


def reads_all(
    access: Access, referral: Referral, category: Category, *, since: datetime | None = None
) -> bool:
    """Whether this reader may read all that the clinic writes of a category since then."""
    return all(
        access.decide(
            ClinicReply(
                client_id=referral.client_id,
                category=category,
                author_organization_id=referral.clinic_id,
                occurred_at=moment,
            )
        ).permitted
        for moment in (since or access.at, access.at)
    )


def covering(user: User, referral: Referral, at: datetime) -> Cover | None:
    """By which cover `user` is on this case at the moment `at`; None where it is not by one."""
    covers = Cover.objects.in_force(at).filter(colleague=user, covered=referral.referrer_id)
    return covers.select_related("covered").order_by("-until").first()


def may_withdraw(referral: Referral, known: ReferralState, access: Access) -> bool:
    """Whether withdrawing is offered: by what the practice may know, so that it tells no more.

    Somebody who cannot learn the clinic's answer is told to call from "received" on, whether or
    not it has answered.
    """
    if known in (S.DRAFT, S.REQUESTED):
        return True
    learns = reads_all(access, referral, Category.READINESS, since=referral.submitted_at)
    return learns and possible(referral.state, Verb.CANCEL)
