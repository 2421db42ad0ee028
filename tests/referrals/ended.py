"""A referral that went every way to its end, for tests that need one row of each kind."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from people.merging import merge_clients, tell_apart
from referrals.actions.closing import cancel_referral, reopen_referral
from referrals.actions.interim import ask_for_time
from referrals.models import Nudge
from tests.builder import Builder


def went_every_way(case) -> None:
    """Another client's: promised, nudged about, withdrawn and taken up; that client and the case's
    are told apart and then held to be one."""
    cast, other = case.cast, Builder(case.cast)
    day = cast.clinic.today + timedelta(days=9)
    referral = other.send()
    ask_for_time(by=cast.coordinator, referral=referral, answer_by=day, form_key=uuid4())
    Nudge.objects.create(referral=referral, since=referral.state_since, at=timezone.now())
    referral.refresh_from_db()
    referral = cancel_referral(by=other.referrer, referral=referral, reason="elsewhere")
    reopen_referral(by=other.referrer, referral=referral, note="x", form_key=uuid4())
    both = {"by": cast.coordinator, "clinic": cast.clinic}
    tell_apart(**both, one=case.client, other=other.client)
    pair = {"merged": other.client, "survivor": case.client}
    merge_clients(**both, **pair, reason="x", form_key=uuid4())
