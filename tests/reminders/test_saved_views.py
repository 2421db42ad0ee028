"""Views that somebody keeps of their list, and what is looked for: neither mixes with the other."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AuditEvent
from reminders.actions.saved_views import choose_default, delete_view, rename_view, save_view
from reminders.models import SavedView
from reminders.worklists.narrowing import Narrow
from reminders.worklists.saved import views_of
from reminders.worklists.searching import Search, has_name
from tests.builder import Builder
from tests.reminders.test_worklist_page import looked_for, main

pytestmark = pytest.mark.django_db
URL, VIEWS = reverse("reminders:worklist"), reverse("reminders:saved_views")


def save(by, name="Preparing", **narrow) -> SavedView:
    return save_view(by=by, form_key=uuid4(), name=name, **narrow)


def page(name: str, view: SavedView) -> str:
    return reverse(f"reminders:{name}", args=[view.pk])


# ------------------------------------------------------------------ the actions
def test_a_view_is_kept_once_renamed_chosen_and_deleted(cast):
    by, key = cast.nurse, uuid4()
    first = save_view(by=by, form_key=key, name=" Long  waits ", sort="wait", show="you")
    assert save_view(by=by, form_key=key, name="Another", sort="client") == first
    assert (first.name, first.place, first.sort) == ("Long waits", 1, "wait")
    second = save(by, stage="preparation")
    rename_view(by=by, view=second, name="preparing")  # its own name, written otherwise
    choose_default(by=by, view=first, opens=True)
    choose_default(by=by, view=second, opens=True)
    assert list(SavedView.objects.filter(is_default=True)) == [second]
    choose_default(by=by, view=second, opens=False)
    assert not SavedView.objects.filter(is_default=True).exists()
    delete_view(by=by, view=first)
    assert save(by, "Third").place == 1  # the place that is free
    events = AuditEvent.objects.filter(event__startswith="saved_view.")
    assert {event.event.partition(".")[2] for event in events} == {
        *("saved", "renamed", "default_chosen", "deleted")
    }
    assert "preparing" not in str(list(events.values())).lower()  # ids alone


@pytest.mark.parametrize(
    ("name", "narrow", "said"),
    [
        ("", {}, "Fill in: name."),
        ("PREPARING", {}, "a view of this name already"),
        ("x" * 41, {}, "at most 40 characters"),
        ("New", {"show": "everything"}, "not a valid choice"),
        ("New", {"house": 999999}, "not known any more"),
    ],
)
def test_what_no_view_can_be_is_refused(cast, name, narrow, said):
    save(cast.nurse)
    save(cast.coordinator, "New")  # another person's names are their own
    with pytest.raises(ValidationError, match=said):
        save(cast.nurse, name, **narrow)


def test_ten_views_are_the_most_also_for_the_database(cast):
    made = [save(cast.nurse, f"View {number}") for number in range(10)]
    with pytest.raises(ValidationError, match="10 views already"):
        save(cast.nurse, "Eleventh")
    for change in ({"place": 11}, {"place": 1}, {"name": "view 1"}, {"sort": "born"}, {"name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.filter(pk=made[-1].pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.filter(user=cast.nurse).update(is_default=True)


def test_a_view_is_its_owners_alone(cast, signed_in):
    view = save(cast.nurse, "Zqmine")
    for act in (
        lambda: rename_view(by=cast.coordinator, view=view, name="Theirs"),
        lambda: choose_default(by=cast.coordinator, view=view, opens=True),
        lambda: delete_view(by=cast.coordinator, view=view),
        lambda: save(cast.administrator),  # who has no list
    ):
        with pytest.raises(PermissionDenied):
            act()
    browser = signed_in(cast.coordinator)
    assert browser.get(page("saved_view", view)).status_code == 404
    for name in ("saved_view", "default_view", "delete_view"):
        assert browser.post(page(name, view), {"name": "Theirs"}).status_code == 404
    for address in (URL, VIEWS):
        assert "Zqmine" not in browser.get(address).content.decode()


def test_roles_change_and_views_stay(cast):
    view = save(cast.therapist, show="practice", stage="intake", model="kap", ended=True, mine=True)
    (kept,) = views_of(cast.therapist)
    assert kept.narrow == Narrow(mine=True)  # the list of a practice knows none of the rest
    view.user = cast.nurse
    view.save()
    assert views_of(cast.nurse)[0].narrow.show == "practice"


# ------------------------------------------------------------------ the pages
def test_the_present_filter_is_saved_and_opened_by_one_press(case, referral, cast, signed_in):
    browser, query = signed_in(cast.coordinator), "?show=you&stage=referral&sort=wait"
    assert "Save this view" in main(browser.get(URL + query))
    opened = browser.get(VIEWS + query)
    assert "Waiting on you · Referral. First: longest wait." in main(opened)
    key = opened.context["form"]["form_key"].value()
    empty = browser.post(VIEWS + query, {"form_key": key, "name": ""})
    assert "Fill in: name of the view." in main(empty)
    saved = browser.post(VIEWS + query, {"form_key": key, "name": "Zqtriage"})
    assert saved.url == URL + query
    shown = main(browser.get(URL))
    assert f'href="{query.replace("&", "&amp;")}"' in shown.split("Zqtriage")[0]
    assert 'aria-current="true">Zqtriage' in main(browser.get(URL + query))
    taken = browser.post(VIEWS, {"form_key": uuid4(), "name": "zqtriage"})
    assert "You have a view of this name already" in main(taken)
    assert 'value="zqtriage"' in main(taken)


def test_a_default_view_opens_the_list_and_show_all_leaves_it(case, referral, cast, signed_in):
    browser, view = signed_in(cast.coordinator), save(cast.coordinator, show="client")
    browser.post(page("default_view", view), {"opens": "yes"})
    assert browser.get(URL).url == f"{URL}?show=client"
    assert case.client.last_name.upper() not in main(browser.get(f"{URL}?show=client"))
    assert case.client.last_name.upper() in main(browser.get(f"{URL}?show=all"))
    assert case.client.last_name.upper() in looked_for(browser, case.client.number)
    browser.post(URL, {"words": ""})
    browser.post(page("default_view", view), {"opens": "no"})
    assert browser.get(URL).status_code == 200
    browser.post(page("delete_view", view))
    assert not SavedView.objects.exists()


# ------------------------------------------------------------------ what is looked for
def test_what_is_looked_for_stands_in_no_address_and_outlives_pages(
    case, referral, cast, signed_in
):
    browser, name = signed_in(cast.nurse), case.client.last_name
    Builder(cast).send(first_name="Other", last_name="Person")
    shown = looked_for(browser, name.lower())
    assert "PERSON" not in shown
    assert "Save this view" not in shown  # there is no filter to save
    again = browser.get(f"{URL}?sort=wait")  # another page, a filter, going back
    assert [row.client for row in again.context["page"].rows] == [case.client]
    links = [each.partition('"')[0] for each in again.content.decode().split('href="')[1:]]
    assert not [link for link in links if name.lower() in link.lower()]
    save(cast.nurse, show="you")
    assert name.lower() not in str(list(SavedView.objects.values())).lower()
    assert "PERSON" in looked_for(browser, "")  # shows all
    assert "PERSON" in main(browser.get(f"{URL}?q={name}"))  # an address looks for nothing


def test_a_search_that_is_too_long_is_kept_and_explained(cast, signed_in):
    browser = signed_in(cast.nurse)
    for words, said in (("x" * 81, "use at most 80 characters"), ("Jane\x00", "type it again")):
        answer = browser.post(URL, {"words": words})
        assert said in main(answer)
        assert answer.content.decode().count(words.replace("\x00", "")) >= 1
    assert not Search.of(browser.session)


def test_clients_are_found_by_name_number_and_birthday(cast, signed_in):
    made = Builder(cast)
    made.send(first_name="José María", last_name="De la Cruz", date_of_birth="1985-07-14")
    Builder(cast).send(first_name="Other", last_name="Person", date_of_birth="1990-01-01")
    browser, client = signed_in(cast.coordinator), made.client
    for words in (
        *("jose", "cruz, jose", "delacruz", "MARIA la", client.number, client.number.lower()),
        *(str(client.pk), made.referral.reference, "14-Jul-1985", "07/14/1985", "1985-07-14"),
    ):
        browser.post(URL, {"words": words})
        found = browser.get(URL).context["page"].rows
        assert [row.client for row in found] == [client], words
    for words in ("josefa", "cruz ingrid", "KC-999999", "15-Jul-1985", "%", "_", "-"):
        assert "was found" in looked_for(browser, words), words


def test_names_are_compared_by_letters():
    assert has_name("øst", "Åse", "Østby")
    assert not has_name("ase berg", "Åse", "Østby")
    assert not has_name("  ", "Åse", "Østby")


def test_whether_there_is_another_house_is_not_told(case, referral, signed_in):
    browser = signed_in(case.cast.stranger)
    url = reverse("reminders:saved_views")
    answers = [
        browser.post(f"{url}?house={house}", {"name": f"View {number}", "form_key": str(uuid4())})
        for number, house in enumerate((case.cast.practice.pk, 9999))
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    views = SavedView.objects.filter(user=case.cast.stranger)
    assert set(views.values_list("house", flat=True)) == {None}
