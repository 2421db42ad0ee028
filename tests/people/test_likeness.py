"""Whether two identities may be one person: slips of the pen keep them alike, nothing else does."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.likeness import Identity, alike, dates_alike, letters, names_alike, one_slip

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = st.text(LETTERS, min_size=5, max_size=12)
BIRTHS = st.dates(date(1920, 1, 1), date(2010, 12, 31))
few = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
PEOPLE = st.builds(Identity, NAMES, NAMES, BIRTHS)


@few
@given(PEOPLE, PEOPLE)
def test_likeness_goes_both_ways_and_everybody_is_like_themselves(a, b):
    assert alike(a, a)
    assert alike(a, b) == alike(b, a)


@few
@given(PEOPLE)
def test_capitals_spaces_and_order_do_not_matter(who):
    shouted = Identity(f" {who.last.upper()}", f"{who.first[:2]}-{who.first[2:]}", who.born)
    assert alike(who, shouted)


@few
@given(PEOPLE, st.data())
def test_one_slip_in_each_name_keeps_them_alike(who, data):
    slipped = [data.draw(slips(name)) for name in (who.first, who.last)]
    assert alike(who, Identity(*slipped, who.born))


@st.composite
def slips(draw, name: str) -> str:
    """`name` with one letter wrong, left out, put in, or exchanged with the next."""
    at, letter = draw(st.integers(0, len(name) - 2)), draw(st.sampled_from(LETTERS))
    return draw(
        st.sampled_from(
            [
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at:],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
    )


@few
@given(st.text(LETTERS[:13], min_size=5), st.text(LETTERS[13:], min_size=5))
def test_names_that_share_no_letter_are_not_alike(a, b):
    assert not one_slip(a, b)
    assert not names_alike((a, "Okonkwo"), (b, "Okonkwo"))


@few
@given(BIRTHS, st.integers(-40_000, 40_000))
def test_a_date_is_like_another_by_a_digit_or_an_exchange_alone(born, days):
    other = born + timedelta(days=days)
    wrong = sum(x != y for x, y in zip(f"{born:%Y%m%d}", f"{other:%Y%m%d}", strict=True))
    exchanged = (born.year, born.month, born.day) == (other.year, other.day, other.month)
    assert dates_alike(born, other) == (wrong <= 1 or exchanged)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("José", "Núñez"), ("Jose", "Nunez"), True),
        (("Anna Maria", "Berg"), ("Annamaria", "Berg"), True),
        (("Ana", "Berg"), ("Ada", "Berg"), False),  # one letter of three is another name
        (("Katherine", "Lee"), ("Catherine", "Lee"), True),
        (("Robin", "Smith"), ("Robin", "Jones"), False),
        (("Mei", "Lin"), ("Lin", "Mei"), True),
    ],
)
def test_names_as_they_come(a, b, expected):
    assert names_alike(a, b) is expected


def test_both_have_to_be_alike():
    jane = Identity("Jane", "Smith", date(1985, 7, 14))
    assert alike(jane, Identity("Jane", "Smyth", date(1985, 7, 15)))
    assert not alike(jane, Identity("Jane", "Smith", date(1991, 7, 15)))
    assert letters("O’Néill-Ng") == "oneillng"
