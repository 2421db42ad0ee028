"""What the administrator's and the client's pages refuse, in words."""

import pytest

from tests.consent.visiting import choose, on_screen, sign

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signer_name": "Somebody Else"}, "Type your name as this document has it"),
        ({"signer_name": ""}, "Type the"),
        ({"electronic_agreed": ""}, "Tick the box to sign on this screen"),
        ({"signer": "representative"}, "what gives you the right"),
        ({"shown_sha256": "0" * 64}, "The text has changed"),
    ],
)
def test_a_signature_that_is_not_whole_is_refused(sent, changes, sentence):
    release = sent.unsigned()
    browser = on_screen(sent, release)
    choose(browser, "out:schedule")
    assert sentence in sign(browser, release, **changes).content.decode()
    release.refresh_from_db()
    assert release.signed_at is None


@pytest.mark.parametrize("role", ["therapist", "physician", "coordinator", "prescriber", "nurse"])
def test_only_administrators_open_releases(signed_in, cast, sent, role):
    release, browser = sent.active(), signed_in(getattr(cast, role))
    key = release.recipients.get().pk
    tail = ["", "new/", "csv/", *(f"{release.pk}/{each}" for each in ("", "pdf/", f"as/{key}/"))]
    tail += [f"{release.pk}/{each}/" for each in ("edit", "withdraw", "paper", "link")]
    assert {browser.get(f"/releases/{each}").status_code for each in tail} == {404}
