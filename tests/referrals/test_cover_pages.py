"""Cover as a page: agreed, seen by both, ended by one press, refused with what was typed."""

from uuid import uuid4

from django.urls import reverse

from people.formats import day
from referrals.models import Cover
from tests.referrals.covers import DAY, agreed

PAGE = "/practice/cover/"


def shown(answer) -> str:
    return answer.content.decode()


def test_agreeing_and_ending(cast, signed_in):
    browser, today = signed_in(cast.therapist), cast.practice.today
    empty = shown(browser.get(PAGE))
    assert "Nobody, now or ahead" in empty
    assert "A release that names you by name opens nothing to them" in empty
    assert "Mail and reminders still go to you" in empty
    data = {"form_key": uuid4(), "colleague": cast.colleague.membership.pk}
    data |= {"first_day": day(today), "last_day": day(today + 6 * DAY)}
    page = shown(browser.post(PAGE, data, follow=True))
    assert "It begins and ends by itself" in page
    assert "Cole Colleague</b>" in page
    assert ", now" in page
    theirs = shown(signed_in(cast.colleague).get(PAGE))
    assert "For whom you cover" in theirs
    assert "Tess Therapist" in theirs
    cover = Cover.objects.get()
    end = reverse("referrals:end_cover", args=[cover.pk])
    assert end in page
    assert end in theirs
    assert signed_in(cast.stranger).post(end).status_code == 404
    page = shown(browser.post(end, follow=True))
    assert "From now on it opens nothing" in page
    assert "ended early" in page
    assert end not in page


def test_bad_days_name_their_field_and_are_kept(cast, signed_in):
    browser, today = signed_in(cast.therapist), cast.practice.today
    data = {"form_key": uuid4(), "colleague": cast.colleague.membership.pk}
    for first, last, words in (
        ("tomorrow", "14-Jul-2031", "Enter a date such as"),
        (day(today), day(today - DAY), "before the first day"),
        (day(today), day(today + 90 * DAY), "at most 90 days"),
    ):
        page = shown(browser.post(PAGE, {**data, "first_day": first, "last_day": last}))
        assert words in page
        assert first in page
        assert last in page
        assert "Please correct this" in page
    data["colleague"] = cast.stranger.membership.pk
    page = shown(browser.post(PAGE, {**data, "first_day": day(today), "last_day": day(today)}))
    assert "Choose a therapist of your practice" in page
    assert not Cover.objects.exists()


def test_somebody_alone_is_told_whom_to_invite(cast, signed_in):
    cast.superuser.memberships.update(ended_at=cast.superuser.date_joined)
    page = shown(signed_in(cast.stranger).get(PAGE))
    assert "You are the only therapist here" in page
    assert reverse("joining:invite_colleague") in page


def test_the_case_says_by_whom_it_is_covered(case, referral, signed_in):
    cast, page = case.cast, f"/referrals/{case.referral.pk}/"
    agreed(cast.therapist, cast.colleague)
    assert "You cover for Tess Therapist" in shown(signed_in(cast.colleague).get(page))
    assert "You cover for" not in shown(signed_in(cast.therapist).get(page))
