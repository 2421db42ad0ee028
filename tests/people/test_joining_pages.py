"""People as pages: the administrator's list, inviting, answering, ending, and the public doors."""

from uuid import uuid4

from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.enums import OrganizationKind, Role
from people.joining.actions.inviting import close_invitation
from people.models import (
    Invitation,
    JoinRequest,
    LicenceCheck,
    Membership,
    PracticeLicence,
    User,
)
from tests.factories import make_organization, make_user
from tests.people.joining import (
    ADDRESS,
    asked,
    everything,
    invited,
    licence_facts,
    looked_up,
    stated,
)

PEOPLE = "/people/"


def shown(answer) -> str:
    return answer.content.decode()


# ---------------------------------------------------------------- the administrator's list
def test_the_list_says_role_second_step_last_sign_in_and_what_waits(cast, signed_in):
    everything(cast)
    page = shown(signed_in(cast.administrator).get(PEOPLE))
    parts = ["requests", "invitations", "own", "practices"]
    at = [page.index(f'id="{part}-title"') for part in parts]
    requests, invitations, own, practices = (
        page[a:b] for a, b in zip(at, [*at[1:], None], strict=True)
    )
    assert "Asa Asking" in requests
    assert ADDRESS in invitations
    for text in ("Nora Nurse", "Nurse", "Not set up", "Never", "(you)"):
        assert text in own
    assert "Tess Therapist" not in own
    assert "Tess Therapist" in practices
    assert "Licence verified" in practices
    assert "No licence stated" in practices  # the colleague's
    assert "Stan Stranger" not in page
    assert "Phil Physician" not in page


def test_an_empty_list_says_why_and_what_to_do(db, signed_in):
    clinic = make_organization("New Clinic", OrganizationKind.CLINIC)
    page = shown(signed_in(make_user("Al First", Role.ADMINISTRATOR, clinic)).get(PEOPLE))
    for text in ("Nobody waits", "No invitation is open", "No practice works with you yet"):
        assert text in page


