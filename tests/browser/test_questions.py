"""Questions on a client's phone: Back shows no part filled with the answers to another."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.people import Visitor
from tests.builder import Builder
from tests.sessions.asking import I, token_for

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CHOSEN = "main input[type=radio]:checked"


@pytest.fixture
def case(full_case, live_server, settings) -> Builder:
    settings.PUBLIC_URL = live_server.url
    return full_case


def test_back_fills_nothing_in_and_what_is_missing_can_be_reloaded(case, open_window):
    client = open_window(Visitor)
    token = token_for(case, I.GAD7, I.PCL5)
    client.page.goto(client.base_url + reverse("care:open_questions", args=[token]))
    client.fill(date_of_birth="July 14, 1985").click("Open").sees("Part 1 of 2").check_page()
    for number in range(1, 7):
        client.page.check(f'main [name="part{I.GAD7.number}-item_{number}"][value="2"]')
    client.click("Send").sees("Question 7: choose an answer.").check_page()
    client.page.reload()
    client.sees("Question 7: choose an answer.")
    expect(client.page.locator(CHOSEN)).to_have_count(6)
    client.page.check(f'main [name="part{I.GAD7.number}-item_7"][value="2"]')
    client.click("Send").sees("Part 2 of 2")
    for step in (client.page.go_back, client.page.go_back, client.page.go_forward):
        answer = step()
        assert answer is None or answer.status == 200
        expect(client.page.locator(CHOSEN)).to_have_count(0)
    client.click("Close and answer another time").sees("text 988").check_page()
