"""Renewing a release, and putting a draft away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.drafting import (
    discard_release,
    edit_release,
    renew_release,
    send_for_signature,
    terms_of,
)
from consent.clock import database_now
from consent.documents.elements import missing_elements
from consent.enums import ReleaseState, Sensitivity, Step
from consent.models import Release
from people.enums import OrganizationKind, Role
from tests.consent.drafts import fresh
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.usefixtures("referral")


# ------------------------------------------------------------------ renewing


def renewed(case, release) -> Release:
    return fresh(renew_release(by=case.cast.administrator, release=release))


def test_renewing_carries_everything_over_but_the_days(case):
    signed = case.active(
        roles=[(case.cast.primary_care, Role.PHYSICIAN)],
        contacts=[case.contact()],
        sensitivities=[Sensitivity.SUBSTANCE_USE],
        witness_required=False,
    )
    draft = renewed(case, signed)
    assert terms_of(draft) == replace(terms_of(fresh(signed)), until=None)
    assert draft.supersedes == signed
    assert [m.step for m in missing_elements(draft)] == [Step.UNTIL]
    assert AuditEvent.objects.filter(event="release.renewed").count() == 1


def test_renewing_twice_gives_the_one_draft_that_waits(case):
    signed = case.active()
    assert renewed(case, signed) == renewed(case, signed)
    assert AuditEvent.objects.filter(event="release.renewed").count() == 1


def test_a_renewal_leaves_out_who_has_left_the_practice(case):
    signed = case.active(recipients=[case.referrer, case.cast.physician])
    case.cast.physician.memberships.update(ended_at=timezone.now())
    assert terms_of(renewed(case, signed)).recipients == [case.referrer]


def test_a_renewal_does_not_bring_back_whom_the_client_withdrew(case):
    """For one recipient it was withdrawn: that one has to be named anew."""
    signed = case.active(recipients=[case.referrer, case.cast.physician], contacts=[case.contact()])
    for gone in signed.recipients.exclude(user=case.referrer):
        case.revoke(signed, recipient=gone)
    terms = terms_of(renewed(case, signed))
    assert (terms.recipients, terms.contacts) == ([case.referrer], [])


def test_a_renewal_counts_once_it_is_signed_anew(case):
    signed = case.active()
    draft = renewed(case, signed)
    assert fresh(signed).state(database_now()) == ReleaseState.ACTIVE
    terms = replace(terms_of(draft), until=timezone.now() + timedelta(days=60))
    edit_release(by=case.cast.administrator, release=draft, terms=terms)
    case.sign(send_for_signature(by=case.cast.administrator, release=draft))
    assert fresh(signed).state(database_now()) == ReleaseState.SUPERSEDED


# ------------------------------------------------------------------ putting away


def test_putting_a_draft_away_twice_is_one_act(case):
    release = case.unsigned()
    for _ in range(2):
        release = discard_release(by=case.cast.administrator, release=release)
    assert release.state(database_now()) == ReleaseState.DISCARDED
    assert AuditEvent.objects.filter(event="release.discarded").count() == 1
    with pytest.raises(ValidationError, match="was discarded"):
        case.sign(release)


def test_a_renewal_that_was_put_away_makes_room_for_another(case):
    signed = case.active()
    first = renewed(case, signed)
    discard_release(by=case.cast.administrator, release=first)
    assert renewed(case, signed) != first


def test_a_signed_release_is_never_put_away(case):
    with pytest.raises(ValidationError, match="has answered"):
        discard_release(by=case.cast.administrator, release=case.active())


def test_only_an_administrator_of_the_clinic_renews_and_puts_away(case):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    others = [
        make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere),
        case.cast.prescriber,
        case.cast.therapist,
        case.cast.superuser,
    ]
    signed, draft = case.active(), case.draft_release()
    for by in others:
        for act, release in ((renew_release, signed), (discard_release, draft)):
            with pytest.raises(PermissionDenied):
                act(by=by, release=release)
