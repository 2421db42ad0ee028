"""Cases on an agenda: taken on for what the record says, or by hand; taken off; invitations."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category, Sensitivity
from people.concurrency import row_of_form
from people.models import User
from referrals.models import Referral
from reminders.conferences.actions.planning import (
    check_on_agenda,
    check_standing,
    locked,
    locked_case,
)
from reminders.conferences.facts import proposal_of
from reminders.conferences.needs import Need
from reminders.conferences.people import invitable
from reminders.conferences.permissions import check_user_confers
from reminders.enums import ReasonKind
from reminders.models import (
    CATEGORY_OF_REASON,
    SAID_OF,
    Conference,
    ConferenceCase,
    ConferenceDecision,
    ConferenceInvitation,
    ConferenceReason,
)
from reminders.signals import (
    conference_invited,
)

OVER = "This conference is over. Put the case on the agenda of the next one."


@transaction.atomic
def take_case(
    *, by: User, conference: Conference, referral: Referral, form_key: UUID
) -> ConferenceCase:
    """Onto the agenda, with the reasons that the record gives at this moment. A case that stands
    there already is given back; raises ValidationError where nothing needs it."""
    conference = _open(by, conference)
    if existing := _existing(conference, referral, form_key):
        return existing
    proposal = proposal_of(by, conference, referral)
    if not proposal.needs:
        raise ValidationError("Nothing in the record asks for this case. Put it on by hand.")
    case = _add(by, conference, referral, form_key)
    for need in proposal.needs:
        _give_reason(case, need)
    return case


@transaction.atomic
def add_by_hand(
    *,
    by: User,
    conference: Conference,
    referral: Referral,
    form_key: UUID,
    why: str,
    category: str,
    substance_use: bool = False,
) -> ConferenceCase:
    """Onto the agenda for a reason in words (up to 300 characters) of one of SAID_OF, beside what
    the record gives; one that stands there already gets the reason, too."""
    conference = _open(by, conference)
    check_said("why", why, category)
    case = _existing(conference, referral, form_key)
    if case is None:
        case = _add(by, conference, referral, form_key)
        for need in proposal_of(by, conference, referral).needs:
            _give_reason(case, need)
    same = ConferenceReason.unscoped.filter(case=case, text=why.strip())
    if not case.taken_off_at and not same.exists():
        _write_reason(
            case,
            by=by,
            kind=ReasonKind.BY_HAND,
            text=why.strip(),
            category=category,
            sensitivities=marked(substance_use),
            occurred_at=timezone.now(),
        )
    return case


@transaction.atomic
def take_off(*, by: User, case: ConferenceCase, why: str) -> ConferenceCase:
    """Off the agenda, with a reason that stays at the clinic; before anything is decided."""
    check_user_confers(by, case.author_organization_id)
    locked(case.conference)
    case = locked_case(case)
    if not why.strip():
        raise ValidationError({"why": "Say in a few words why."})
    if case.taken_off_at:
        return case
    if ConferenceDecision.unscoped.filter(case=case).exists():
        raise ValidationError("Something was decided about this case. It stays in the minutes.")
    case.taken_off_at, case.taken_off_by, case.taken_off_why = timezone.now(), by, why.strip()
    case.save(update_fields=["taken_off_at", "taken_off_by", "taken_off_why"])
    record("conference.case_removed", by=by, on=case)
    return case


@transaction.atomic
def invite(
    *, by: User, case: ConferenceCase, people: Collection[int]
) -> list[ConferenceInvitation]:
    """Ask people of the referring practice, by id, to join for this case. Nobody is asked twice;
    raises ValidationError for somebody to whom no release opens that it is talked over."""
    conference = _open(by, case.conference)
    case = locked_case(case)
    check_on_agenda(case)
    rows = ConferenceInvitation.objects.filter(case=case).select_related("person")
    asked = {row.person_id: row for row in rows}
    possible = {each.user_id for each in invitable(case, [row.person for row in rows])}
    if not people:
        raise ValidationError({"people": "Choose whom to invite."})
    if not set(people) <= possible | asked.keys():
        raise ValidationError({"people": "No release in force lets them know of it."})
    found = []
    for person in sorted(set(people) - asked.keys()):
        row = ConferenceInvitation.objects.create(case=case, person_id=person, invited_by=by)
        record("conference.invited", by=by, on=case, person=person, conference=conference.pk)
        conference_invited.send(ConferenceInvitation, invitation=row, by=by)
        found.append(row)
    return found


# ---------------------------------------------------------------- what is checked
def _open(by: User, conference: Conference) -> Conference:
    """The conference, locked: neither over nor called off."""
    conference = locked(conference)
    check_user_confers(by, conference.series.clinic_id)
    check_standing(conference)
    if conference.is_over(timezone.now()):
        raise ValidationError(OVER)
    return conference


def _existing(conference: Conference, referral: Referral, form_key: UUID) -> ConferenceCase | None:
    made = {"conference_id": conference.pk, "referral_id": referral.pk}
    return row_of_form(ConferenceCase.unscoped, form_key, **made) or _standing(conference, referral)


def _standing(conference: Conference, referral: Referral) -> ConferenceCase | None:
    rows = ConferenceCase.unscoped.filter(conference=conference, referral=referral)
    return rows.filter(taken_off_at=None).first()


def check_said(name: str, text: str, category: str) -> None:
    if not text.strip():
        raise ValidationError({name: "Say it in a sentence."})
    if category not in SAID_OF:
        raise ValidationError({"category": "Choose what it is about."})


# ---------------------------------------------------------------- what is written
def _add(by: User, conference: Conference, referral: Referral, form_key: UUID) -> ConferenceCase:
    case = ConferenceCase.unscoped.create(
        form_key=form_key,
        conference=conference,
        referral=referral,
        client_id=referral.client_id,
        category=Category.INTEGRATION,
        author=by,
        author_organization_id=conference.series.clinic_id,
        occurred_at=timezone.now(),
    )
    record("conference.case_added", by=by, on=case, conference=conference.pk)
    return case


def _give_reason(case: ConferenceCase, need: Need) -> None:
    _write_reason(
        case,
        by=case.author,
        kind=need.kind,
        detail=need.detail,
        category=CATEGORY_OF_REASON[need.kind],
        sensitivities=need.sensitivities,
        occurred_at=need.at,
    )


def _write_reason(case: ConferenceCase, *, by: User, **fields: Any) -> ConferenceReason:
    row = ConferenceReason.unscoped.create(
        case=case,
        client_id=case.client_id,
        author=by,
        author_organization_id=case.author_organization_id,
        **fields,
    )
    record("conference.reason", by=by, on=row, kind=row.kind)
    return row


def marked(substance_use: bool) -> frozenset[str]:
    return frozenset([Sensitivity.SUBSTANCE_USE] if substance_use else [])
