"""Without an account: asking a clinic to join, and the door of an invitation."""

import re
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.enums import Role
from people.models import JoinRequest, Membership, Organization, PracticeLicence, User
from tests.people.joining import ADDRESS, GOOD, asked, invited, licence_facts, work_together

SAME = "Your request is sent"
SECRETS = re.compile(r"csrfmiddlewaretoken\" value=\"\w+|X-CSRFToken\": \"\w+|nonce=\"[^\"]+")


def shown(answer) -> str:
    return answer.content.decode()


def asking(clinic: Organization, **changes) -> dict:
    facts = {**licence_facts(expires_on="14-Jul-2031"), "clinic": clinic.pk, "form_key": uuid4()}
    told = {"name": "Asa Asking", "email": "asa@example.org", "practice": "Oak Lane Practice"}
    return {**facts, **told, **changes}


def account(**changes) -> dict:
    facts = {**licence_facts(expires_on="14-Jul-2031"), "name": "Ines Invited"}
    return {**facts, "password1": GOOD, "password2": GOOD, **changes}


def test_asking_gets_the_same_answer_whatever_is_known(cast):
    browser, ask = Client(), reverse("joining:ask")
    answers = []
    for changes in (
        {},
        {},  # once more
        {"email": cast.therapist.email},
        {"practice": cast.practice.name, "email": "b@example.org"},
        {"email": "c@example.org"},
    ):
        answer = browser.post(ask, asking(cast.clinic, **changes), follow=True)
        assert answer.redirect_chain == [(reverse("joining:asked"), 302)]
        answers.append(SECRETS.sub("", shown(answer)))
    assert SAME in answers[0]
    assert len(set(answers)) == 1
    assert JoinRequest.objects.count() == 4
    assert "no-store" in browser.get(ask)["Cache-Control"]


def test_asking_keeps_what_was_typed_and_names_what_is_missing(cast):
    page = shown(
        Client().post(reverse("joining:ask"), asking(cast.practice, number="", name="Zed"))
    )
    assert "Choose a clinic from the list" in page
    assert "Zed" in page
    assert not JoinRequest.objects.exists()
    far = asking(cast.clinic, expires_on="14-Jul-3031")
    assert "Check the year" in shown(Client().post(reverse("joining:ask"), far))


def test_asking_is_limited_as_signing_in_is(cast):
    browser, ask = Client(), reverse("joining:ask")
    statuses = [
        browser.post(ask, asking(cast.clinic, name=f"Name {n}")).status_code for n in range(6)
    ]
    assert statuses == [302] * 5 + [429]
    answer = browser.post(ask, asking(cast.clinic, name="Kept Name"))
    assert "Wait a few minutes" in shown(answer)
    assert "Kept Name" in shown(answer)
    assert browser.post(ask, asking(cast.clinic, email="d@example.org")).status_code == 302


def test_an_invitation_opens_an_account_by_its_link(cast, signed_in):
    _, token = invited(cast.administrator, name="Ines From The List")
    browser, door = Client(), reverse("joining:accept", args=[token])
    page = shown(browser.get(door))
    for text in ("Ines From The List", cast.clinic.name, ADDRESS, "second step"):
        assert text in page
    for changes, words in (
        ({"password2": "another quite long one"}, "differ"),
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"number": ""}, "required"),
    ):
        page = shown(browser.post(door, account(**changes)))
        assert words in page, changes
        assert "Ines Invited" in page
        assert "short" not in page.replace("too short", "")
    answer = browser.post(door, account(), follow=True)
    assert "Your account is ready" in shown(answer)
    person = User.objects.get(email=ADDRESS)
    assert shown(signed_in(person).get("/today/")).count("Ines Invited")
    assert "no longer works" in shown(browser.get(door))
    assert "no longer works" in shown(browser.post(door, account()))
    assert "no-store" in browser.get(door)["Cache-Control"]


def test_the_door_tells_members_of_another_place_and_others_what_to_do(cast, signed_in):
    work_together(cast)
    place = {"place": cast.practice, "role": Role.THERAPIST}
    _, token = invited(cast.administrator, email=cast.stranger.email, **place)
    door = reverse("joining:accept", args=[token])
    assert "belongs to Mill Road Practice" in shown(Client().get(door))
    assert "belongs to Mill Road Practice" in shown(Client().post(door, account()))
    cast.stranger.memberships.update(ended_at=timezone.now())
    assert "Sign in, then open this link again" in shown(Client().get(door))
    assert "signed in as somebody else" in shown(signed_in(cast.nurse).get(door))
    browser = signed_in(User.objects.get(pk=cast.stranger.pk))
    page = shown(browser.get(door))
    assert "Join Harbor Lane Practice" in page
    assert 'type="password"' not in page
    browser.post(door, account())
    member = Membership.objects.get(user=cast.stranger, ended_at=None)
    assert (member.organization, member.role) == (cast.practice, Role.THERAPIST)
    assert PracticeLicence.objects.get().practice == cast.practice


def test_what_somebody_told_when_they_asked_stands_in_the_invitation(cast, signed_in):
    request = asked(cast)
    new = {"practice_name": request.practice}
    place = {"place": None, "new_practice": new, "role": Role.THERAPIST}
    _, token = invited(cast.administrator, email=request.email, request=request, **place)
    page = shown(Client().get(reverse("joining:accept", args=[token])))
    for text in ("Asa Asking", "NY 081204", "Oak Lane Practice"):
        assert text in page
