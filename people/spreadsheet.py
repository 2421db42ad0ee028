"""Lists as CSV that a spreadsheet opens as text: nothing in a cell is ever run as a formula."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What makes a spreadsheet read a cell as a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """The value as text; an apostrophe in front keeps what looks like a formula a text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """An attached CSV in UTF-8, marked so that spreadsheets see it. `filename` names nobody."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return response
