"""Inviting, asking and joining as the tests do it."""

from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from people.enums import LicenceKind, Role
from people.joining.actions.accepting import accept_invitation
from people.joining.actions.asking import ask_to_join
from people.joining.actions.inviting import begin_partnership, invite
from people.joining.actions.licences import look_up_licence, state_licence
from people.models import Invitation, JoinRequest, LicenceCheck, Membership, PracticeLicence, User
from people.signals import invitation_made
from tests.factories import Cast

ADDRESS = "zqinvited@example.org"
GOOD = "a quite long enough sentence"


def licence_facts(**changes) -> dict:
    facts = {"kind": LicenceKind.LCSW, "number": "NY 081204", "issuer": "New York"}
    return {**facts, "expires_on": date(2031, 7, 14), **changes}


def work_together(cast: Cast) -> None:
    begin_partnership(clinic=cast.clinic, practice=cast.practice)


def invited(by: User, **fields) -> tuple[Invitation, str]:
    """An invitation and the secret that only its mail holds."""
    told = []

    def listen(sender, url, **kwargs):
        told.append(urlsplit(url).path.split("/")[2])

    invitation_made.connect(listen)
    try:
        fields = {"form_key": uuid4(), "email": ADDRESS, "role": Role.NURSE, **fields}
        fields.setdefault("place", by.membership.organization if by.membership else None)
        invitation = invite(by=by, **fields)
    finally:
        invitation_made.disconnect(listen)
    return invitation, told[0] if told else ""


def accepted(token: str, **changes) -> Membership:
    told = {"name": "Ines Invited", "credentials": "RN", "password": GOOD, "by": None}
    return accept_invitation(token=token, **{**told, "licence": licence_facts(), **changes})


def asked(cast: Cast, **changes) -> JoinRequest | None:
    """A request as it waits at the clinic; None where none was kept."""
    content = {"name": "Asa Asking", "credentials": "LCSW", "email": "asa@example.org"}
    content |= {"practice": "Oak Lane Practice", **licence_facts(), **changes}
    key = content.pop("form_key", None) or uuid4()
    ask_to_join(form_key=key, clinic=content.pop("clinic", cast.clinic), content=content)
    return JoinRequest.objects.filter(form_key=key).first()


def stated(person: User, **changes) -> PracticeLicence:
    return state_licence(by=person, form_key=uuid4(), content=licence_facts(**changes))


def looked_up(by: User, licence: PracticeLicence, days: int | None = 300, **changes):
    """What the clinic of `by` found: valid for so many days, None: not confirmed."""
    today = by.membership.organization.today
    until = None if days is None else today + timedelta(days=days)
    fields = {"result": "not_confirmed" if days is None else "valid", "valid_until": until}
    fields |= {"source": "Office of the Professions", "looked_up_on": today - timedelta(days=9)}
    fields |= {"form_key": uuid4(), **changes}
    found: LicenceCheck = look_up_licence(by=by, licence=licence, **fields)
    return found


def everything(cast: Cast) -> None:
    """One row of each kind: an invitation, a request, a licence that was looked up."""
    work_together(cast)
    invited(cast.administrator)
    asked(cast)
    looked_up(cast.administrator, stated(cast.therapist))
