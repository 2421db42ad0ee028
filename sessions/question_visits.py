"""A visit to the questions that a client was asked."""

from consent.visits.visits import Visits
from sessions.models import QuestionLink

VISITS = Visits(
    key="questions",
    model=QuestionLink,
    related=("episode__clinic",),
    door="care:open_questions",
    start="care:questions",
    pages="care:questions",
    lasts=60 * 60,  # seconds: the longest has twenty questions
)
