"""The preview's page: sections and dates, one event, and not one byte of what is written."""

import io
from collections import Counter
from copy import deepcopy

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from pypdf import PdfWriter

from audit.models import AuditEvent
from consent import preview as module
from consent.access import Reader
from consent.disclosure import disclose
from consent.documents.kept import keep_document
from consent.enums import IN_CATEGORIES, OUT_CATEGORIES, Category, Channel
from consent.models import Disclosure, Release
from consent.preview import kinds, preview
from people.enums import OrganizationKind, Role
from tests.builder import Builder
from tests.consent.pages import BODIES, main, url
from tests.consent.waiting import emergency, on_paper, question
from tests.factories import make_organization, make_user
from tests.routes import Route, routes
from tests.walk import taken_back, words_of

pytestmark = pytest.mark.django_db
C = Category


def page(staff, release) -> str:
    return main(staff.get(url("as_recipient", release.pk, release.recipients.get().pk)))


# ------------------------------------------------------------------ it discloses nothing
def test_the_page_tells_sections_and_dates_and_not_one_word(staff, full_case):
    release = full_case.unsigned(sensitivities=["substance_use"])
    text = page(staff, release)
    for label in ("Schedule", "Treatment", "Response", "Integration"):
        assert f"<h3>{label}</h3>" in text
    assert "<h3>Safety</h3>" not in text
    assert text.count("part of a continuity note") == 5
    assert "Harbor Lane Practice would read" in text
    assert not [body for body in BODIES if body.lower() in text.lower()]


def test_it_says_which_other_release_opens_something(staff, full_case):
    older = full_case.active(out_categories=[C.SAFETY])
    text = page(staff, full_case.unsigned(out_categories=[C.TREATMENT]))
    assert text.count(f"(on {older.number})") == 1


def test_no_column_with_a_text_is_even_loaded(staff, full_case):
    release = full_case.unsigned()
    tables = [model._meta.db_table for model in kinds()]
    with CaptureQueriesContext(connection) as queries:
        page(staff, release)
    asked = [q["sql"] for q in queries if any(f'FROM "{table}"' in q["sql"] for table in tables)]
    assert len(asked) == len(tables)
    assert not [sql for sql in asked if '"text"' in sql or '"answer"' in sql or '"kind"' in sql]


def test_looking_leaves_one_event_and_nothing_else(staff, full_case):
    release = full_case.unsigned()
    recipient = release.recipients.get()

    def rows() -> dict[str, int]:
        return {m._meta.label: m._base_manager.count() for m in apps.get_models()}

    page(staff, release)
    before = rows()
    page(staff, release)
    after = rows()
    assert {name for name in after if after[name] != before[name]} == {"audit.AuditEvent"}
    assert after["audit.AuditEvent"] == before["audit.AuditEvent"] + 1
    event = AuditEvent.objects.filter(event="release.previewed").last()
    assert event.detail == {"recipient": recipient.pk}
    assert not Disclosure.objects.exists()


def test_long_lists_are_cut_and_say_so(staff, full_case, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    release = full_case.unsigned()
    seen = preview(Release.objects.with_parts().get(pk=release.pk), release.recipients.get())
    assert seen.capped
    assert set(Counter(line.kind for line in seen.lines).values()) == {2}
    assert "Only the newest" in page(staff, release)


def test_every_kind_of_item_has_a_plain_name():
    found = list(kinds())
    assert len(found) >= 5
    for model in found:
        assert "verbose_name" in model._meta.original_attrs, model


def test_only_recipients_of_this_release_and_this_clinic(client, staff, full_case):
    ours, other = full_case.unsigned(), full_case.unsigned()
    strange = url("as_recipient", ours.pk, other.recipients.get().pk)
    assert staff.get(strange).status_code == 404
    south = make_organization("South Clinic", OrganizationKind.CLINIC)
    client.force_login(make_user("Otto Other", Role.ADMINISTRATOR, south))
    own = url("as_recipient", ours.pk, ours.recipients.get().pk)
    assert client.get(own).status_code == 404


# ------------------------------------------------------------------ no body on any page
def paths_of(route: Route, world: dict) -> str:
    """The route with the keys of what `world` holds."""
    name = route.name.removeprefix("consent:")
    path = "/" + route.path
    for key in ("recipient_pk", "step"):
        path = path.replace(f"<int:{key}>", str(world[key])).replace(f"<slug:{key}>", world["step"])
    keyed = {
        "accounting": "client",
        "client_links": "client",
        "emergency_review": "emergency",
        "emergency_close": "emergency",
        "emergency": "client",
        "question": "question",
    }
    stem = name if name in keyed else name.removesuffix("_pdf").removesuffix("_csv")
    return path.replace("<int:pk>", str(world[keyed.get(stem, "release")]))


def administrators() -> list[Route]:
    return [
        route
        for route in routes()
        if route.name.startswith("consent:") and Role.ADMINISTRATOR in (route.policy or ())
    ]


def answers(browser, path: str):
    """GET and POST, each taken back; handing over the screen signs out, so cookies are put back."""
    for method in ("get", "post"):
        with taken_back():
            cookies = deepcopy(browser.cookies)
            answer = getattr(browser, method)(path)
            yield answer.status_code, (words_of(answer) + str(answer.headers)).lower()
            browser.cookies = cookies


def blank_pdf() -> bytes:
    file, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(file)
    return file.getvalue()


@pytest.mark.pango
def test_not_one_byte_of_a_body_is_on_any_page_of_an_administrator(confirmed, full_case):
    everything = {
        "out_categories": OUT_CATEGORIES,
        "in_categories": IN_CATEGORIES,
        "sensitivities": ["substance_use"],
    }
    signed, unsigned = full_case.active(**everything), full_case.unsigned(**everything)
    keep_document(signed)
    for user in (full_case.referrer, full_case.cast.nurse):
        assert read_bodies(full_case, user) & set(BODIES)
    draft = full_case.draft_release(**everything)
    paper = on_paper(full_case.unsigned(**everything), pdf=blank_pdf()).release
    world = {
        "client": full_case.client.pk,
        "emergency": emergency(full_case).pk,
        "question": question(full_case, sequence=1).pk,
        "step": "check",
    }
    met, opened = [], set()
    for release in (signed, unsigned, draft, paper):
        recipient = release.recipients.get().pk
        for route in administrators():
            path = paths_of(route, {**world, "release": release.pk, "recipient_pk": recipient})
            assert "<" not in path, f"say in `paths_of` what {route.path} is about"
            for status, text in answers(confirmed, path):
                met += [(route.name, body) for body in BODIES if body.lower() in text]
                opened |= {route.name} if status == 200 else set()
    assert met == []
    only_actions = {"send", "present", "renew", "discard", "emergency_close"}
    assert {r.name.removeprefix("consent:") for r in administrators() if r.name not in opened} == (
        only_actions
    )


def read_bodies(case: Builder, user) -> set[str]:
    found = disclose(
        to=Reader.of(user),
        about=[case.client.pk],
        kinds=dict.fromkeys(kinds(), Q()),
        channel=Channel.PAGE,
    )
    return {getattr(item, "text", "") for items in found.items.values() for item in items}
