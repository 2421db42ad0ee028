"""Rounds of delivery, for tests."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

from django.core import mail

from consent.actions.drafting import edit_release, renew_release, send_for_signature, terms_of
from consent.clock import database_now
from consent.models import Release
from people.models import User
from reminders.delivery import deliver, sweep
from reminders.enums import CHOSEN, Group, Outcome, Stage, Way
from reminders.models import Letter, Preferences, Reminder
from tests.builder import Builder
from tests.factories import CLINIC, CLINIC_SENSITIVE, INTERNAL, LAST_NAME, REASON, SENT

# Words that no mail may hold: whom, what of, with what, and everything anybody wrote.
SECRETS = [*CLINIC.values(), *SENT.values(), CLINIC_SENSITIVE, INTERNAL, REASON, LAST_NAME, "Robin"]
SECRETS += ["ketamine", "dose", "mg", "Zq", "555 0199", "KC-", "treatment", "therapy", "clinic"]


def due_now(case: Builder) -> Reminder:
    """The primary reminder of a dose that was given 25 hours ago, and no other."""
    case.give(hours_ago=25)
    Reminder.objects.exclude(kind="primary", stage="opening").delete()
    return Reminder.objects.get(dosing=case.dosing)


def change(message: Reminder | Letter, **fields) -> None:
    type(message).objects.filter(pk=message.pk).update(**fields)


def state(message: Reminder | Letter) -> str:
    message.refresh_from_db()
    return message.state


def round_of() -> list[Outcome | None]:
    return [deliver(claim) for claim in sweep()]


def told() -> set[str]:
    """Whom mail was sent to."""
    return {address for message in mail.outbox for address in message.to}


def secrets_in(message) -> list[str]:
    """What a mail must not say; the id is random letters."""
    sent = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    said = [sent.get_content()] + [v for k, v in sent.items() if k.lower() != "message-id"]
    return [secret for secret in SECRETS if secret.lower() in "\n".join(said).lower()]


def renewal(case: Builder, release: Release, **changes) -> Release:
    """A renewal that waits for its signature."""
    by = case.cast.administrator
    draft = renew_release(by=by, release=release)
    changes = {"until": database_now() + timedelta(days=90), **changes}
    terms = replace(terms_of(draft), **changes)
    return send_for_signature(by=by, release=edit_release(by=by, release=draft, terms=terms))


def without_mail_of_news(people: Iterable[User]) -> None:
    """These read their news in the portal only."""
    ways = {group.value: Way.PORTAL for group in CHOSEN if group != Group.WINDOWS}
    Preferences.objects.bulk_create(Preferences(user=user, **ways) for user in people)


def of(dosing, kind="primary", stage=Stage.OPENING) -> Reminder:
    return Reminder.objects.get(dosing=dosing, kind=kind, stage=stage)


def only(*rows: Reminder) -> None:
    """Nothing else is due."""
    Reminder.objects.exclude(pk__in=[row.pk for row in rows]).delete()
