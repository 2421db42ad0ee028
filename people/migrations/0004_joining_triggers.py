"""Invitations, requests, licences of practices and memberships are history, and each is somebody's."""

from django.db import migrations

from audit.triggers import Refuse, append_only, frozen, kept

INVITATION, REQUEST = "people_invitation", "people_joinrequest"
LICENCE, CHECK, MEMBER = "people_practicelicence", "people_licencecheck", "people_membership"
ADMINISTRATORS, RESPONSIBLE = "('administrator')", "('administrator', 'prescriber')"
PRACTICE_ROLES = "('therapist', 'physician')"
CLINIC_ROLES = "('prescriber', 'nurse', 'kap_therapist', 'coordinator', 'administrator')"


def works(person: str, place: str, roles: str) -> str:
    """SQL: this person holds one of these roles at this place now."""
    return (
        f"EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = NEW.{person} "
        f"AND m.organization_id = NEW.{place} AND m.ended_at IS NULL AND m.role IN {roles})"
    )


def is_a(kind: str, place: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM people_organization o WHERE o.id = NEW.{place} "
        f"AND o.kind = '{kind}')"
    )


def partners(clinic: str, practice: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM people_partnership p WHERE p.clinic_id = {clinic} "
        f"AND p.practice_id = {practice})"
    )


BY_THE_CLINIC = (
    f"{works('invited_by_id', 'clinic_id', ADMINISTRATORS)} AND "
    f"(NEW.organization_id = NEW.clinic_id OR {partners('NEW.clinic_id', 'NEW.organization_id')})"
)
BY_A_COLLEAGUE = (
    "NEW.clinic_id IS NULL AND "
    + works("invited_by_id", "organization_id", "('therapist')")
)
ROLE_IS_THERE = (
    f"(NEW.role IN {CLINIC_ROLES} AND {is_a('clinic', 'organization_id')}) OR "
    f"(NEW.role NOT IN {CLINIC_ROLES} AND {is_a('practice', 'organization_id')})"
)
LOOKED_UP_BY = (
    f"{works('checked_by_id', 'clinic_id', RESPONSIBLE)} AND "
    + partners(
        "NEW.clinic_id",
        "(SELECT l.practice_id FROM people_practicelicence l WHERE l.id = NEW.licence_id)",
    )
)
OVER = "(OLD.closed_at IS NOT NULL OR OLD.accepted_at IS NOT NULL)"
ENDS = ("closed_at", "accepted_at", "accepted_by_id")
ANSWER = ("answer", "answered_at", "answered_by_id", "reason")


def changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{c} <=>! OLD.{c}" for c in columns) + ")"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_profile_triggers")]
    operations = [
        *append_only("people_partnership"),
        Refuse(
            "people_partnership_of_both",
            "people_partnership",
            "INSERT",
            f"NOT ({is_a('clinic', 'clinic_id')} AND {is_a('practice', 'practice_id')})",
            "a clinic works with a practice",
        ),
        frozen(
            INVITATION,
            (
                "id form_key token_sha256 organization_id clinic_id role email name request_id "
                "invited_by_id created_at expires_at"
            ).split(),
        ),
        Refuse(
            f"{INVITATION}_once",
            INVITATION,
            "UPDATE",
            f"{OVER} AND {changed(*ENDS)}",
            "an invitation ends once",
        ),
        Refuse(
            f"{INVITATION}_by_whom_may",
            INVITATION,
            "INSERT",
            f"NOT (({BY_THE_CLINIC}) OR ({BY_A_COLLEAGUE}))",
            "an administrator of the clinic or a therapist of the practice invites",
        ),
        Refuse(
            f"{INVITATION}_role",
            INVITATION,
            "INSERT",
            f"NOT ({ROLE_IS_THERE})",
            "the place has no such role",
        ),
        kept(INVITATION),
        frozen(
            REQUEST,
            (
                "id form_key clinic_id name credentials email practice asked_at kind number issuer "
                "expires_on"
            ).split(),
        ),
        Refuse(
            f"{REQUEST}_once",
            REQUEST,
            "UPDATE",
            f"OLD.answer <> '' AND {changed(*ANSWER)}",
            "a request is answered once",
        ),
        Refuse(
            f"{REQUEST}_by_an_administrator",
            REQUEST,
            "UPDATE",
            "NEW.answered_by_id IS NOT NULL AND OLD.answered_by_id IS NULL AND NOT "
            + works("answered_by_id", "clinic_id", ADMINISTRATORS),
            "an administrator of the clinic answers a request",
        ),
        kept(REQUEST),
        *append_only(LICENCE),
        Refuse(
            f"{LICENCE}_their_own",
            LICENCE,
            "INSERT",
            f"NOT {works('person_id', 'practice_id', PRACTICE_ROLES)}",
            "a licence is stated where the person works",
        ),
        *append_only(CHECK),
        Refuse(
            f"{CHECK}_by_whom_may",
            CHECK,
            "INSERT",
            f"NOT ({LOOKED_UP_BY})",
            "an administrator or prescriber of a clinic that works with the practice looks it up",
        ),
        kept(MEMBER),
        Refuse(
            f"{MEMBER}_ended_once",
            MEMBER,
            "UPDATE",
            "OLD.ended_at IS NOT NULL AND NEW.ended_at <=>! OLD.ended_at",
            "a membership ends once",
        ),
    ]
