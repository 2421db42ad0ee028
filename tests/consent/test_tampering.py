"""verify_ledger and export_heads: a thousand tamperings by a superuser, and not one false alarm."""

import random
import threading
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from consent.clock import database_now
from consent.ledger.heads import export_heads, read_heads
from consent.ledger.verification import verify_ledger
from consent.models import Disclosure, LedgerHead, Release
from tests import triggers
from tests.consent.ledgers import ACTS, START, Intruder, write

CLIENTS = (3, 4, 7, 11)
TIMES = 1000


@pytest.fixture
def heads(tmp_path):
    return tmp_path / "heads"


@pytest.fixture
def ledger(db, heads):
    """Four chains, exported twice, and rows that came after; gives what was exported last."""
    draw = random.Random(7)
    for client in CLIENTS:
        write(draw, client, 3)
    export_heads(heads, START)
    for client in CLIENTS[1:]:
        write(draw, client, draw.randint(1, 3))
    export_heads(heads, START)
    sealed = dict(LedgerHead.objects.values_list("client_id", "sequence"))
    for client in CLIENTS[:2]:
        write(draw, client, 2)
    LedgerHead.objects.create(client_id=99)  # somebody looked, and nothing was disclosed
    return sealed


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def run(*arguments) -> tuple[int, str]:
    """(exit code, what was said)."""
    said = StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=said)
    except SystemExit as end:
        return int(end.code), said.getvalue()
    return 0, said.getvalue()


def test_a_thousand_tamperings_are_all_found(ledger, heads):
    exported, draw = read_heads(heads).of, random.Random(20_260_714)
    missed, done = [], set()
    with triggers.disabled("consent_disclosure", "consent_ledgerhead"):
        for number in range(TIMES):
            with undone():
                what = Intruder(draw, ledger).strike()
                done.add(what.split(":")[0])
                if not verify_ledger(exported).findings:
                    missed.append(what)
            if number % 50 == 0:
                assert verify_ledger(exported).findings == [], "an untouched ledger is accused"
    assert missed == []
    assert done == {act.__name__ for act in ACTS}
    assert verify_ledger(exported).findings == []


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_the_command_says_what_it_found_and_ends_with_one(act, ledger, heads):
    assert run("--heads", heads)[0] == 0
    with triggers.disabled("consent_disclosure", "consent_ledgerhead"), undone():
        act(Intruder(random.Random(3), ledger))
        code, said = run("--heads", heads)
    assert code == 1
    assert all(line.startswith("Client ") and line.endswith(".") for line in said.splitlines())


def test_a_whole_ledger_is_counted(ledger, heads):
    code, said = run("--heads", heads)
    rows = Disclosure.objects.count()
    assert (code, said.splitlines()[0]) == (0, f"whole: {len(CLIENTS)} clients, {rows} rows")
    assert "--heads" not in said
    assert "cannot be seen" in run()[1]


def test_an_empty_ledger_is_whole(db, heads):
    export_heads(heads, START)
    assert run("--heads", heads)[0] == 0


def test_without_exported_heads_a_tail_put_back_is_not_seen(ledger, heads):
    """Why there are exports at all."""
    with triggers.disabled("consent_disclosure", "consent_ledgerhead"), undone():
        Intruder(random.Random(1), ledger).cut_the_tail_and_put_the_head_back()
        assert run()[0] == 0
        assert run("--heads", heads)[0] == 1


def test_a_chain_made_anew_between_two_exports_is_found_by_the_first(ledger, heads):
    with triggers.disabled("consent_disclosure", "consent_ledgerhead"), undone():
        Intruder(random.Random(1), ledger).edit_and_seal_all_that_follows()
        export_heads(heads, START)
        assert run("--heads", heads)[0] == 1


