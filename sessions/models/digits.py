"""Answers kept as one text of digits: what the database itself can say about them."""

from django.db.models import Expression, F, PositiveSmallIntegerField, Q, Value
from django.db.models.functions import Length, Replace
from django.db.models.lookups import Exact

from sessions.instruments import Questionnaire

HIGHEST = 4  # the highest answer to an item that is scored


def total(column: str) -> Expression:
    """The sum of the digits in `column`, in SQL of both engines."""
    found: Expression = Value(0, output_field=PositiveSmallIntegerField())
    for digit in range(1, HIGHEST + 1):
        without = Length(Replace(F(column), Value(str(digit)), Value("")))
        found = found + (Length(F(column)) - without) * digit
    return found


def is_whole(column: str, questionnaire: Questionnaire) -> Q:
    """As many answers as there are items, and no other signs than its options."""
    rest: Expression | F = F(column)
    for digit in questionnaire.digits:
        rest = Replace(rest, Value(digit), Value(""))
    count = Exact(Length(F(column)), len(questionnaire.items))
    return Q(count) & Q(Exact(rest, Value("")))
