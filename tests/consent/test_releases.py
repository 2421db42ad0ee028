"""What a draft may say, who answers for a release, and how it ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions import links
from consent.actions.drafting import (
    discard_release,
    draft_release,
    edit_release,
    renew_release,
    send_for_signature,
)
from consent.actions.ending import revoke_release
from consent.actions.signing import choose_categories, decline_release
from consent.enums import (
    IN_CATEGORIES,
    OUT_CATEGORIES,
    AskedHow,
    Category,
    ReleaseState,
    RevokedBy,
)
from consent.models import Release
from kapcare.demo.past import sign_in_the_past
from people.enums import OrganizationKind
from people.registration import register
from tests.consent.test_signing import signed_fields, unless_refused
from tests.factories import make_client, make_organization, make_user

pytestmark = pytest.mark.usefixtures("referral")


# ---------------------------------------------------------------- what a draft may say


def test_it_may_not_end_before_it_begins(case):
    now = timezone.now()
    for span in ({"until": now}, {"starts_at": now + timedelta(9), "until": now + timedelta(9)}):
        with pytest.raises(ValidationError) as refused:
            case.draft_release(**span)
        assert list(refused.value.message_dict) == ["until"]
    one = Release.objects.filter(pk=case.draft_release().pk)
    unless_refused(lambda: one.update(starts_at=now, until=now))
    unless_refused(lambda: one.update(**{**signed_fields(case), "until": now - timedelta(1)}))


def test_the_service_period_may_not_be_reversed(case):
    now = timezone.now()
    with pytest.raises(ValidationError) as refused:
        case.draft_release(service_from=now, service_until=now)
    assert list(refused.value.message_dict) == ["service_until"]
    one = Release.objects.filter(pk=case.draft_release().pk)
    unless_refused(lambda: one.update(service_from=now, service_until=now))


@pytest.mark.parametrize(
    ("field", "category"),
    [
        *(("out_categories", c) for c in sorted(set(Category) - set(OUT_CATEGORIES))),
        *(("in_categories", c) for c in sorted(set(Category) - set(IN_CATEGORIES))),
        ("out_categories", "psychotherapy_notes"),
    ],
)
def test_only_offered_categories_can_be_listed(case, field, category):
    with pytest.raises(ValidationError) as refused:
        case.draft_release(**{field: [category]})
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("name", ["prescriber", "administrator", "coordinator"])
def test_the_clinics_own_staff_are_no_recipients(case, name):
    with pytest.raises(ValidationError) as refused:
        case.draft_release(recipients=[getattr(case.cast, name)])
    assert list(refused.value.message_dict) == ["recipients"]


def test_somebody_who_left_their_practice_is_no_recipient(case):
    case.cast.physician.memberships.update(ended_at=timezone.now())
    with pytest.raises(ValidationError, match="outside practice"):
        case.draft_release(recipients=[case.cast.physician])


def test_a_client_who_was_not_referred_here_is_refused(case):
    stranger = make_client(case.cast.practice)
    with pytest.raises(ValidationError, match="not been referred"):
        draft_release(by=case.cast.administrator, client=stranger, form_key=uuid4())


def test_the_same_form_twice_is_one_release(case):
    key, by = uuid4(), case.cast.administrator
    first = draft_release(by=by, client=case.client, form_key=key)
    assert draft_release(by=by, client=case.client, form_key=key) == first
    assert Release.objects.count() == 1


def test_a_form_key_of_another_client_never_gives_that_clients_release(case):
    first, client = case.draft_release(), make_client(case.cast.practice)
    register(client, case.cast.clinic)
    with pytest.raises((ValidationError, DatabaseError)), transaction.atomic():
        draft_release(by=case.cast.administrator, client=client, form_key=first.form_key)


# ---------------------------------------------------------------- who


def people_without_the_right(case) -> list:
    other = make_organization("Second Clinic", OrganizationKind.CLINIC)
    return [
        make_user("Otto Other", "administrator", other),
        case.cast.prescriber,
        case.cast.coordinator,
        case.cast.therapist,
        case.cast.superuser,
    ]


def test_only_an_administrator_of_its_clinic_touches_a_release(case):
    draft, sent, signed = case.draft_release(), case.unsigned(), case.active()
    for user in people_without_the_right(case):
        for attempt in (
            lambda by: draft_release(by=by, client=case.client, form_key=uuid4()),
            lambda by: edit_release(by=by, release=draft, terms=case.terms()),
            lambda by: send_for_signature(by=by, release=draft),
            lambda by: discard_release(by=by, release=draft),
            lambda by: renew_release(by=by, release=signed),
            lambda by: links.hand_over(by=by, release=sent),
            lambda by: links.make_signing_link(by=by, release=sent),
            lambda by: links.make_client_link(by=by, client=case.client),
            lambda by: revoke_release(
                by=by,
                release=signed,
                asked_by=RevokedBy.CLIENT,
                asked_how=AskedHow.PHONE,
                reason="x",
            ),
        ):
            with pytest.raises((PermissionDenied, ValidationError)) as refused:
                attempt(user)
            # An administrator elsewhere learns only that the client is not theirs.
            assert refused.type is PermissionDenied or "not been referred" in str(refused.value)
    assert Release.objects.signed().get().revoked_at is None


# ---------------------------------------------------------------- no, and no longer


def on_screen(case, release):
    return links.hand_over(by=case.cast.administrator, release=release)


def test_declining_needs_no_signature_and_is_final(case):
    release = decline_release(link=on_screen(case, case.unsigned()))
    assert release.state(timezone.now()) == ReleaseState.DECLINED
    with pytest.raises(ValidationError, match="has answered"):
        case.sign(release)
    with pytest.raises(ValidationError, match="has answered"):
        edit_release(by=case.cast.administrator, release=release, terms=case.terms())


def test_ticking_nothing_is_told_to_say_no_instead(case):
    with pytest.raises(ValidationError, match="Don’t share"):
        choose_categories(link=on_screen(case, case.unsigned()), shared=[])


def test_revoking_twice_changes_nothing_the_second_time(case):
    first = case.revoke(case.active())
    again = case.revoke(first)
    assert again.revoked_at == first.revoked_at
    assert AuditEvent.objects.filter(event="release.revoked").count() == 1
    assert again.state(first.revoked_at) == ReleaseState.REVOKED
    assert again.state(first.revoked_at - timedelta(microseconds=1)) == ReleaseState.ACTIVE


def test_only_what_was_signed_is_revoked_and_with_a_reason(case):
    with pytest.raises(ValidationError, match="not signed"):
        case.revoke(case.unsigned())
    with pytest.raises(ValidationError, match="why"):
        case.revoke(case.active(), reason="  ")
    one = Release.objects.filter(pk=case.active().pk)
    unless_refused(lambda: one.update(revoked_at=timezone.now()))


def test_the_state_at_every_edge(case):
    tick, now = timedelta(microseconds=1), timezone.now()
    release = sign_in_the_past(
        case.unsigned(starts_at=now - timedelta(days=2)),
        signed_at=now - timedelta(days=3),
        until=now - timedelta(days=1),
    )
    begins, ends = release.starts_at, release.until
    assert [release.state(begins - tick), release.state(begins)] == ["future", "active"]
    assert [release.state(ends - tick), release.state(ends)] == ["active", "expired"]
    assert not Release.objects.in_force(begins - tick).exists()
    assert Release.objects.in_force(begins).exists()
    assert Release.objects.in_force(ends - tick).exists()
    assert not Release.objects.in_force(ends).exists()
