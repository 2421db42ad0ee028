"""Whether what one house is about to write would reach the other: asked before it is written.

The one decision is asked about an item that does not exist yet. Nothing is read by it.
"""

from datetime import datetime

from django.db.models import Q

from consent.access import Access, Reader
from consent.clock import database_now
from consent.enums import Category
from people.enums import Role
from people.models import User
from referrals.models import ContextItem, Referral
from referrals.reading import reads_all


def clinic_reads(referral: Referral, category: Category, at: datetime | None = None) -> bool:
    """Whether the clinic may read what the practice writes of this category at the moment `at`
    (now)."""
    at = at or database_now()
    reader = Reader.anybody(referral.clinic, Role.COORDINATOR)
    written = ContextItem(
        client_id=referral.client_id,
        category=category,
        author_organization_id=referral.practice_id,
        occurred_at=at,
    )
    return Access.load(reader, {referral.client_id}, at).decide(written).permitted


def reads_the_clinic(user: User, referral: Referral, category: Category) -> bool:
    """Whether this person may read now what the clinic writes of this category."""
    if user.membership is None:
        return False
    access = Access.load(Reader.of(user), {referral.client_id}, database_now())
    return reads_all(access, referral, category)


def open_both_ways(user: User, referral: Referral, category: Category) -> bool:
    """Whether this person of the practice and the clinic may read one another here now."""
    return clinic_reads(referral, category) and reads_the_clinic(user, referral, category)


def answering(referral: Referral) -> list[User]:
    """Who answers for the case at the practice: the therapist who coordinates it."""
    there = Q(memberships__organization=referral.practice_id, memberships__ended_at=None)
    held = Q(
        referraluserpermission__content_object=referral,
        referraluserpermission__permission__codename="coordinate_case",
    )
    return list(User.objects.filter(there, held, is_active=True).distinct().order_by("name"))


def answers_here(referral: Referral) -> bool:
    """Whether somebody at the practice can read a plan of the clinic's and answer it here."""
    if not clinic_reads(referral, Category.INTEGRATION):
        return False
    return any(
        reads_the_clinic(user, referral, Category.INTEGRATION) for user in answering(referral)
    )
