"""What stands in the world of a walk, by the address that shows it."""

from typing import TYPE_CHECKING

from people.models import Invitation, JoinRequest, PracticeLicence
from reminders.enums import Told
from reminders.models import Notification, Reminder
from sessions.models import ContinuityNote
from tests.routes import Route

if TYPE_CHECKING:
    from tests.walk import World

# Addresses of the sign-in library that are not made of one number.
KEYED = {
    "account_confirm_email": "account/confirm-email/there-is-none/",
    "account_reset_password_from_key": "account/password/reset/key/1-there-is-none/",
}


def address_of(world: "World", route: Route) -> str:
    """The address of a route, with the keys of what stands in `world`."""
    path = KEYED.get(route.name, route.path)
    for part, value in (
        ("<int:pk>", str(_pk(world, route))),
        ("<int:clinic>", str(world.case.cast.clinic.pk)),
        ("<str:mail>", "reminder"),
        ("<slug:section>", "reason"),
        ("<slug:step>", "what"),
        ("<slug:gate>", "escort"),
        ("<int:message>", str(world.said.pk)),
        ("<slug:kind>", "question" if "message" in route.name else "vitals"),
        ("<int:row_pk>", str(world.case.dosing.vitals.current().latest("pk").pk)),
        ("<str:token>", "there-is-none"),
        ("<int:sequence>", "1"),
        ("<int:contact>", "1"),
        ("<int:other>", str(world.case.client.pk)),
        ("<int:number>", "1"),
        ("<int:response>", "1"),
        ("<int:note>", str(world.signed.pk)),
        ("<int:own>", str(world.own.pk)),
        ("<int:plan>", str(world.plan.pk)),
        ("<int:goal>", str(world.goal.pk)),
        ("<int:session>", str(world.session.pk)),
        ("<int:appointment>", str(world.appointment.pk)),
        ("<int:case>", str(world.on_agenda.pk)),
        ("<int:decision>", str(world.decision.pk)),
        ("<int:referral>", str(world.case.referral.pk)),
        ("<int:recipient_pk>", str(world.recipient.pk)),
        ("<int:consent>", str(world.consent.pk if world.consent else 1)),
    ):
        path = path.replace(part, value)
    return f"/{path}"


def _pk(world: "World", route: Route) -> int:
    by_name = {
        "consent:accounting": world.case.client,
        "referrals:compare": world.case.client,
        "referrals:apart": world.case.client,
        "consent:client_": world.case.client,
        "consent:emergency": world.case.client if route.name == "consent:emergency" else None,
        "consent:": world.lapsed,
        "people:": world.case.cast.nurse if "/staff/" in route.path else world.licence,
    }
    by_path = {
        "people/invitation/": Invitation.objects.get(),
        "people/request/": JoinRequest.objects.get(),
        "people/member/": world.case.cast.nurse.membership,
        "people/licence/<int:pk>/look-up/": PracticeLicence.objects.get(),
        "people/licence/": world.case.cast.therapist.membership,
        "practice/cover/": world.cover,
        "worklist/views/": world.view,
        "operations/": Reminder.objects.earliest("pk"),
        "notifications/window/": Reminder.objects.filter(kind="primary").earliest("pk"),
        "notifications/": Notification.objects.get(
            user=world.case.cast.coordinator,
            kind=Told.REFERRAL_SENT,
            referral=world.case.referral,
        ),
        "schedule/rooms/": world.room,
        "conferences/series/": world.conference.series,
        "conferences/": world.conference,
        "care/stock/vial/": world.vial,
        "care/stock/entry/": world.drawn,
        "care/stock/discrepancy/": world.discrepancy,
        "care/dose/": world.case.dosing,
        "care/document/": world.case.document,
        "care/consult/": world.case.consult,
        "care/integration/": world.case.integration,
        "care/adverse/": world.adverse,
        "care/note/": _note(world, route),
        "care/notices/<int:pk>": world.notice,
        "care/<int:pk>": world.case.episode,
    }
    named = (row for begin, row in by_name.items() if row and route.name.startswith(begin))
    found = next(named, None) or next(
        (row for begin, row in by_path.items() if route.path.startswith(begin)), None
    )
    return (found or world.case.referral).pk


def _note(world: "World", route: Route) -> ContinuityNote:
    """The draft, where one is written; the signed one elsewhere."""
    writing = route.name in {"care:save_note", "care:sign_note"}
    return world.case.dosing.note if writing else world.signed