def test_what_a_column_should_not_hold_is_found_and_not_stumbled_over(ledger, heads):
    if connection.vendor == "postgresql":
        return  # it refuses such a value itself
    for column, table in [
        ("at", "consent_disclosure"),
        ("reader_id", "consent_disclosure"),
        ("client_id", "consent_disclosure"),
        ("hash", "consent_ledgerhead"),
    ]:
        with triggers.disabled("consent_disclosure", "consent_ledgerhead"), undone():
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {table} SET {column} = 'rubbish' WHERE rowid = "  # noqa: S608
                    f"(SELECT min(rowid) FROM {table})"
                )
            assert run("--heads", heads)[0] == 1, column


# ---------------------------------------------------------------- the file outside
def lines(heads) -> list[str]:
    return heads.read_text().splitlines()


def put(heads, kept: list[str]) -> int:
    heads.write_text("\n".join(kept) + "\n")
    return run("--heads", heads)[0]


def test_every_line_taken_out_of_the_file_or_changed_in_it_is_noticed(ledger, heads):
    whole = lines(heads)
    assert len(whole) == 2 * (len(CLIENTS) + 1)
    assert put(heads, whole) == 0
    for number, line in enumerate(whole):
        assert put(heads, whole[:number] + whole[number + 1 :]) == 1, number
        assert put(heads, [*whole[:number], line.replace("1", "2", 1), *whole[number + 1 :]]) == 1
    assert put(heads, whole[len(CLIENTS) + 1 :]) == 1, "the first export is gone"
    assert put(heads, whole[:1] + whole) == 1
    assert put(heads, []) == 1


def test_lines_made_without_the_key_count_for_nothing(ledger, heads, settings):
    settings.LEDGER_KEY = "another"
    code, said = run("--heads", heads)
    assert code == 1
    assert "was not signed with this key" in said


def test_the_file_is_its_owners_alone_and_only_grows(ledger, heads):
    assert heads.stat().st_mode & 0o077 == 0
    before = heads.read_text()
    said = StringIO()
    call_command("export_heads", heads, stdout=said)
    assert heads.read_text().startswith(before)
    assert said.getvalue() == f"4 clients exported to {heads}\n"
    assert run("--heads", heads)[0] == 0


def test_a_torn_line_is_told_and_does_not_spoil_the_next_export(ledger, heads):
    with heads.open("a") as file:
        file.write('{"at": "2026')
    export_heads(heads, START)
    found = read_heads(heads)
    assert len(found.findings) == 1
    assert "Line 11 of heads" in found.findings[0]


def test_a_file_that_is_not_there_is_said(ledger, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("--heads", tmp_path / "nothing")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_heads", tmp_path / "nowhere" / "heads")


# ---------------------------------------------------------------- signed releases
def test_a_signed_release_whose_text_was_changed_is_found(case):
    case.send()
    release = case.active()
    assert "1 signed release" in run()[1]
    with triggers.disabled("consent_release"), undone():
        Release.objects.filter(pk=release.pk).update(text=release.text.replace("clinic", "Clinic"))
        code, said = run()
    assert code == 1
    assert said.startswith(f"{release.number}: The text is not the one that was signed.")


def test_a_release_that_was_withdrawn_is_still_as_it_was_signed(case):
    case.send()
    case.revoke(case.active())
    assert run()[0] == 0


# ---------------------------------------------------------------- while people read
@pytest.mark.django_db(transaction=True)
def test_readings_that_arrive_meanwhile_are_never_accused(heads):
    draw, stop, errors = random.Random(5), threading.Event(), []
    for client in CLIENTS:
        write_one(draw, client)

    def keep_writing():
        try:
            while not stop.wait(0.002):
                write_one(draw, draw.choice(CLIENTS))
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for _ in range(15):
            export_heads(heads, database_now())
            assert verify_ledger(read_heads(heads).of).findings == []
    finally:
        stop.set()
        writer.join(30)
    assert errors == []
    assert Disclosure.objects.count() > len(CLIENTS)


def write_one(draw, client) -> None:
    with transaction.atomic():
        write(draw, client, 1)
