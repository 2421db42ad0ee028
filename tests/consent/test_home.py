"""The administrator's home: what waits, in which order, page by page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consent.actions.drafting import discard_release
from consent.clock import database_now
from consent.enums import ReleaseState
from consent.home import listing
from consent.models import Release
from people.enums import Role
from tests.consent.pages import main
from tests.consent.waiting import (
    HOME,
    ago,
    ahead,
    emergency,
    find,
    groups,
    many,
    numbers,
    on_paper,
    question,
    wait_since,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ groups
def moments() -> list:
    span = [timedelta(days=n) for n in (-60, -31, -1, 0, 1, 2, 3, 29, 30, 31, 61, 91, 301, 400)]
    return [database_now() + each for each in span]


def test_each_state_is_the_same_in_the_database_and_in_python(sent):
    many(sent)
    for at in moments():
        told = {r.pk: r.state(at) for r in Release.objects.all()}
        for state in ReleaseState:
            found = set(Release.objects.in_state(state, at).values_list("pk", flat=True))
            if at >= database_now() - timedelta(minutes=1):  # nothing was revoked before it was
                assert found == {pk for pk, each in told.items() if each == state}, (state, at)


def test_each_release_stands_in_one_group_the_same_in_the_database_and_in_python(sent, clinic):
    many(sent)
    grouped = [key for key, group in listing.GROUPS.items() if group.order]
    for at in [each for each in moments() if each > ago(minutes=1)]:
        told = {r.pk: listing.group_of(r, at) for r in Release.objects.all()}
        found = {
            pk: key
            for key in grouped
            for pk in listing.releases_in(key, clinic.pk, at).values_list("pk", flat=True)
        }
        assert found == told


def test_the_most_urgent_stands_first(staff, sent):
    soon, later = sent.active(until=ahead(days=5)), sent.active(until=ahead(days=25))
    sooner = sent.active(until=ahead(days=2))
    waits = [sent.unsigned() for _ in range(2)]
    longest = wait_since(sent.unsigned(), sent_at=ago(days=9))
    drafts = [wait_since(sent.draft_release(), created_at=ago(days=n)) for n in (1, 8)]
    withdrawn = [sent.revoke(sent.active(until=ahead(days=80))) for _ in range(2)]
    papers = [on_paper(sent.unsigned(), transcribed_at=ago(days=n)) for n in (1, 6)]
    question(sent)
    emergency(sent)
    emergency(sent, opened_at=ago(days=1))
    assert groups(staff.get(HOME)) == {
        "review": ["Emergency access", "Emergency access", "Question"],
        "verify": numbers(papers[1].release, papers[0].release),
        "expiring": numbers(sooner, soon, later),
        "awaiting": numbers(longest, *waits),
        "incomplete": numbers(drafts[1], drafts[0]),
        "revoked": numbers(withdrawn[1], withdrawn[0]),
    }


def test_every_row_has_exactly_one_thing_to_do(staff, sent):
    draft, waiting, soon = sent.draft_release(), sent.unsigned(), sent.active()
    paper, withdrawn = on_paper(sent.unsigned()), sent.revoke(sent.active(until=ahead(days=80)))
    asked, opened = question(sent), emergency(sent)
    answer = staff.get(HOME)
    rows = {row.number: row for s in answer.context["sections"] for row in s.rows}
    to_do = {number: (row.verb, row.url, row.post) for number, row in rows.items()}
    assert to_do == {
        draft.number: ("Complete", f"/releases/{draft.pk}/edit/", False),
        waiting.number: ("Let them sign", f"/releases/{waiting.pk}/", False),
        soon.number: ("Renew", f"/releases/{soon.pk}/renew/", True),
        paper.release.number: ("Verify", reverse("consent:paper", args=[paper.release_id]), False),
        withdrawn.number: ("View", f"/releases/{withdrawn.pk}/", False),
        "Question": ("Answer", reverse("consent:question", args=[asked.pk]), False),
        "Emergency access": (
            "Review",
            reverse("consent:emergency_review", args=[opened.pk]),
            False,
        ),
    }
    page = main(answer)
    assert page.count('class="kc-act" type="submit">Renew') == 1
    assert [tile["count"] for tile in answer.context["tiles"]] == [2, 1, 1, 1, 1, 1]


def test_renewing_from_the_row_leads_to_the_one_draft(staff, sent):
    soon = sent.active(until=ahead(days=5))
    staff.post(f"/releases/{soon.pk}/renew/")
    sections = {section.key: section for section in staff.get(HOME).context["sections"]}
    (row,) = sections["expiring"].rows
    renewal = soon.renewals.get()
    assert (row.verb, row.url, row.post) == ("See its renewal", f"/releases/{renewal.pk}/", False)


def test_what_is_answered_reviewed_or_verified_is_gone(staff, sent):
    administrator = sent.cast.administrator
    second = make_user("Sal Second", Role.ADMINISTRATOR, sent.cast.clinic)
    done = {"answered_at": database_now(), "answered_by": administrator, "answer": "It was us."}
    question(sent, **done)
    review = {"reviewed_at": database_now(), "reviewed_by": administrator, "justified": True}
    emergency(sent, review="It was.", **review)
    on_paper(sent.unsigned(), verified_at=database_now(), verified_by=second, rejected_reason="?")
    assert set(groups(staff.get(HOME))) == {"awaiting"}


def test_an_old_withdrawal_is_over_and_a_new_one_is_to_be_seen(sent):
    release = sent.revoke(sent.active(until=ahead(days=300)))
    assert listing.group_of(release, database_now()) == "revoked"
    assert listing.group_of(release, ahead(days=31)) == "ended"


# ------------------------------------------------------------------ pages and counts
def test_a_group_goes_on_by_key_to_its_end(staff, sent, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    soon = ahead(days=20)  # the same end for all: the key is the end and the number
    releases = [sent.active(until=soon) for _ in range(5)]
    found, address = [], f"{HOME}?show=expiring"
    for _ in range(3):
        answer = staff.get(address)
        (section,) = answer.context["sections"]
        found += [row.number for row in section.rows]
        assert [t["count"] for t in answer.context["tiles"] if t["current"]] == [5]
        address = f"{HOME}?show=expiring&after={section.last}"
    assert section.last is None
    assert found == numbers(*releases)


@pytest.mark.parametrize("group", ["revoked", "ended", "active", "incomplete"])
def test_each_group_goes_on_in_its_own_order(staff, sent, monkeypatch, group):
    monkeypatch.setattr(listing, "PAGE", 1)
    make = {
        "revoked": lambda: sent.revoke(sent.active()),
        "ended": lambda: discard_release(by=sent.cast.administrator, release=sent.draft_release()),
        "active": lambda: sent.active(until=ahead(days=90)),
        "incomplete": sent.draft_release,
    }[group]
    releases = [make() for _ in range(3)]
    found, after = [], ""
    for _ in range(3):
        (section,) = staff.get(f"{HOME}?show={group}{after}").context["sections"]
        found.append(section.rows[0].number)
        after = f"&after={section.last}"
    newest_first = group in ("revoked", "ended")
    assert found == numbers(*(releases[::-1] if newest_first else releases))


@pytest.mark.parametrize(
    "query",
    ["show=x", "show=expiring&after=x", "after=1", "show=review&after=1", "show=ended&after=-1"],
)
def test_an_address_that_means_nothing_is_not_found(staff, sent, query):
    assert staff.get(f"{HOME}?{query}").status_code == 404


def test_nothing_is_counted_without_an_end(staff, sent, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 2)
    for _ in range(4):
        sent.draft_release()
    tile = next(t for t in staff.get(HOME).context["tiles"] if t["label"] == "Incomplete")
    assert tile["count"] == "2+"


def test_the_queries_do_not_grow_with_the_rows(staff, two, django_assert_num_queries):
    for number in range(9):
        for case in two:
            case.unsigned()
            case.draft_release()
            if number % 3 == 0:
                case.active()
                case.revoke(case.active(until=ahead(days=90)))
                on_paper(case.unsigned())
                emergency(case)
                question(case, sequence=number + 1)
    staff.get(HOME)
    # session, user, membership · releases, papers, emergencies, questions · recipients
    with django_assert_num_queries(8):
        staff.get(HOME)
    with django_assert_num_queries(8):
        staff.get(f"{HOME}?show=awaiting")


# ------------------------------------------------------------------ nothing there
def test_an_empty_list_says_why_and_what_to_do(staff, sent):
    assert "No releases yet" in main(staff.get(HOME))
    sent.active(until=ahead(days=90))
    assert "Nothing waits on you" in main(staff.get(HOME))
    assert "No release is in this state" in main(staff.get(f"{HOME}?show=incomplete"))
    assert "Nothing was found" in main(find(staff, client="nobody"))
