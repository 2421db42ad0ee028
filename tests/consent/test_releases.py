"""A release is signed whole or not at all, and only its own clinic answers for it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from consent import actions
from consent.actions import choose_categories, decline_release, draft_release, edit_release
from consent.enums import IN_CATEGORIES, OUT_CATEGORIES, Category, ReleaseState, RevokedBy, Signer
from consent.models import Release
from consent.text import as_text, sha256
from people.enums import OrganizationKind
from people.registration import register
from tests.builder import sign_in_the_past
from tests.factories import make_client, make_organization, make_user

pytestmark = pytest.mark.usefixtures("referral")

MISSING = {
    "Name who receives it": {"recipients": []},
    "Tick at least one category of information": {"out_categories": [], "in_categories": []},
    "State at least one purpose": {"purposes": {}},
    "Give the date on which it ends": {"until": None},
    "Say how the client can withdraw it in writing": {"revocation_how": "  "},
}


def unless_refused(write) -> None:
    """`write` must be refused by the database itself."""
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def signed_fields(case) -> dict:
    return {
        "signed_at": timezone.now(),
        "signer": Signer.CLIENT,
        "signer_name": case.client.full_name,
        "electronic_agreed": True,
        "text": "text",
        "text_sha256": sha256("text"),
        "witnessed_by": case.cast.administrator,
    }


# ---------------------------------------------------------------- whole or not at all


@pytest.mark.parametrize(("sentence", "lacking"), MISSING.items(), ids=MISSING)
def test_a_draft_that_lacks_an_element_is_not_sent_and_says_which(case, sentence, lacking):
    release = case.draft_release(**lacking)
    with pytest.raises(ValidationError) as refused:
        actions.send_for_signature(by=case.cast.administrator, release=release)
    assert refused.value.messages == [f"{sentence}."]
    release.refresh_from_db()
    assert release.sent_at is None


def test_every_missing_element_is_named_at_once(case):
    nothing = {name: value for lacking in MISSING.values() for name, value in lacking.items()}
    with pytest.raises(ValidationError) as refused:
        case.unsigned(**nothing)
    assert refused.value.messages == [f"{sentence}." for sentence in MISSING]


def test_a_clinic_without_an_address_cannot_send(case):
    case.cast.clinic.address = ""
    case.cast.clinic.save()
    with pytest.raises(ValidationError, match="postal address"):
        case.unsigned()


@pytest.mark.parametrize("lacking", MISSING.values(), ids=MISSING)
def test_the_database_itself_refuses_to_sign_what_lacks_an_element(case, lacking):
    release = case.draft_release(**lacking)
    if "revocation_how" in lacking:
        Release.objects.filter(pk=release.pk).update(revocation_how="")
    one = Release.objects.filter(pk=release.pk)
    unless_refused(lambda: one.update(**signed_fields(case)))


@pytest.mark.parametrize(
    "lacking",
    [
        {"signer": ""},
        {"signer_name": ""},
        {"electronic_agreed": False},
        {"text": ""},
        {"text_sha256": ""},
        {"witnessed_by": None},
        {"until": None},
        {"signer": Signer.REPRESENTATIVE, "signer_authority": ""},
        {"declined_at": timezone.now()},
    ],
    ids=str,
)
def test_the_database_itself_refuses_half_a_signature(case, lacking):
    one = Release.objects.filter(pk=case.draft_release().pk)
    unless_refused(lambda: one.update(**{**signed_fields(case), **lacking}))
    unless_refused(lambda: one.update(signed_at=timezone.now()))
    one.update(**signed_fields(case))


def test_where_the_client_declined_everything_the_database_does_not_sign(case):
    release = case.unsigned()
    release.categories.update(effect="deny")
    unless_refused(lambda: Release.objects.filter(pk=release.pk).update(**signed_fields(case)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signer_name": ""}, "signer_name"),
        ({"signer_name": "Somebody Else"}, "signer_name"),
        ({"electronic_agreed": False}, "electronic_agreed"),
        ({"signer": Signer.REPRESENTATIVE, "signer_name": "Pat Parent"}, "signer_authority"),
    ],
)
def test_signing_names_the_field_to_mend(case, changes, field):
    release = case.unsigned()
    with pytest.raises(ValidationError) as refused:
        case.sign(release, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Release.objects.signed().exists()


def test_a_draft_that_was_not_sent_cannot_be_signed(case):
    with pytest.raises(ValidationError, match="still a draft"):
        case.sign(case.draft_release())


def test_what_is_signed_is_the_exact_text_that_was_shown(case):
    release = case.unsigned()
    shown = as_text(release)
    signed = case.sign(release)
    assert (signed.text, signed.text_sha256) == (shown, sha256(shown))
    assert case.client.full_name in shown
    assert AuditEvent.objects.get(event="release.signed").detail == {"text_sha256": sha256(shown)}


def test_a_text_that_changed_after_it_was_shown_is_not_signed(case):
    release = case.unsigned()
    shown = sha256(as_text(release))
    choose_categories(
        by=case.cast.administrator, release=release, shared={("out", Category.SCHEDULE)}
    )
    with pytest.raises(ValidationError, match="The text has changed"):
        case.sign(release, shown_sha256=shown)
    with pytest.raises(ValidationError, match="The text has changed"):
        case.sign(release, shown_sha256="")


def test_editing_after_sending_takes_it_back_to_a_draft(case):
    release = case.unsigned()
    release = edit_release(by=case.cast.administrator, release=release, terms=case.terms())
    assert release.state(timezone.now()) == ReleaseState.DRAFT
    with pytest.raises(ValidationError, match="still a draft"):
        case.sign(release)


def test_a_representative_signs_with_their_authority(case):
    signed = case.sign(
        case.unsigned(),
        signer=Signer.REPRESENTATIVE,
        signer_name="Pat Parent",
        signer_authority="Guardian",
    )
    assert signed.signer_authority == "Guardian"


def test_what_would_already_be_over_is_not_signed(case):
    release = case.unsigned()
    Release.objects.filter(pk=release.pk).update(until=timezone.now() - timedelta(seconds=1))
    release.refresh_from_db()
    with pytest.raises(ValidationError, match="already be over"):
        case.sign(release)


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
            lambda by: actions.send_for_signature(by=by, release=draft),
            lambda by: choose_categories(by=by, release=sent, shared=[("out", "schedule")]),
            lambda by: decline_release(by=by, release=sent),
            lambda by: actions.sign_release(
                by=by,
                release=sent,
                signer=Signer.CLIENT,
                signer_name=case.client.full_name,
                electronic_agreed=True,
                shown_sha256=sha256(as_text(sent)),
            ),
            lambda by: actions.revoke_release(
                by=by, release=signed, asked_by=RevokedBy.CLIENT, reason="x"
            ),
        ):
            with pytest.raises((PermissionDenied, ValidationError)) as refused:
                attempt(user)
            # An administrator elsewhere learns only that the client is not theirs.
            assert refused.type is PermissionDenied or "not been referred" in str(refused.value)
    assert Release.objects.signed().get().revoked_at is None


# ---------------------------------------------------------------- no, and no longer


def test_declining_needs_no_signature_and_is_final(case):
    release = decline_release(by=case.cast.administrator, release=case.unsigned())
    assert release.state(timezone.now()) == ReleaseState.DECLINED
    with pytest.raises(ValidationError, match="has answered"):
        case.sign(release)
    with pytest.raises(ValidationError, match="has answered"):
        edit_release(by=case.cast.administrator, release=release, terms=case.terms())


def test_ticking_nothing_is_told_to_say_no_instead(case):
    with pytest.raises(ValidationError, match="Don’t share"):
        choose_categories(by=case.cast.administrator, release=case.unsigned(), shared=[])


def test_revoking_twice_changes_nothing_the_second_time(case):
    first = case.revoke(case.active())
    again = case.revoke(first)
    assert again.revoked_at == first.revoked_at
    assert AuditEvent.objects.filter(event="release.revoked").count() == 1
    assert again.state(first.revoked_at) == ReleaseState.REVOKED
    assert again.state(first.revoked_at - timedelta(microseconds=1)) == ReleaseState.ACTIVE


def test_only_what_was_signed_is_revoked_and_with_a_reason(case):
    by = case.cast.administrator
    with pytest.raises(ValidationError, match="not signed"):
        case.revoke(case.unsigned())
    with pytest.raises(ValidationError, match="why"):
        actions.revoke_release(by=by, release=case.active(), asked_by=RevokedBy.CLIENT, reason="  ")
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