def test_the_list_asks_as_often_however_many_there_are(cast, signed_in):
    everything(cast)
    browser = signed_in(cast.administrator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            browser.get(PEOPLE)
        return len(found)

    browser.get(PEOPLE)
    before = queries()
    for number in range(3):
        person = make_user(f"Extra Person {number}", Role.THERAPIST, cast.practice)
        looked_up(cast.administrator, stated(person))
        invited(cast.administrator, email=f"extra{number}@example.org")
    assert queries() == before <= 14


def test_inviting_to_a_new_practice(cast, signed_in, django_capture_on_commit_callbacks):
    browser, invite = signed_in(cast.administrator), reverse("joining:invite")
    data = {"form_key": uuid4(), "name": "Oona Oak", "email": ADDRESS, "role": "therapist"}
    data |= {"place": "new", "practice_name": "Oak Lane Practice", "address": "2 Oak Lane"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(invite, data, follow=True)
    assert "The invitation is on its way" in shown(answer)
    assert "Oona Oak" in shown(answer)
    assert len(mail.outbox) == 1
    for changes, words in (
        ({"place": "new", "practice_name": ""}, "Enter the name of the practice"),
        ({"place": "new", "practice_name": "Mill Road Practice"}, "is here already"),
        ({"place": cast.clinic.pk}, "has no such role"),
        ({"email": "nobody"}, "such as name@example.org"),
        (
            {"email": cast.nurse.email, "place": cast.clinic.pk, "role": "nurse"},
            "member here already",
        ),
    ):
        page = shown(browser.post(invite, {**data, "form_key": uuid4(), **changes}))
        assert words in page, changes
        assert "Please correct this" in page
        assert "Oona Oak" in page


def test_a_new_link_and_closing_from_the_list(cast, signed_in):
    invitation, _ = invited(cast.administrator)
    browser = signed_in(cast.administrator)
    again = reverse("joining:invite_again", args=[invitation.pk])
    assert "Press once more" in shown(browser.post(again, follow=True))
    assert "A new link is on its way" in shown(
        browser.post(again, {"form_key": uuid4()}, follow=True)
    )
    newest = Invitation.objects.get(closed_at=None)
    close = reverse("joining:close", args=[newest.pk])
    assert "no longer works" in shown(browser.post(close, follow=True))
    assert ADDRESS not in shown(browser.get(PEOPLE))


def test_answering_a_request(cast, signed_in):
    request, browser = asked(cast), signed_in(cast.administrator)
    answer = reverse("joining:answer", args=[request.pk])
    page = shown(browser.get(answer))
    for text in ("NY 081204", "LCSW, New York", "asa@example.org", "Nothing here is checked"):
        assert text in page
    assert "for the clinic’s record" in shown(
        browser.post(reverse("joining:decline", args=[request.pk]))
    )
    data = {
        "form_key": uuid4(),
        "place": "new",
        "practice_name": request.practice,
        "role": "therapist",
    }
    assert browser.post(answer, data).url == PEOPLE
    assert Invitation.objects.get().email == "asa@example.org"
    assert browser.get(answer).status_code == 404


def test_nothing_of_another_clinics_is_there(cast, signed_in):
    everything(cast)
    clinic = make_organization("Second Clinic", OrganizationKind.CLINIC)
    browser = signed_in(make_user("Al Elsewhere", Role.ADMINISTRATOR, clinic))
    page = shown(browser.get(PEOPLE))
    for text in (ADDRESS, "Asa Asking", "Nora Nurse", "Tess Therapist"):
        assert text not in page
    invitation, request = Invitation.objects.get(), JoinRequest.objects.get()
    rows = {"member": cast.nurse.membership, "end": cast.therapist.membership, "answer": request}
    rows |= {"licence": cast.therapist.membership, "look_up": PracticeLicence.objects.get()}
    for name, row in rows.items():
        assert browser.get(reverse(f"joining:{name}", args=[row.pk])).status_code == 404, name
    for name in ("close", "invite_again"):
        answer = browser.post(reverse(f"joining:{name}", args=[invitation.pk]))
        assert answer.status_code == 404


def test_changing_a_role_and_ending_a_membership(cast, signed_in):
    browser, member = signed_in(cast.administrator), cast.nurse.membership
    page = shown(browser.get(reverse("joining:member", args=[member.pk])))
    assert "Change the role" in page
    answer = browser.post(
        reverse("joining:change_role", args=[member.pk]), {"role": "coordinator"}, follow=True
    )
    assert "Nora Nurse, RN is Coordinator now" in shown(answer)
    new = Membership.objects.get(user=cast.nurse, ended_at=None)
    end = reverse("joining:end", args=[new.pk])
    assert "End the membership of Nora Nurse" in shown(browser.get(end))
    assert "has no access any more" in shown(browser.post(end, follow=True))
    page = shown(browser.get(PEOPLE))
    assert "Nora Nurse" in page[page.index('id="left-title"') :]
    history = shown(browser.get(reverse("joining:member", args=[new.pk])))
    assert "Nurse</b>" in history
    assert "Coordinator</b>" in history
    assert end not in history


def test_nobody_ends_their_own_nor_is_asked_to(cast, signed_in):
    browser, own = signed_in(cast.administrator), cast.administrator.membership
    page = shown(browser.get(reverse("joining:member", args=[own.pk])))
    assert "Another administrator changes what is about you" in page
    assert browser.post(reverse("joining:end", args=[own.pk])).status_code == 302
    answer = browser.post(reverse("joining:change_role", args=[own.pk]), {"role": "nurse"})
    assert "Another administrator" in shown(answer)
    assert Membership.objects.get(pk=own.pk).ended_at is None


def test_a_licence_is_looked_up_and_stands_beside_the_referral(case, referral, signed_in):
    cast = case.cast
    triage = f"/referrals/{referral.pk}/triage/"
    assert "No licence stated" in shown(signed_in(cast.coordinator).get(triage))
    row = stated(cast.therapist)
    assert "Licence not verified" in shown(signed_in(cast.coordinator).get(triage))
    browser = signed_in(cast.prescriber)
    form = reverse("joining:look_up", args=[row.pk])
    licence = reverse("joining:licence", args=[cast.therapist.membership.pk])
    assert licence in shown(browser.get(triage))
    assert licence not in shown(signed_in(cast.coordinator).get(triage))
    data = {"form_key": uuid4(), "result": "valid", "source": "Office of the Professions"}
    data |= {"looked_up_on": "05-Jan-2026"}
    page = shown(browser.post(form, data))
    assert "Enter the last day on which it is valid" in page
    assert "Office of the Professions" in page
    assert browser.post(form, {**data, "valid_until": "14-Jul-2034"}).url == licence
    assert LicenceCheck.objects.get().checked_by == cast.prescriber
    assert "until 14-Jul-2034" in shown(browser.get(licence)).replace('<span class="kc-date">', "")
    assert "Licence verified" in shown(signed_in(cast.coordinator).get(triage))


# ---------------------------------------------------------------- the practice
def test_the_practices_page_and_inviting_a_colleague(cast, signed_in):
    browser, page = signed_in(cast.therapist), "/practice/"
    first = shown(browser.get(page))
    for text in ("Cole Colleague", "No licence is stated", "Leave the practice"):
        assert text in first
    data = {"form_key": uuid4(), "name": "Nell New", "email": ADDRESS, "role": "therapist"}
    assert "Nell New" in shown(browser.post(f"{page}invite/", data, follow=True))
    assert "such as name@example.org" in shown(
        browser.post(f"{page}invite/", {**data, "email": "x"})
    )
    stating = {**licence_facts(expires_on="14-Jul-2020"), "form_key": uuid4()}
    assert "Over: add the renewed one" in shown(
        browser.post(f"{page}licence/", stating, follow=True)
    )
    assert "Invite a colleague" not in shown(signed_in(cast.physician).get(page))
    close_invitation(by=cast.colleague, invitation=Invitation.objects.get())


def test_leaving_asks_first_and_then_opens_nothing(case, referral, signed_in):
    cast, page = case.cast, "/practice/leave/"
    browser = signed_in(cast.therapist)
    assert "Cole Colleague" in shown(browser.get(page))
    make_user("Thea Third", Role.THERAPIST, cast.practice)
    refused = shown(browser.post(page))
    assert "Choose who takes over: 1 referral is open" in refused
    assert "Please correct this" in refused
    other = cast.colleague.membership
    answer = browser.post(page, {"successor": other.pk}, follow=True)
    assert "You have left" in shown(answer)
    assert browser.get("/worklist/").status_code == 302
    again = signed_in(User.objects.get(pk=cast.therapist.pk))
    assert again.get(f"/referrals/{referral.pk}/").status_code == 404
    assert signed_in(cast.colleague).get(f"/referrals/{referral.pk}/").status_code == 200
