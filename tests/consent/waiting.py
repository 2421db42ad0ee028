"""What waits on an administrator: rows that others make, and what the home page shows of them."""

from datetime import date, timedelta

from consent.actions.drafting import discard_release, renew_release
from consent.actions.links import hand_over
from consent.actions.signing import decline_release
from consent.clock import database_now
from consent.enums import EmergencyBasis, Ending
from consent.models import DisclosureQuestion, EmergencyAccess, PaperCopy, Release
from kapcare.demo.past import sign_in_the_past
from tests.builder import Builder
from tests.releases import STATES

HOME = "/releases/"
LIST = HOME + "csv/"


def ago(**span):
    return database_now() - timedelta(**span)


def ahead(**span):
    return database_now() + timedelta(**span)


def groups(answer) -> dict[str, list[str]]:
    """The numbers in each group, from above."""
    return {s.key: [row.number for row in s.rows] for s in answer.context["sections"]}


def numbers(*releases) -> list[str]:
    return [release.number for release in releases]


def wait_since(release: Release, **moments) -> Release:
    Release.objects.filter(pk=release.pk).update(**moments)
    return Release.objects.get(pk=release.pk)


def on_paper(release: Release, **changes) -> PaperCopy:
    return PaperCopy.objects.create(
        **{
            "release": release,
            "pdf": b"%PDF-",
            "pdf_sha256": "0" * 64,
            "pages": 1,
            "signed_on": date(2026, 7, 1),
            "signer": "client",
            "signer_name": release.client.full_name,
            "shared": [],
            "text_sha256": "0" * 64,
            "transcribed_by": release.created_by,
            "transcribed_at": database_now(),
            **changes,
        }
    )


def emergency(case: Builder, **changes) -> EmergencyAccess:
    return EmergencyAccess.objects.create(
        **{
            "client": case.client,
            "clinic": case.cast.clinic,
            "basis": EmergencyBasis.MEDICAL,
            "reader": case.cast.physician,
            "organization": case.cast.primary_care,
            "nature": "Collapsed",
            "opened_at": ago(hours=3),
            **changes,
        }
    )


def question(case: Builder, **changes) -> DisclosureQuestion:
    return DisclosureQuestion.objects.create(
        **{
            "client": case.client,
            "organization": case.cast.clinic,
            "sequence": 4,
            "asked_at": ago(days=2),
            **changes,
        }
    )


def find(staff, **wanted):
    return staff.post(HOME, wanted, follow=True)


def many(case: Builder) -> list[Release]:
    """A release in every state there is, with every kind of end."""
    releases = [case.make_release(state) for state in STATES[1:]]
    declined = case.unsigned()
    decline_release(link=hand_over(by=case.cast.administrator, release=declined))
    older = case.active()
    renewal = renew_release(by=case.cast.administrator, release=older)
    Release.objects.filter(pk=renewal.pk).update(until=ahead(days=400))
    return [
        *filter(None, releases),
        declined,
        discard_release(by=case.cast.administrator, release=case.draft_release()),
        case.draft_release(),
        case.active(until=ahead(days=90)),
        case.active(until=None, ending=Ending.END_OF_TREATMENT),
        case.active(until=ahead(days=3), ending=Ending.END_OF_TREATMENT),
        sign_in_the_past(case.unsigned(), signed_at=ago(days=50), until=ahead(days=20)),
        case.revoke(case.active(until=ahead(days=300))),
        older,
        renewal,
    ]
