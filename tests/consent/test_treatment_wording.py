"""The clinic's words of the consent: by a prescriber, in versions, never of what is signed."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import AuditEvent
from consent.actions.wording import save_treatment_wording
from consent.documents.wording import check_statements, usual_statements
from consent.models import TreatmentWording, Wording
from consent.treatment.text import as_text
from consent.treatment.wording import LONGEST, SECTIONS
from tests.consent.pages import main, url

pytestmark = pytest.mark.usefixtures("referral")
RISKS = "It can make you sick.\n\nIt can make you sleepy."


def save(case, based_on=0, by=None, **changes):
    return save_treatment_wording(
        by=by or case.cast.prescriber,
        organization=case.cast.clinic,
        statements=usual_statements(SECTIONS) | changes,
        based_on=based_on,
    )


def test_kapcares_own_words_are_whole():
    check_statements(usual_statements(SECTIONS), SECTIONS)
    assert list(SECTIONS)[:7] == [
        *("treatment", "session", "benefits", "risks", "alternatives", "off_label", "driving")
    ]


def test_a_change_holds_for_what_is_prepared_from_now_on(case):
    signed = case.consent_to_treatment()
    waiting = case.prepare_consent()
    version = save(case, risks=RISKS)
    assert "make you sick" not in as_text(waiting)
    signed.refresh_from_db()
    assert as_text(signed) == signed.text
    case.sign_consent(waiting)
    new = case.prepare_consent()
    assert new.wording == version
    assert "- It can make you sick.\n- It can make you sleepy.\n\n" in as_text(new)
    assert AuditEvent.objects.filter(event="treatment_wording.saved").count() == 1


@pytest.mark.parametrize("name", ["nurse", "coordinator", "kaptherapist", "administrator"])
def test_only_a_prescriber_changes_it(case, signed_in, name):
    by = getattr(case.cast, name)
    with pytest.raises(PermissionDenied):
        save(case, by=by, risks=RISKS)
    for page in ("treatment_wording", "treatment_wording_edit"):
        assert signed_in(by).get(url(page)).status_code == 404
    assert signed_in(case.cast.prescriber).get(url("wording")).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"risks": " "}, "informed only with this section"),
        ({"driving": ""}, "informed only with this section"),
        ({"questions": "Ask us."}, "Keep {prescriber} in it"),
        ({"risks": "{recipients} may look."}, "Nothing is called {recipients}"),
        ({"risks": "x" * (LONGEST + 1)}, "Use at most 2,000 characters"),
    ],
)
def test_no_section_is_left_out_or_left_unfilled(case, change, said):
    with pytest.raises(ValidationError) as refused:
        save(case, **change)
    assert list(refused.value.error_dict) == list(change)
    assert said in refused.value.messages[0]
    assert not TreatmentWording.objects.exists()


def test_whoever_saves_second_is_told(case):
    save(case, risks=RISKS)
    with pytest.raises(ValidationError, match="Somebody else saved the wording meanwhile"):
        save(case, risks="Other.")


def test_the_pages_show_every_version_and_save_the_next(case, signed_in):
    browser = signed_in(case.cast.prescriber)
    text = main(browser.get(url("treatment_wording")))
    assert "The words that come with kapcare" in text
    assert "counsel" in text
    data = usual_statements(SECTIONS) | {"based_on": 0, "risks": RISKS}
    answer = browser.post(url("treatment_wording_edit"), data, follow=True)
    assert "Consents that are prepared from now on" in main(answer)
    assert "Version 1" in main(answer)
    assert TreatmentWording.objects.get().statements["risks"].splitlines()[0] == RISKS[:21]
    assert not Wording.objects.exists()  # releases keep their own
    answer = browser.post(url("treatment_wording_edit"), {**data, "driving": ""})
    assert "informed only with this section" in main(answer)
    assert "It can make you sleepy." in main(answer)
