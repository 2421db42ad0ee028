"""Questionnaires of the sample cases: scores that fall, one that raises an alert, a link."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.utils import timezone

from kapcare.demo.data import Cast
from sessions.actions.outcomes import Answers, record_answers
from sessions.enums.outcomes import Instrument
from sessions.models import EpisodeOfCare

# (days ago, answers), the newest last; scores 19, 17, 14, 12, 9 …
MOOD = (
    (27, "323222320"),
    (14, "322222310"),
    (9, "222122210"),
    (6, "212121210"),
    (3, "111111210"),
)
# … 15 and 8 …
WORRY = ((27, "3222222"), (3, "1111211"))
# … and 46 and 29.
STRESS = ((27, "23323232323222222222"), (3, "12212121212112121112"))


class Outcomes:
    """Entered by the clinic's nurse, as the client answered."""

    cast: Cast
    episode: EpisodeOfCare

    def answered(self) -> Self:
        """Four weeks of three questionnaires, and a word on the clinic."""
        for instrument, answers in (
            (Instrument.PHQ9, MOOD),
            (Instrument.GAD7, WORRY),
            (Instrument.PCL5, STRESS),
        ):
            for days_ago, digits in answers:
                self._enter(Answers(instrument, digits), days_ago)
        words = "The room was warm and nobody hurried me. Parking is hard to find."
        self._enter(Answers(Instrument.SATISFACTION, "545", comment=words), 3)
        return self

    def alarming(self) -> Self:
        """A questionnaire of this morning with item 9 above 0: the alert stands."""
        self._enter(Answers(Instrument.PHQ9, "222212111", difficulty=2), 0)
        return self

    def _enter(self, answers: Answers, days_ago: float) -> None:
        record_answers(
            by=self.cast.nurse,
            episode=self.episode,
            form_key=uuid4(),
            answers=answers,
            at=timezone.now() - timedelta(days=days_ago),
        )
