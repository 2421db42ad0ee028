"""The clinic asks for more time.

How the clinic answers is a readiness item and needs a release. That it has not answered yet is
what "received" says already, so a day and nothing else may be told without one: no words of the
clinic's, no reason. It can be sent only before the answer, and stays on the practice's page
whatever the answer was, so that it never tells when, or that, the clinic made up its mind.
"""

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.concurrency import row_of_form
from people.models import User
from referrals.actions.states import move
from referrals.enums import ReferralState, Verb
from referrals.models import InterimMessage, Referral
from referrals.permissions import check_user_can_ask_for_time
from referrals.signals import time_asked

LONGEST = timedelta(days=60)


@transaction.atomic
def ask_for_time(
    *, by: User, referral: Referral, answer_by: date, form_key: UUID
) -> InterimMessage:
    """Tell the practice by which day it hears from the clinic: one to 60 days from today.

    Confirms receipt as well, where that was not done.
    """
    check_user_can_ask_for_time(by, referral)
    referral = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    if existing := row_of_form(InterimMessage.objects, form_key, referral_id=referral.pk):
        return existing
    check_user_can_ask_for_time(by, referral)
    today = referral.clinic.today
    if not today < answer_by <= today + LONGEST:
        raise ValidationError({"answer_by": "Choose a day after today, within 60 days."})
    if referral.state == ReferralState.REQUESTED:
        referral = move(by=by, referral=referral, verb=Verb.RECEIVE)
    message = InterimMessage.objects.create(
        form_key=form_key, referral=referral, answer_by=answer_by, by=by
    )
    record("referral.time_asked", by=by, on=referral)
    time_asked.send(InterimMessage, interim=message)
    return message
