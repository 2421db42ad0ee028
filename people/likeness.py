"""How alike two clients' names and dates of birth are. Pure; no names are looked up anywhere.

Both have to be alike. A slip of the pen keeps them alike: capitals, accents, hyphens and spaces,
first and last name exchanged, one letter wrong, missing, doubled or two exchanged in each name;
in the date day and month exchanged, or one digit wrong.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from itertools import product

SHORT = 3  # names of so few letters have to be the same: one slip makes another name of them


@dataclass(frozen=True)
class Identity:
    first: str
    last: str
    born: date


def alike(a: Identity, b: Identity) -> bool:
    """Whether these may be one person."""
    return dates_alike(a.born, b.born) and names_alike((a.first, a.last), (b.first, b.last))


def names_alike(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """First and last name, in either order."""
    one, other = tuple(map(letters, a)), tuple(map(letters, b))
    turned = other[::-1]
    return any(
        _close(one[0], each[0]) and _close(one[1], each[1]) for each in (other, turned)
    ) or "".join(one) in ("".join(other), "".join(turned))


def letters(name: str) -> str:
    """Small letters and digits alone, without accents."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in folded if c.isalnum())


def _close(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) > SHORT and one_slip(a, b))


def one_slip(a: str, b: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours are exchanged."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return a[at + 1 :] == b[at + 1 :] or swapped


def dates_alike(a: date, b: date) -> bool:
    return b in near_dates(a)


def near_dates(born: date) -> frozenset[date]:
    """The same day, day and month exchanged, and whatever one wrong digit makes of it."""
    return frozenset(filter(None, map(_day, near_texts(as_text(born)))))


def as_text(born: date) -> str:
    """19850714"""
    return f"{born:%Y%m%d}"


def near_texts(digits: str) -> set[str]:
    """The same as texts, those that are no day among them: quick to look up."""
    texts = {digits, digits[:4] + digits[6:] + digits[4:6]}
    for place, digit in product(range(8), "0123456789"):
        texts.add(digits[:place] + digit + digits[place + 1 :])
    return texts


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
