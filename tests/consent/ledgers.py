"""Small ledgers, and what somebody with every right in the database could do to them."""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from consent.ledger.chain import append, lock_heads, seal
from consent.models import Disclosure, LedgerHead
from tests.factories import utc

START = utc(2026, 7, 14, 9, 20)
# Every column but the id, which only numbers the table. Asked of the table, not of the ledger.
COLUMNS = [field.attname for field in Disclosure._meta.concrete_fields if not field.primary_key]
LINKS = ("client_id", "sequence", "previous_hash", "hash")
CONTENT = [column for column in COLUMNS if column not in LINKS]
CATEGORIES = ["readiness", "response", "safety", "schedule", "treatment"]
NAMES = ["Dana Okafor, LCSW", "Jordan Lee, MD", "Zoë Ångström", "“Quoted” O’Neill"]


def reading(draw: random.Random, client: int) -> Disclosure:
    """One disclosure as the door writes it."""
    categories = sorted(draw.sample(CATEGORIES, draw.randint(1, 3)))
    emergency = draw.choice([None, None, None, draw.randint(1, 9)])
    release = None if emergency else draw.randint(1, 99)
    return Disclosure(
        client_id=client,
        at=START + timedelta(microseconds=draw.randrange(10**13)),
        reader_id=draw.randint(1, 40),
        reader_name=draw.choice(NAMES),
        reader_role=draw.choice(["therapist", "physician"]),
        organization_id=draw.randint(1, 9),
        organization_name="Harbor Lane Practice",
        organization_address=draw.choice(["", "1 Harbor Lane"]),
        purpose="medical" if emergency else "coordination",
        channel=draw.choice(["page", "pdf", "export"]),
        emergency_id=emergency,
        releases=[release] if release else [],
        categories=categories,
        sensitivities=draw.choice([[], ["substance_use"]]),
        items=[
            ["care_sessions.notesection", n, c, "2026-07-14", release]
            for n, c in enumerate(categories)
        ],
    )


def write(draw: random.Random, client: int, count: int) -> None:
    """More rows at the end of a client's chain, by the ledger's own means."""
    for _ in range(count):
        append([reading(draw, client)], lock_heads([client]))


def other_value(draw: random.Random, column: str, was):
    """Something else that the column can hold."""
    if column == "at":
        return was + timedelta(microseconds=draw.choice([-1, 1, 3_600_000_000]))
    if column in ("releases", "categories", "sensitivities", "items"):
        return [*was, "x"] if draw.random() < 0.5 or not was else was[:-1]
    if column == "emergency_id":
        return 10 if was is None else draw.choice([None, was + 1])
    if isinstance(was, int):
        return was + draw.choice([1000, 10_000])
    return draw.choice(["~" + was[1:], was[:-1]]) if was else "~"


