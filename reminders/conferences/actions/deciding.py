"""Decisions of a conference: made, corrected by another one, done once."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category
from people.concurrency import row_of_form
from people.models import User
from reminders.conferences.actions.agenda import check_said, marked
from reminders.conferences.actions.planning import (
    check_on_agenda,
    check_standing,
    locked,
    locked_case,
)
from reminders.conferences.people import may_read, on_case, staff
from reminders.conferences.permissions import check_user_can_tick_off, check_user_confers
from reminders.models import ConferenceCase, ConferenceDecision
from reminders.signals import decision_made

UNREAD = (
    "No release in force lets them read this. Choose somebody else, or another subject, "
    "and tell them by phone."
)


@transaction.atomic
def decide(
    *,
    by: User,
    case: ConferenceCase,
    form_key: UUID,
    text: str,
    owner: User,
    due_on: date,
    category: str = Category.INTEGRATION,
    substance_use: bool = False,
    replaces: ConferenceDecision | None = None,
) -> ConferenceDecision:
    """What is to be done, by whom and until which day; once the conference has begun.

    The owner is of the clinic's staff, or of the practice on the case and then able to read it.
    `replaces`: a decision about the same case that this one corrects, not done and not replaced.
    The same form sent twice is one. Raises ValidationError for what does not fit.
    """
    check_user_confers(by, case.author_organization_id)
    conference = locked(case.conference)
    case = locked_case(case)
    if existing := row_of_form(ConferenceDecision.unscoped, form_key, case_id=case.pk):
        return existing
    check_standing(conference)
    check_on_agenda(case)
    if not conference.has_begun(timezone.now()):
        raise ValidationError("This conference has not begun. Nothing is decided yet.")
    check_said("text", text, category)
    if due_on < conference.series.clinic.today:
        raise ValidationError({"due_on": "This day is over. Choose today or a later one."})
    _check_replaces(case, replaces)
    assert by.membership
    decision = ConferenceDecision(
        form_key=form_key,
        case=case,
        client_id=case.client_id,
        category=category,
        sensitivities=marked(substance_use),
        author=by,
        author_organization_id=by.membership.organization_id,
        occurred_at=timezone.now(),
        text=text.strip(),
        owner=owner,
        due_on=due_on,
        replaces=replaces,
    )
    _check_owner(decision)
    decision.full_clean(exclude=["case", "client", "author", "author_organization", "replaces"])
    decision.save()
    detail: dict[str, Any] = {"replaces": replaces.pk} if replaces else {}
    record("decision.made", by=by, on=decision, owner=owner.pk, category=category, **detail)
    decision_made.send(ConferenceDecision, decision=decision, by=by)
    return decision


@transaction.atomic
def tick_off(*, by: User, decision: ConferenceDecision) -> ConferenceDecision:
    """It was done: by the clinic's staff, or by its owner. Twice is once; raises ValidationError
    for one that was replaced."""
    rows = ConferenceDecision.unscoped.select_for_update(of=("self",), no_key=True)
    decision = rows.select_related("case").get(pk=decision.pk)
    check_user_can_tick_off(by, decision)
    if decision.done_at:
        return decision
    if is_replaced(decision):
        raise ValidationError("Another decision has taken the place of this one.")
    decision.done_at, decision.done_by = timezone.now(), by
    decision.save(update_fields=["done_at", "done_by"])
    record("decision.done", by=by, on=decision)
    return decision


def is_replaced(decision: ConferenceDecision) -> bool:
    return ConferenceDecision.unscoped.filter(replaces=decision).exists()


def _check_owner(decision: ConferenceDecision) -> None:
    clinic, referral = decision.author_organization_id, decision.case.referral
    if decision.owner_id in {each.user_id for each in staff(clinic)}:
        return
    if decision.owner_id not in {each.user_id for each in on_case(referral)}:
        raise ValidationError({"owner": "Choose somebody of the clinic, or of the practice."})
    if not may_read(decision.owner, decision):
        raise ValidationError({"owner": UNREAD})


def _check_replaces(case: ConferenceCase, replaces: ConferenceDecision | None) -> None:
    if replaces is None:
        return
    rows = ConferenceDecision.unscoped.select_for_update(of=("self",), no_key=True)
    replaces = rows.get(pk=replaces.pk)
    if replaces.case_id != case.pk or replaces.done_at or is_replaced(replaces):
        raise ValidationError("The decision that this corrects is done, or replaced already.")
