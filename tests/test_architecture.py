"""What the shape of the code promises, held by reading the code."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.core.management import call_command

from consent.models import DisclosableItem
from kapcare.public_routes import PUBLIC_ROUTES
from people.enums import Role
from people.policy import PUBLIC, SIGNED_IN
from tests.routes import routes
from tests.servers import ROOT

LAYERS = ("kapcare", "reminders", "sessions", "referrals", "consent", "people", "audit")
SOURCES = sorted(
    path
    for layer in LAYERS
    for path in (ROOT / layer).rglob("*.py")
    if "migrations" not in path.parts
)
AROUND = {"unscoped", "_base_manager", "_default_manager"}
# Who may go around the one door, and why.
UNSCOPED = {
    "consent/models/items.py",  # defines it
    "referrals/actions/drafting.py",  # the practice writes and completes its own draft
    "referrals/actions/closing.py",  # it takes its own words up again; an error is one once
    "referrals/actions/messages.py",  # the same form twice is one message; what it answers
    "referrals/messaging.py",  # which clients have a message at all, before the door is asked
    "sessions/actions/events.py",  # writes dates and results
    "sessions/actions/outcomes.py",  # writes answers; which parts of a link are answered
    "sessions/actions/integration.py",  # the same form twice is one session
    "sessions/coordination.py",  # which plan is in force: owners and minutes, never its words
    "sessions/actions/coordination.py",  # the next version; who answered one, once
    "sessions/actions/goals.py",  # the same form twice is one row; whether a goal goes on
    "sessions/appointments/booking.py",  # the same form twice is one row; moves between states
    "sessions/appointments/offering.py",  # the same form twice is one offer
    "sessions/appointments/planner.py",  # which cases have a date here; who is busy, never why
    "sessions/appointments/feeds.py",  # in which cases somebody holds a time
    "sessions/appointments/conflicts.py",  # whether a time is taken, never by whom or what
    "sessions/appointments/following.py",  # what is booked for a dose goes along with it
    "reminders/actions/telling.py",  # whether something is booked or written, and if they may know
    "reminders/actions/reminding.py",  # whether a session lies in a window, never what or whose
    "reminders/conferences/reading.py",  # who stands on an agenda, before the door is asked
    "reminders/conferences/facts.py",  # which clients were scored since, before they are read
    "reminders/conferences/actions/planning.py",  # the case for which somebody joined, locked
    "reminders/conferences/actions/agenda.py",  # the same form twice is one row; what stands
    "reminders/conferences/actions/deciding.py",  # the same form twice is one row; done once
    # aggregates of the clinic's own record, no row leaves it
    "reminders/quality/outcomes.py",
    "reminders/quality/windows.py",
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# ---------------------------------------------------------------- the one door


def test_only_the_listed_modules_go_around_the_one_door():
    using = {
        name(path)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in AROUND
    }
    assert using == UNSCOPED


def test_no_related_name_leads_around_the_one_door():
    """A reverse accessor to items would be a manager without the door."""
    items = [m for m in apps.get_models() if issubclass(m, DisclosableItem)]
    assert len(items) >= 5
    leading = [
        f"{item.__name__}.{field.name}"
        for item in items
        for field in item._meta.get_fields()
        if field.is_relation
        and field.concrete
        and not field.one_to_one
        and not field.remote_field.hidden
    ]
    assert leading == []


def test_items_that_hang_on_a_record_by_name_are_dates_only():
    from sessions.models import CareEvent

    named = [
        field
        for model in apps.get_models()
        if issubclass(model, DisclosableItem)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not field.remote_field.hidden
    ]
    assert {field.model for field in named} <= {CareEvent}


def test_nothing_registers_with_djangos_admin():
    assert not apps.is_installed("django.contrib.admin")
    assert not [name(path) for path in SOURCES if path.name == "admin.py"]


def test_only_the_ledger_writes_disclosures_and_only_record_writes_the_audit_log():
    writers = {"Disclosure": set(), "AuditEvent": set()}
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                text = ast.unparse(node.func)
                for model, found in writers.items():
                    if re.fullmatch(
                        rf"{model}(\.objects\.(create|bulk_create|get_or_create))?", text
                    ):
                        found.add(name(path))
    assert writers["Disclosure"] <= {"consent/ledger/chain.py", "consent/disclosure.py"}
    assert writers["AuditEvent"] == {"audit/record.py"}


def test_views_write_nothing_themselves():
    """Every write is an action: no view creates, saves, updates or deletes a row."""
    writing = {"create", "bulk_create", "update", "delete", "get_or_create", "update_or_create"}
    found = [
        f"{name(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in SOURCES
        if "views" in path.parts or path.name == "views.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in writing and "objects" in ast.unparse(node.func))
    ]
    assert found == []


# ---------------------------------------------------------------- routes and policies


def test_every_view_of_ours_declares_who_may_open_it():
    for route in routes():
        if route.is_ours:
            roles = isinstance(route.policy, frozenset) and route.policy
            assert route.policy in (PUBLIC, SIGNED_IN) or roles <= set(Role), route.name


def test_the_list_of_public_routes_is_what_opens_without_signing_in():
    opening = {route.name for route in routes() if not route.needs_sign_in}
    assert len(PUBLIC_ROUTES) == len(set(PUBLIC_ROUTES))
    assert set(PUBLIC_ROUTES) == opening
    ours = {route.name for route in routes() if route.is_ours}
    assert {r.name for r in routes() if r.policy == PUBLIC} == ours & set(PUBLIC_ROUTES)


def test_no_address_names_a_drug_a_diagnosis_or_a_person():
    for route in routes():
        assert not re.search(r"ketamine|drug|diagnos|depress|name|dob", route.path), route.path


# ---------------------------------------------------------------- layers, locks, files


def test_layers_import_only_downwards():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_decision_imports_nothing_but_the_standard_library():
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(tree(ROOT / "consent/decision.py"))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_app_says_what_it_is_for(layer):
    text = import_module(layer).__doc__
    assert text
    assert len(text.split()) > 15


def test_no_file_is_much_over_three_hundred_lines():
    tests = (ROOT / "tests").rglob("*.py")
    long = {name(p): n for p in [*SOURCES, *tests] if (n := len(p.read_text().splitlines())) > 350}
    assert long == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?://|--index-url|--extra-index|--find-links", text)
    pinned = re.findall(r"^[a-z0-9][^ ]*==", text, re.MULTILINE)
    assert len(pinned) > 20
    assert text.count("--hash=sha256:") >= len(pinned)


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_sentences_beside_numbers_survive_djangos_formatting():
    """A bare % in the message of a bound is an error page instead of a sentence."""
    numbers = 0
    for path in (ROOT / "sessions/forms").glob("*.py"):
        for form in vars(import_module(f"sessions.forms.{path.stem}")).values():
            for field in getattr(form, "base_fields", {}).values():
                if not isinstance(field, forms.IntegerField):  # and so are those with a point
                    continue
                numbers += 1
                for bound in field.validators:
                    sentence = str(getattr(bound, "message", "."))
                    assert sentence % {"limit_value": 1, "show_value": 1}, sentence
    assert numbers > 20


def test_templates_hold_no_inline_styles_and_no_inline_handlers():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\s(style|on(click|change|submit|load|input))=", text), path.name
        assert not re.search(r"<script(?![^>]*(nonce|src=))", text), path.name
        # Django's own password hints are HTML; nothing that anybody typed is ever marked safe.
        assert "|safe" not in text.replace("field.help_text|safe", ""), path.name