@dataclass
class Intruder:
    """Writes where nobody may write. `sealed`: until which row each client's head was exported."""

    draw: random.Random
    sealed: dict[int, int]

    def strike(self) -> str:
        """Do one thing, and say which."""
        act = self.draw.choice(ACTS)
        return f"{act.__name__}: {act(self)}"

    # ------------------------------------------------------------ what can be done
    def edit_a_row(self) -> str:
        row, column = self._row(), self.draw.choice(COLUMNS)
        return self._edit(row, column)

    def edit_a_row_and_its_seal(self) -> str:
        row, column = self._row(), self.draw.choice(COLUMNS[:-1])
        done = self._edit(row, column)
        row.refresh_from_db()
        _update(row, hash=seal(row))
        return done

    def edit_and_seal_all_that_follows(self) -> str:
        row = self._row(exported=True)
        column = self.draw.choice(CONTENT)
        done, client = self._edit(row, column), row.client_id
        self._make_anew(client)
        return done

    def delete_a_row(self) -> str:
        row = self._row()
        return self._delete(row)

    def delete_a_row_and_close_the_gap(self) -> str:
        row = self._row(exported=True)
        done = self._delete(row)
        self._make_anew(row.client_id)
        return done

    def swap_two_rows(self) -> str:
        first, second = self._two()
        self._swap(first, second, ["sequence"])
        return f"{first} and {second}"

    def swap_what_two_rows_say(self) -> str:
        first, second = self._two(exported=True)
        self._swap(first, second, CONTENT)
        self._make_anew(first.client_id)
        return f"{first} and {second}"

    def cut_the_tail(self) -> str:
        return self._cut(self._row())

    def cut_the_tail_and_put_the_head_back(self) -> str:
        row = self._row(exported=True)
        self._set_head(row.client_id, row.sequence - 1, row.previous_hash)
        return self._cut(row)

    def delete_a_client(self) -> str:
        client = self.draw.choice(sorted(self.sealed))
        for table in ("consent_disclosure", "consent_ledgerhead"):
            _run(f"DELETE FROM {table} WHERE client_id = %s", [client])  # noqa: S608
        return f"client {client}"

    def edit_a_head(self) -> str:
        head = self._head()
        column = self.draw.choice(["sequence", "hash", "client_id"])
        value = other_value(self.draw, column, getattr(head, column))
        _run(
            f"UPDATE consent_ledgerhead SET {column} = %s WHERE client_id = %s",  # noqa: S608
            [value, head.client_id],
        )
        return f"{column} of {head}"

    def delete_a_head(self) -> str:
        head = self._head()
        _run("DELETE FROM consent_ledgerhead WHERE client_id = %s", [head.client_id])
        return str(head)

    def put_a_row_in(self) -> str:
        """Between exported rows, with every seal made anew."""
        row = self._row(exported=True)
        later = Disclosure.objects.filter(client_id=row.client_id, sequence__gte=row.sequence)
        for each in later.order_by("-sequence"):
            _update(each, sequence=each.sequence + 1)
        forged = reading(self.draw, row.client_id)
        forged.sequence, forged.hash = row.sequence, "x"
        forged.save()
        self._make_anew(row.client_id)
        return f"before {row}"

    # ------------------------------------------------------------ how
    def _row(self, *, exported: bool = False) -> Disclosure:
        rows = Disclosure.objects.order_by("client_id", "sequence")
        found = [r for r in rows if not exported or r.sequence <= self.sealed[r.client_id]]
        return self.draw.choice(found)

    def _head(self) -> LedgerHead:
        """Of a chain that has rows; a head without any says nothing that could be changed."""
        return self.draw.choice(list(LedgerHead.objects.filter(sequence__gt=0).order_by("pk")))

    def _two(self, *, exported: bool = False) -> list[Disclosure]:
        client = self.draw.choice(sorted(self.sealed))
        rows = Disclosure.objects.filter(client_id=client).order_by("sequence")
        found = [r for r in rows if not exported or r.sequence <= self.sealed[client]]
        return self.draw.sample(found, 2)

    def _edit(self, row: Disclosure, column: str) -> str:
        value = other_value(self.draw, column, getattr(row, column))
        done = f"{column} of {row}: {value!r}"
        _update(row, **{column: value})
        return done

    def _delete(self, row: Disclosure) -> str:
        _run("DELETE FROM consent_disclosure WHERE id = %s", [row.pk])
        return str(row)

    def _cut(self, row: Disclosure) -> str:
        where = [row.client_id, row.sequence]
        _run("DELETE FROM consent_disclosure WHERE client_id = %s AND sequence >= %s", where)
        return f"from {row}"

    def _set_head(self, client: int, sequence: int, end: str) -> None:
        values = [sequence, end, client]
        _run("UPDATE consent_ledgerhead SET sequence = %s, hash = %s WHERE client_id = %s", values)

    def _swap(self, first: Disclosure, second: Disclosure, columns: list[str]) -> None:
        of_first = {column: getattr(first, column) for column in columns}
        of_second = {column: getattr(second, column) for column in columns}
        _update(first, sequence=99_999)
        _update(second, **of_first)
        _update(first, **{"sequence": first.sequence, **of_second})

    def _make_anew(self, client: int) -> None:
        """Number and seal the whole chain again, and the head with it: only exports show it."""
        number, before = 0, ""
        for row in Disclosure.objects.filter(client_id=client).order_by("sequence"):
            number += 1
            row.sequence, row.previous_hash = number, before
            before = row.hash = seal(row)
            _update(row, sequence=number, previous_hash=row.previous_hash, hash=before)
        self._set_head(client, number, before)


ACTS = [
    Intruder.edit_a_row,
    Intruder.edit_a_row_and_its_seal,
    Intruder.edit_and_seal_all_that_follows,
    Intruder.delete_a_row,
    Intruder.delete_a_row_and_close_the_gap,
    Intruder.swap_two_rows,
    Intruder.swap_what_two_rows_say,
    Intruder.cut_the_tail,
    Intruder.cut_the_tail_and_put_the_head_back,
    Intruder.delete_a_client,
    Intruder.edit_a_head,
    Intruder.delete_a_head,
    Intruder.put_a_row_in,
]


def _run(statement: str, parameters: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _update(row: Disclosure, **columns) -> None:
    """Raw SQL, each value as its column stores it."""
    fields = [Disclosure._meta.get_field(name) for name in columns]
    values = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(fields, columns.values(), strict=True)
    ]
    assignments = ", ".join(f"{field.column} = %s" for field in fields)
    _run(f"UPDATE consent_disclosure SET {assignments} WHERE id = %s", [*values, row.pk])  # noqa: S608
