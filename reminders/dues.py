"""What somebody has to see to, besides doses, windows, notes and referrals: for the day's page.

Each rule is asked where it lives; here it is only gathered, said in one line, and put in order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from people.credentials.listing import expiring_credentials
from people.enums import CLINICAL_ROLES, TREATING_ROLES, Role
from people.formats import amount, day, moment
from people.merging import MAY_MERGE, likely_pairs
from people.models import Client, User
from people.permissions import RESPONSIBLE, allowed
from referrals.enums import MessageKind
from referrals.messaging import waiting_at_clinic
from reminders.conferences.reading import open_decisions
from sessions.actions.gates import check_user_can_review
from sessions.adverse_events import unreviewed_adverse_events
from sessions.aftercare import CheckState
from sessions.due import (
    delayed_checks_due,
    doses_without_consent,
    open_follow_ups,
    papers_to_verify,
)
from sessions.models import GateOverride
from sessions.permissions import STOCK_ROLES, check_user_can_confirm, check_user_can_resolve
from sessions.stock import notice_due, open_discrepancies, waiting_for_second_person

SOON = timedelta(days=7)  # how far ahead a decision of a conference is shown


@dataclass(frozen=True)
class Due:
    """One line: what, about whom if anybody, since or until when, and the page where it is done.

    `mine`: it is this person's to do, and not merely the clinic's.
    """

    what: str
    text: str
    url: str
    mine: bool
    client: Client | None = None
    overdue: bool = False


def dues(user: User, now: datetime) -> list[Due]:
    """What waits at the clinic where `user` works with clients: overdue first, their own before
    what is anybody's."""
    if user.membership is None:
        return []
    found = [due for tell in TOLD for due in tell(user, user.membership, now)]
    return sorted(found, key=lambda due: (not due.overdue, not due.mine))


