"""One link to questions, answered by many at the same moment: one response, one alert."""

import pytest

from reminders.models import Letter
from sessions.models import OutcomeResponse, QuestionLink, SafetyAlert
from tests.consent.test_replays import REPLAYS, replay
from tests.sessions.asking import I, send, token_for, visit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_twenty_replays_at_once_give_one_response_and_one_alert(cast, case):
    case.begin_care()
    token = token_for(case)
    browsers = [visit(token) for _ in range(REPLAYS)]
    answers = replay(browsers, lambda browser: send(browser, I.PHQ9, "000000003"))
    assert {getattr(a, "status_code", a) for a in answers} <= {302, 404}
    assert OutcomeResponse.unscoped.get().score == 3
    assert SafetyAlert.objects.count() == 1
    assert Letter.objects.filter(alert__isnull=False).count() == 4  # one for each of the staff
    assert QuestionLink.objects.get().used_at
    shown = [browser.get("/questions/") for browser in browsers]
    assert any("Thank you" in answer.content.decode() for answer in shown)
