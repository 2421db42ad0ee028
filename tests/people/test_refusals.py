"""What somebody sees who opens an address that only takes forms."""

from django.urls import reverse


def test_reloading_what_only_takes_a_form_says_what_to_do(client, cast, referral):
    client.force_login(cast.coordinator)
    answer = client.get(reverse("referrals:accept", args=[referral.pk]))
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "only takes what a form sends" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
