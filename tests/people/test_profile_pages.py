"""What clinics say of themselves as pages: for everybody, side by side, and the clinic's own."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import OrganizationKind, Role
from people.models import ClinicProfile, ProfileDraft
from people.profiles.questions import QUESTIONS
from tests.factories import make_organization, make_user
from tests.people.credentials import in_days, make_current
from tests.people.profiles import WORKDAYS, publish_profile, save, whole

STAFF = {"coordinator", "prescriber", "nurse", "kaptherapist", "administrator"}
WRITERS = {"prescriber", "administrator"}
CLINICS, COMPARE = reverse("people:clinics"), reverse("people:compare")
PROFILE, EDIT = reverse("people:profile"), reverse("people:profile_edit")
PREVIEW, PUBLISH = reverse("people:profile_preview"), reverse("people:profile_publish")
DISCARD, NEW = reverse("people:profile_discard"), reverse("referrals:new")


def shown(answer) -> str:
    return answer.content.decode()


def main(answer) -> str:
    return shown(answer).split("<main")[1].split("</main>")[0]


def page_of(clinic) -> str:
    return reverse("people:clinic", args=[clinic.pk])


def form_data(version: int, **changes) -> dict:
    content = whole()
    content |= {"takes_referrals": "yes", "answer_days": ["0", "1", "2", "3", "4"]}
    return {**content, "version": version, **changes}


@pytest.fixture
def anybody(db):
    return Client()


@pytest.fixture
def second(cast):
    """Another clinic, whose administrator it also gives."""
    clinic = make_organization("Second Clinic", OrganizationKind.CLINIC)
    return make_user("Al Elsewhere", Role.ADMINISTRATOR, clinic)


# ---------------------------------------------------------------- for everybody
def test_everybody_reads_the_newest_version_and_no_name(cast, anybody):
    publish_profile(cast.administrator, aftercare="Former words.")
    publish_profile(cast.prescriber, aftercare="We <b>call</b>.\n\nThe next day.")
    make_current(cast.nurse, cast.administrator, in_days(cast.nurse, 9))
    save(cast.administrator, aftercare="Words of a draft.")
    page = main(anybody.get(page_of(cast.clinic)))
    assert all(question.label in page for question in QUESTIONS.values())
    assert "<p>We &lt;b&gt;call&lt;/b&gt;.</p>\n\n<p>The next day.</p>" in page
    for words in ("Within 4 working days", "usually 3 weeks", "555 0123", "8 h didactic", "1 RN"):
        assert words in page
    for words in ("Former words.", "Words of a draft.", *map(str, cast.everybody().values())):
        assert words not in page


def test_a_public_page_is_found_and_kept_and_sets_no_cookie(cast, anybody, signed_in):
    publish_profile(cast.administrator)
    for address in (CLINICS, page_of(cast.clinic), COMPARE):
        answer = anybody.get(address)
        assert answer["X-Robots-Tag"] == "all"
        assert answer["Cache-Control"] == "public, max-age=0, s-maxage=300"
        assert "Cookie" in answer["Vary"]
        assert not answer.cookies
        assert signed_in(cast.therapist).get(address)["Cache-Control"] == "no-store"
    assert anybody.get(reverse("account_login"))["X-Robots-Tag"] == "noindex, nofollow"


def test_without_a_profile_the_page_is_honest_and_calls_whoever_writes_it(cast, anybody, signed_in):
    page = main(anybody.get(page_of(cast.clinic)))
    assert "has not published a profile yet" in page
    assert "Call 555 0100" in page
    assert EDIT not in page
    assert EDIT in main(signed_in(cast.administrator).get(page_of(cast.clinic)))
    for who in (cast.nurse, cast.therapist):
        assert EDIT not in main(signed_in(who).get(page_of(cast.clinic)))
    assert "has not published a profile yet" in main(anybody.get(CLINICS))


def test_a_practice_is_no_clinic(cast, anybody, signed_in):
    pdf = reverse("people:clinic_pdf", args=[cast.practice.pk])
    assert anybody.get(page_of(cast.practice)).status_code == 404
    assert signed_in(cast.therapist).get(pdf).status_code == 404
    assert cast.practice.name not in main(anybody.get(CLINICS))


@pytest.mark.pango
def test_the_document_is_for_whoever_has_an_account(cast, anybody, signed_in):
    pdf = reverse("people:clinic_pdf", args=[cast.clinic.pk])
    browser = signed_in(cast.therapist)
    assert browser.get(pdf).url == page_of(cast.clinic)  # nothing is published yet
    publish_profile(cast.administrator)
    assert anybody.get(pdf).url.startswith(reverse("account_login"))
    assert pdf not in main(anybody.get(page_of(cast.clinic)))
    assert pdf in main(browser.get(page_of(cast.clinic)))
    answer = browser.get(pdf)
    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")


# ---------------------------------------------------------------- side by side
def test_two_clinics_side_by_side_by_question(cast, second, anybody):
    publish_profile(cast.administrator, session="Three hours.")
    publish_profile(second, session="Two hours.", takes_referrals=False)
    ids = [cast.clinic.pk, second.membership.organization_id]
    boxes = re.findall(r'name="clinic" value="(\d+)"', main(anybody.get(CLINICS)))
    assert boxes == [str(pk) for pk in ids]
    page = main(anybody.get(COMPARE, {"clinic": ids}))
    row = page.split("What a session is like")[1].split("</tr>")[0]
    assert row.index("Three hours.") < row.index('data-l="Second Clinic"') < row.index("Two hours.")
    taking = page.split("New referrals")[1].split("</tr>")[0]
    assert taking.index("Taken now") < taking.index("None taken at present")


def test_another_number_than_two_to_four_is_said_and_what_was_ticked_stays(cast, second, anybody):
    publish_profile(cast.administrator)
    assert 'name="clinic"' not in main(anybody.get(CLINICS))  # with whom?
    publish_profile(second)
    writers = [
        make_user(
            f"Al {n}", Role.ADMINISTRATOR, make_organization(f"C{n}", OrganizationKind.CLINIC)
        )
        for n in range(4)
    ]
    for each in writers[:3]:
        publish_profile(each)
    silent = writers[3].membership.organization_id
    ids = [each.membership.organization_id for each in (cast.administrator, second, *writers[:3])]
    for chosen, ticked, words in (
        ([], 0, "none of those that can be compared"),
        (ids[:1], 1, "You chose one."),
        ([ids[0], silent, "x", "9" * 5000, ids[0]], 1, "You chose one."),
        (ids, 5, "You chose 5."),
    ):
        page = main(anybody.get(COMPARE, {"clinic": chosen}))
        assert "Choose 2 to 4 clinics" in page
        assert words in page
        assert len(re.findall(r'name="clinic" value="\d+" checked', page)) == ticked
    for count, word in ((2, "Two"), (3, "Three"), (4, "Four")):
        page = main(anybody.get(COMPARE, {"clinic": ids[:count]}))
        assert f"{word} clinics side by side" in page


# ---------------------------------------------------------------- writing it
def test_who_opens_the_clinics_own_pages(cast, signed_in):
    save(cast.administrator)
    for who, user in cast.everybody().items():
        browser = signed_in(user)
        for address, allowed in ((PROFILE, STAFF), (EDIT, WRITERS), (PREVIEW, WRITERS)):
            status = browser.get(address).status_code
            assert status == (200 if who in allowed else 404), (address, who)
        for address in (PUBLISH, DISCARD):
            status = browser.post(address, {}).status_code
            assert status == (302 if who in WRITERS else 404), (address, who)
    assert ProfileDraft.objects.get().version == 1


def test_from_the_empty_page_to_the_published_profile(cast, anybody, signed_in):
    browser = signed_in(cast.administrator)
    assert "Nothing is published yet" in main(browser.get(PROFILE))
    assert browser.get(PREVIEW).url == EDIT
    assert browser.post(EDIT, form_data(0, safety="", wait_weeks="")).url == PREVIEW
    page = main(browser.get(PREVIEW))
    assert "Answer “Safety: measures, staff and equipment”." in page
    assert "how many weeks a new client usually waits" in page
    assert PUBLISH not in page
    assert "A draft waits" in main(browser.get(PROFILE))
    assert "A draft waits" not in main(signed_in(cast.nurse).get(PROFILE))
    assert "has not published" in main(anybody.get(page_of(cast.clinic)))
    browser.post(EDIT, form_data(1))
    page = main(browser.get(PREVIEW))
    sent = dict(re.findall(r'name="(form_key|version)" value="([^"]+)"', page))
    answer = browser.post(PUBLISH, sent, follow=True)
    assert "Published as version 1" in shown(answer)
    browser.post(PUBLISH, sent)
    profile = ClinicProfile.objects.get()
    assert (profile.answer_days, profile.reply_days) == (WORKDAYS, 4)
    assert "Our answer about safety." in main(anybody.get(page_of(cast.clinic)))
    assert browser.get(PREVIEW).url == PROFILE


def test_the_form_shows_what_is_saved_and_the_history_what_changed(cast, signed_in):
    publish_profile(cast.administrator, takes_referrals=False, answer_days=0b10)
    browser = signed_in(cast.prescriber)
    page = main(browser.get(EDIT))
    ticked = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page)
    assert ticked == [("takes_referrals", "no"), ("answer_days", "1")]
    assert 'value="08:30"' in page
    publish_profile(cast.prescriber, answer_days=0b10, phone="555 0777")
    page = main(signed_in(cast.nurse).get(PROFILE))
    assert "Changed: New referrals; Questions by phone" in page
    assert str(cast.prescriber) in page
    assert "555 0123" in page
    assert EDIT not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reply_days": "11"}, "the working days as a whole number from 1 to 10"),
        ({"reply_days": "soon"}, "a whole number from 1 to 10"),
        ({"wait_weeks": "-1"}, "the weeks as a whole number from 0 to 104"),
        ({"answers_from": "9 am"}, "from what time somebody answers, such as 08:30"),
        ({"answers_until": "07:00"}, "not after the time before it"),
        ({"phone": "5" * 41}, "at most 40"),
        ({"session": "long " * 601}, "at most 3,000 characters"),
        ({"answer_days": ["9"]}, "9 is not one of the available choices"),
    ],
)
def test_bad_input_names_its_field_and_is_kept(administrator, signed_in, changes, words):
    answer = signed_in(administrator).post(EDIT, form_data(0, **changes))
    assert answer.status_code == 200
    assert words in main(answer)
    assert "Please correct this" in main(answer)
    if "answer_days" not in changes:
        assert next(iter(changes.values())).strip() in main(answer)
    assert not ProfileDraft.objects.exists()


def test_whoever_saves_second_sees_both_and_decides(cast, signed_in):
    save(cast.administrator, session="Hers.")
    browser = signed_in(cast.prescriber)
    answer = browser.post(EDIT, form_data(0, session="Mine."))
    page = main(answer)
    assert "Somebody else changed this meanwhile" in page
    assert page.index("Hers.") < page.index("Mine.")
    assert 'name="version" value="1"' in page
    assert ProfileDraft.objects.get().content["session"] == "Hers."
    browser.post(EDIT, form_data(1, session="Mine."))
    assert ProfileDraft.objects.get().content["session"] == "Mine."


def test_publishing_or_discarding_what_was_not_read_is_refused(cast, signed_in):
    browser, sent = signed_in(cast.administrator), {"form_key": uuid4(), "version": 1}
    save(cast.administrator)
    save(cast.prescriber, phone="555 0666")
    for address in (PUBLISH, DISCARD):
        answer = browser.post(address, sent, follow=True)
        assert "Somebody saved other words meanwhile" in shown(answer)
        assert "555 0666" in shown(answer)
    assert not ClinicProfile.objects.exists()
    answer = browser.post(DISCARD, {"version": 2}, follow=True)
    assert "The draft is discarded" in shown(answer)
    assert "Nothing is published yet" in shown(answer)


# ---------------------------------------------------------------- how a therapist gets there
def test_a_new_referral_and_signing_in_lead_to_it(cast, referral, anybody, signed_in):
    browser = signed_in(cast.therapist)
    assert page_of(cast.clinic) in main(browser.get(NEW))
    assert CLINICS in shown(anybody.get(reverse("account_login")))
    second = make_organization("Second Clinic", OrganizationKind.CLINIC)
    writer = make_user("Al Elsewhere", Role.ADMINISTRATOR, second)
    publish_profile(writer, takes_referrals=False)
    page = main(browser.get(f"{NEW}?clinic={second.pk}"))
    closed = "Second Clinic, takes no new referrals at present"
    assert f'value="{second.pk}" selected>{closed}' in page
    assert page.count("takes no new referrals") == 1
    assert CLINICS in page
    assert browser.get(f"{NEW}?clinic=nothing").status_code == 200
    assert f"{NEW}?clinic={second.pk}" in main(browser.get(page_of(second)))
    assert NEW not in main(anybody.get(page_of(second)))


def test_what_is_sent_says_when_the_reply_comes(case, signed_in):
    publish_profile(case.cast.administrator, reply_days=1)
    case.send()
    page = main(
        signed_in(case.cast.therapist).get(reverse("referrals:sent", args=[case.referral.pk]))
    )
    assert "within 1 working day." in page
