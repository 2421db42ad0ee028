"""The parts of a draft. Each is a form of its own that saves by itself, in any order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction

from people.models import User
from referrals.actions.drafting import save_context, save_fields, save_identity
from referrals.enums import CLINICAL_KINDS, FIT_KINDS, ContextKind
from referrals.forms.drafting import (
    AgreementForm,
    CollaborationForm,
    ContextForm,
    FitForm,
    IdentityForm,
    ReasonForm,
)
from referrals.models import ContextItem, Referral

Save = Callable[..., Referral]


@dataclass(frozen=True)
class Section:
    """`save` takes by, referral, version and what the form holds, and gives the saved referral."""

    name: str
    title: str
    hint: str
    form: type[forms.BaseForm]
    save: Save
    optional: bool = False


def _client(*, by: User, referral: Referral, version: int, given: Mapping[str, Any]) -> Referral:
    return save_identity(by=by, referral=referral, version=version, identity=given)


@transaction.atomic
def _reason(*, by: User, referral: Referral, version: int, given: Mapping[str, Any]) -> Referral:
    given = dict(given)
    goals = given.pop("goals", None)
    if goals is not None:
        answers = {ContextKind.GOALS: goals}
        referral = save_context(by=by, referral=referral, version=version, answers=answers)
        version = referral.version
    return save_fields(by=by, referral=referral, version=version, fields=given)


def _fields(*, by: User, referral: Referral, version: int, given: Mapping[str, Any]) -> Referral:
    return save_fields(by=by, referral=referral, version=version, fields=given)


def _context(*, by: User, referral: Referral, version: int, given: Mapping[str, Any]) -> Referral:
    return save_context(
        by=by,
        referral=referral,
        version=version,
        answers={ContextKind(name): text for name, text in given.items() if name in CONTEXT},
        substance_use=given.get("substance_use"),
    )


CONTEXT = {kind.value for kind in (*FIT_KINDS, *CLINICAL_KINDS)}
SECTIONS = {
    section.name: section
    for section in (
        Section("client", "The client", "", IdentityForm, _client),
        Section("reason", "Reason and goals", "", ReasonForm, _reason),
        Section("fit", "Fit", "Opens to the clinic with a release.", FitForm, _context),
        Section(
            "context",
            "Clinical context",
            "What you know. Opens to the clinic with a release, part by part.",
            ContextForm,
            _context,
            optional=True,
        ),
        Section("collaboration", "Collaboration", "", CollaborationForm, _fields),
        Section("agreement", "How the client agreed", "", AgreementForm, _fields),
    )
}


def saved_values(referral: Referral, items: list[ContextItem]) -> dict[str, Any]:
    """What the draft holds, by the name of its field; `items` as they were disclosed."""
    values = {name: getattr(referral.client, name) for name in IdentityForm.Meta.fields}
    for name in ("reason", "collaboration", "agreement", "agreed_on"):
        values[name] = getattr(referral, name)
    for item in items:
        values[item.kind] = item.answer if item.kind in FIT_KINDS else item.text
        if item.kind in CLINICAL_KINDS and item.sensitivities:
            values["substance_use"] = True
    return values


def context_rows(items: Iterable[ContextItem]) -> list[tuple[str, str]]:
    """(label, words) of what was disclosed, in the order of the form; what is empty is left out."""
    order = list(ContextKind)
    found = sorted(items, key=lambda item: (order.index(ContextKind(item.kind)), item.occurred_at))
    rows = [(item.get_kind_display(), item.get_answer_display() or item.text) for item in found]
    return [(label, words) for label, words in rows if words]