def duplicates(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    """One line for all of them: the pairs stand on their own page."""
    if count := len(likely_pairs(membership.organization_id)):
        text = (
            "Two records that may be of one person"
            if count == 1
            else "Pairs of records that may be of one person each"
        )
        what = "1 likely duplicate" if count == 1 else f"{count} likely duplicates"
        yield Due(
            what, text, reverse("referrals:duplicates"), mine=membership.role == Role.COORDINATOR
        )


def lost_consents(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    for dose, words in doses_without_consent(membership.organization, now):
        yield Due(
            f"Consent to treatment: {words}",
            f"Dose {dose.number} is planned for {moment(dose.planned_at)}",
            reverse("care:consent", args=[dose.episode_id]),
            mine=True,
            client=dose.episode.client,
        )


def papers(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    for paper, episode in papers_to_verify(membership.organization):
        yield Due(
            "Verify a signed paper",
            f"{paper.consent.number}, copied by {paper.transcribed_by}, "
            f"{moment(paper.transcribed_at)}",
            reverse("care:consent_verify", args=[episode.pk]),
            mine=paper.transcribed_by_id != user.pk,
            client=episode.client,
        )


def messages(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    """What practices wrote and a release opens: until somebody opens it, questions until they are
    answered."""
    for row in waiting_at_clinic(user, now):
        what = MessageKind(row.kind).label
        yield Due(
            f"Urgent message: {what.lower()}" if row.urgent else f"Message: {what.lower()}",
            f"{row.author}, {moment(row.occurred_at)}",
            reverse("referrals:messages", args=[row.referral_id]),
            mine=row.urgent,
            client=row.client,
        )


def follow_ups(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    today = membership.organization.day_of(now)
    for row in open_follow_ups(membership.organization):
        by = f"{row.follow_up_by}, by {day(row.follow_up_due)}"
        yield Due(
            f"Follow up: {row.get_challenge_display().lower()}",
            by,
            reverse("care:follow_up", args=[row.pk]),
            mine=row.follow_up_by_id == user.pk,
            client=row.episode.client,
            overdue=bool(row.follow_up_due and row.follow_up_due < today),
        )


def calls(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    for dose, state in delayed_checks_due(membership.organization, now):
        yield Due(
            f"Ask how they are after dose {dose.number}",
            f"Given {moment(dose.given_at)}",
            reverse("care:delayed_check", args=[dose.pk]),
            mine=dose.given_by_id == user.pk,
            client=dose.episode.client,
            overdue=state == CheckState.OVERDUE,
        )


def adverse_events(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    events = unreviewed_adverse_events(membership.organization)
    for event in sorted(events, key=lambda event: -event.now.severity):
        yield Due(
            f"Review an adverse event, {event.now.get_severity_display().lower()}",
            moment(event.at),
            reverse("care:adverse_event", args=[event.pk]),
            mine=membership.role == Role.PRESCRIBER,
            client=event.episode.client,
        )


def lifted_gates(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    rows = GateOverride.objects.filter(
        dosing__episode__clinic=membership.organization_id, review=None
    )
    for row in rows.select_related("dosing__episode__client", "overridden_by"):
        yield Due(
            f"Review what was lifted: {row.get_gate_display().lower()}",
            f"{row.overridden_by}, {moment(row.overridden_at)}",
            reverse("care:overrides"),
            mine=allowed(check_user_can_review, user, row),
            client=row.dosing.episode.client,
        )


def drug_log(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    today = membership.organization.day_of(now)
    for row in open_discrepancies(membership.organization):
        yield Due(
            "A count does not fit the drug log",
            str(row.entry.vial),
            reverse("care:discrepancy", args=[row.pk]),
            mine=allowed(check_user_can_resolve, user, row),
            overdue=notice_due(row.entry.day) < today,
        )
    for entry in waiting_for_second_person(membership.organization):
        yield Due(
            f"A second person confirms: {entry.get_kind_display().lower()}",
            f"{amount(entry.amount_mg)}, {entry.vial}, by {entry.recorded_by}, {moment(entry.at)}",
            reverse("care:stock_entry", args=[entry.pk]),
            mine=allowed(check_user_can_confirm, user, entry),
        )


def credentials(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    clinic = membership.organization
    today = clinic.day_of(now)
    for row in expiring_credentials(clinic, today):
        assert row.expires_on
        if row.person_id != user.pk and membership.role not in RESPONSIBLE:
            continue
        own, noun = row.person_id == user.pk, type(row).__name__.lower()
        yield Due(
            f"Your {noun} ends" if own else f"The {noun} of {row.person} ends",
            f"{row}, last day {day(row.expires_on)}",
            reverse("people:own") if own else reverse("people:person", args=[row.person_id]),
            mine=own,
            overdue=row.expires_on < today,
        )


def conference_decisions(user: User, membership: Any, now: datetime) -> Iterator[Due]:
    """What was decided at a case conference and is due within a week, or overdue; whose it is."""
    today = membership.organization.day_of(now)
    for row in open_decisions(user, now):
        if row.due_on > today + SOON:
            continue
        yield Due(
            f"Decided at the conference: {row.text}",
            f"{row.owner}, by {day(row.due_on)}",
            reverse("reminders:conference_case", args=[row.case.conference_id, row.case_id]),
            mine=row.owner_id == user.pk,
            client=row.case.referral.client,
            overdue=row.due_on < today,
        )


def _for(roles: Iterable[str], tell):
    def told(user: User, membership: Any, now: datetime) -> Iterator[Due]:
        return tell(user, membership, now) if membership.role in roles else iter(())

    return told


TOLD = (
    _for({Role.PRESCRIBER, Role.COORDINATOR}, lost_consents),
    _for(CLINICAL_ROLES, papers),
    messages,
    _for(TREATING_ROLES, follow_ups),
    _for(TREATING_ROLES, calls),
    _for(TREATING_ROLES, adverse_events),
    _for(TREATING_ROLES, lifted_gates),
    _for(STOCK_ROLES | {Role.KAP_THERAPIST}, drug_log),
    conference_decisions,
    credentials,
    _for(MAY_MERGE, duplicates),
)
