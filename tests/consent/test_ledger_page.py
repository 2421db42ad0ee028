"""The clinic's ledger and whatever leaves it: pages by key, filters, CSV and PDF."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.contacts import add_contact
from consent.enums import Channel
from consent.scope import PART2_NOTICE
from people.enums import OrganizationKind, Role
from people.formats import day
from tests.builder import Builder
from tests.consent.accounts import item, paper, table, write
from tests.consent.pages import look, main, shown, url, visitor
from tests.factories import make_organization, make_user, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(confirmed):
    """Accounts ask for the password again."""
    return confirmed


# ------------------------------------------------------------------ pages of it
def test_pages_go_by_key_and_neither_lose_nor_repeat(staff, case, monkeypatch):
    monkeypatch.setattr("consent.views.accounting.ON_A_PAGE", 3)
    monkeypatch.setattr("consent.ledger.accounting.BATCH", 2)
    case.send()
    release = case.active()
    days = [f"{d:02d}-Jul-2026" for d in range(1, 9)]
    for number in range(1, 9):
        write(case, at=utc(2026, 7, number, 12), items=[item("safety", release)])
    for start in (url("accounting", case.client.pk), url("ledger")):
        seen, query = [], ""
        for _ in range(3):
            page = main(staff.get(start + query)).split("<tbody>")[1]
            seen += [d for d in reversed(days) if f"{d} 08:00" in page]
            query = page.split('rel="next" href="')[1].split('"')[0] if "rel=" in page else "end"
        assert seen == days[::-1]
        assert query == "end"


def test_the_number_of_questions_to_the_database_does_not_grow(staff, case):
    case.send()
    release = case.active()

    def asked(start: str) -> int:
        with CaptureQueriesContext(connection) as found:
            staff.get(start)
        return len(found)

    starts = [url("accounting", case.client.pk), url("ledger")]
    write(case, items=[item("safety", release)])
    before = [asked(start) for start in starts]
    for _ in range(30):
        write(case, items=[item("safety", release)])
    assert [asked(start) for start in starts] == before
    assert max(before) <= 12


# ------------------------------------------------------------------ the ledger's filters
@pytest.fixture
def two(cast, looked):
    """A second client beside the first, whose notes an outside contact receives."""
    other = Builder(cast)
    other.send(first_name="Alma", last_name="Second")
    rose = add_contact(by=cast.administrator, client=other.client, name="Rose", relation="Aunt")
    release = other.active(contacts=[rose])
    contact = {"reader_id": rose.pk, "reader_name": "Rose (Aunt)", "reader_role": "contact"}
    write(other, items=[item("safety", release)], channel=Channel.EXPORT, **contact)
    return looked, other, rose


def listed(answer) -> set[str]:
    return {name for name in ("Robin", "Alma") if name in main(answer)}


def test_filters(staff, two):
    first, other, rose = two
    yesterday, today = day(timezone.now() - timedelta(days=1)), day(timezone.now())
    for query, names in {
        "": {"Robin", "Alma"},
        f"?client={other.client.pk}": {"Alma"},
        f"?reader={first.cast.therapist.pk}": {"Robin"},
        f"?contact={rose.pk}": {"Alma"},
        "?channel=page": {"Robin"},
        f"?last_day={yesterday}": set(),
        f"?first_day={today}": {"Robin", "Alma"},
    }.items():
        assert listed(staff.get(url("ledger") + query)) == names, query
        asked = dict(part.split("=") for part in query[1:].split("&") if part)
        rows = str(table(staff.post(url("ledger_csv"), asked)))
        assert {name for name in ("Robin", "Alma") if name in rows} == names, query
    assert staff.get(url("ledger") + "?client=999999").status_code == 404
    assert "Select a valid choice" in main(staff.get(url("ledger") + "?channel=x"))


@pytest.mark.parametrize("words", ["alma", "Second  ALMA", "{number}", "{pk}"])
def test_a_client_is_found_by_name_or_number_and_no_name_is_in_the_address(staff, two, words):
    client = two[1].client
    q = words.format(number=client.number.lower(), pk=client.pk)
    answer = staff.post(url("ledger"), {"q": q})
    assert answer.url == f"{url('ledger')}?client={client.pk}"


def test_of_several_matches_one_is_chosen(staff, two):
    page = main(staff.post(url("ledger"), {"q": "o"}))
    assert "?client=" in page
    assert f"?reader={two[0].cast.therapist.pk}" in page
    page = main(staff.post(url("ledger"), {"q": "rose"}))
    assert f"?contact={two[2].pk}" in page
    assert "Nobody found" in main(staff.post(url("ledger"), {"q": "nobody at all"}))
    assert "Fill in: client or recipient." in main(staff.post(url("ledger"), {"q": " "}))


def test_clients_and_recipients_of_other_clinics_are_never_found(two, signed_in):
    other = make_organization("South Clinic", OrganizationKind.CLINIC)
    browser = signed_in(make_user("Otto Other", Role.ADMINISTRATOR, other))
    for words in ("alma", "rose", "tess"):
        assert "Nobody found" in main(browser.post(url("ledger"), {"q": words}))
    for path in (url("accounting", two[1].client.pk), f"{url('ledger')}?client={two[1].client.pk}"):
        assert browser.get(path).status_code == 404
    assert "Nothing was disclosed yet" in main(browser.get(url("ledger")))


# ------------------------------------------------------------------ taking it out
@pytest.mark.parametrize("name", ["accounting_csv", "accounting_pdf", "ledger_csv"])
def test_taking_it_out_asks_for_the_password_again(name, looked, signed_in):
    browser = signed_in(looked.cast.administrator)
    args = [] if name == "ledger_csv" else [looked.client.pk]
    answer = browser.post(url(name, *args))
    assert "reauthenticate" in answer.url
    assert not AuditEvent.objects.filter(event__endswith=".exported").exists()
    assert browser.get(url(name, *args)).status_code == 302  # a GET takes nothing out
    assert not AuditEvent.objects.filter(event__endswith=".exported").exists()


def test_the_table_has_every_look_and_says_what_it_covers(staff, looked):
    look(looked)
    rows = table(staff.post(url("accounting_csv", looked.client.pk)))
    assert rows[0][:4] == ["Entry", "When", "Who received it", "Organisation"]
    assert [row[0] for row in rows[1:3]] == ["2", "1"]
    assert "45 CFR 164.528" in str(rows[-1])
    event = AuditEvent.objects.get(event="accounting.exported")
    assert (event.client_id, event.detail["form"]) == (looked.client.pk, "csv")


def test_no_cell_begins_a_formula(staff, case):
    case.send()
    evil = {"reader_name": "=cmd|' /C calc'!A0", "organization_name": "@SUM(1)"}
    evil |= {"organization_address": " +1", "reader_role": "contact"}
    write(case, items=[item("safety", case.active())], **evil)
    for name, args in (("accounting_csv", [case.client.pk]), ("ledger_csv", [])):
        for row in table(staff.post(url(name, *args))):
            assert not [cell for cell in row if cell.strip()[:1] in tuple("=+-@\t")]


@pytest.mark.pango
def test_the_pdf_has_every_look_the_scope_and_the_notice(staff, full_case):
    release = full_case.active(sensitivities=["substance_use"])
    look(full_case)
    look(full_case, channel=Channel.PDF)
    answer = staff.post(url("accounting_pdf", full_case.client.pk))
    assert "attachment" in answer["Content-Disposition"]
    assert full_case.client.last_name not in answer["Content-Disposition"]
    text = paper(answer)
    for words in (
        "2 disclosures, newest first",
        "Tess Therapist",
        "Harbor Lane Practice",
        "Coordinating care",
        release.number,
        PART2_NOTICE,
        "on a release of Northfield Clinic",
        "from the beginning until now",
        "more than 45 CFR 164.528 asks for",
    ):
        assert words in text, words
    mine = paper(visitor(full_case).get(url("my_accounting_pdf")))
    assert "2 disclosures" in mine


@pytest.mark.pango
def test_a_pdf_of_very_many_looks_folds_them(staff, case, monkeypatch):
    monkeypatch.setattr("consent.views.accounting.MOST_IN_FULL", 5)
    case.send()
    release = case.active()
    for _ in range(6):
        write(case, at=utc(2026, 7, 14, 12), items=[item("safety", release)])
    text = paper(staff.post(url("accounting_pdf", case.client.pk)))
    assert "6 disclosures" in text
    assert "14-Jul-2026, 6 times" in text
    assert text.count("Tess Therapist") == 1


def test_without_pango_the_page_says_what_to_install(staff, looked, monkeypatch):
    monkeypatch.setattr("people.pdf._weasyprint", lambda: None)
    assert "libpango" in shown(staff.get(url("accounting", looked.client.pk)))
    assert "libpango" in shown(staff.post(url("accounting_pdf", looked.client.pk)))
    assert visitor(looked).get(url("my_accounting_pdf")).status_code == 200
    assert not AuditEvent.objects.filter(event="accounting.exported").exists()


def test_other_roles_find_no_ledger(looked, cast, signed_in):
    for who in ("therapist", "coordinator", "prescriber", "superuser"):
        browser = signed_in(getattr(cast, who))
        for name, args in (
            ("ledger", []),
            ("ledger_csv", []),
            ("accounting", [looked.client.pk]),
            ("accounting_csv", [looked.client.pk]),
            ("accounting_pdf", [looked.client.pk]),
        ):
            assert browser.get(url(name, *args)).status_code == 404
            assert browser.post(url(name, *args)).status_code == 404
