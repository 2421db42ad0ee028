"""Rules of messages: who writes which template, what about, and what each one needs. No reading."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from consent.enums import Category, Sensitivity
from people.enums import CLINIC_ROLES, CLINICAL_ROLES, PRACTICE_ROLES
from referrals.enums import (
    BEGUN_BY,
    CATEGORIES_OF,
    CATEGORY_OF_KIND,
    CHECK_IN_PARTS,
    Adherence,
    MessageKind,
    Side,
)
from referrals.models import Message, Referral

if TYPE_CHECKING:
    from people.models import User

OPTIONAL = ("stressors",)
MISSING = {
    "themes": "Say what is being worked on.",
    "mental_status": "Say how the client is at present.",
    "readiness": "Say whether they are ready, and what gives you pause.",
    "adherence": "Choose one, or “not known”.",
    "text": "Write your message.",
    "category": "Choose what it is about.",
}


def side_of(user: "User", referral: Referral) -> Side | None:
    """Which of the two houses of the thread `user` speaks for by their role; None for neither."""
    membership = user.membership
    if membership is None:
        return None
    if membership.organization_id == referral.practice_id and membership.role in PRACTICE_ROLES:
        return Side.PRACTICE
    at_clinic = membership.role in CLINICAL_ROLES & CLINIC_ROLES
    return Side.CLINIC if membership.organization_id == referral.clinic_id and at_clinic else None


def choices_of_category(side: Side, kind: MessageKind) -> tuple[Category, ...]:
    """What a message of this kind may be about, from this side; one where the template says it."""
    fixed = CATEGORY_OF_KIND.get(kind)
    return (fixed,) if fixed else CATEGORIES_OF[side]


def fields_of(kind: MessageKind) -> tuple[str, ...]:
    """The fields of a template, in the order in which they are asked."""
    return (*CHECK_IN_PARTS, "text") if kind == MessageKind.CHECK_IN else ("text",)


def facts_of(side: Side, content: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a message from what was typed; what is not its template's is left out."""
    kind = MessageKind(content["kind"])
    choices = choices_of_category(side, kind)
    given = {name: str(content.get(name, "")).strip() for name in fields_of(kind)}
    marked = bool(content.get("substance_use"))
    return {
        **given,
        "kind": kind,
        "category": choices[0] if len(choices) == 1 else content.get("category", ""),
        "sensitivities": frozenset([Sensitivity.SUBSTANCE_USE] if marked else []),
        "urgent": bool(content.get("urgent")),
    }


def problems_of(side: Side, content: Mapping[str, Any]) -> dict[str, str]:
    """What keeps it from being sent, by field; empty when nothing does."""
    kind, facts = MessageKind(content["kind"]), facts_of(side, content)
    found = {
        name: MISSING[name]
        for name in fields_of(kind)
        if not facts[name] and name not in OPTIONAL and not (name == "text" and "themes" in facts)
    }
    if facts["category"] not in choices_of_category(side, kind):
        found["category"] = MISSING["category"]
    if facts.get("adherence") and facts["adherence"] not in Adherence:
        found["adherence"] = MISSING["adherence"]
    begun = kind in BEGUN_BY[side]
    if bool(content.get("answers")) != (kind == MessageKind.ANSWER) or not (
        begun or kind == MessageKind.ANSWER
    ):
        found["text"] = "This side does not write on this template. Open the thread again."
    return found


def unsent(referral: Referral, side: Side, facts: Mapping[str, Any], at) -> Message:
    """A message that is not saved: to ask who could read it, and to look at it before sending."""
    house = referral.practice if side == Side.PRACTICE else referral.clinic
    names = {name: value for name, value in facts.items() if name != "answers"}
    return Message(
        referral=referral,
        client_id=referral.client_id,
        author_organization=house,
        occurred_at=at,
        **names,
    )
