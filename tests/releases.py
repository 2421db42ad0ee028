"""The releases of a case, in every state, by the real actions."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from consent.actions import drafting, ending, links, signing
from consent.actions.contacts import add_contact
from consent.actions.drafting import Terms
from consent.actions.signatures import Signature
from consent.clock import database_now
from consent.documents.text import as_text, sha256
from consent.enums import (
    IN_CATEGORIES,
    OUT_CATEGORIES,
    AskedHow,
    Category,
    Purpose,
    RevokedBy,
    Signer,
)
from consent.models import OutsideContact, Release
from kapcare.demo.past import sign_in_the_past
from people.models import Client, User
from tests.factories import Cast

C = Category
USUAL_OUT = (C.SCHEDULE, C.TREATMENT, C.RESPONSE, C.INTEGRATION)
USUAL_IN = (C.HISTORY, C.INTEGRATION)
NARROW_OUT = (C.SAFETY,)
EVERYTHING = {"out_categories": OUT_CATEGORIES, "in_categories": IN_CATEGORIES}
STATES = (
    "none",
    "unsigned",
    "future",
    "active",
    "expired",
    "revoked",
    "other_person",
    "other_practice",
    "other_category",
)


class Releases:
    """About one client; the usual recipient is whoever referred them."""

    cast: Cast
    client: Client
    referrer: User

    def terms(self, **changes) -> Terms:
        usual = {
            "recipients": [self.referrer],
            "out_categories": USUAL_OUT,
            "in_categories": USUAL_IN,
            "sensitivities": [],
            "purposes": {Purpose.COORDINATION: ""},
            "until": timezone.now() + timedelta(days=30),
            "revocation_how": "write to the clinic.",
        }
        return Terms(**{**usual, **changes})

    def contact(self, name="Rose Quill", relation="Sister", **more) -> OutsideContact:
        by = self.cast.administrator
        return add_contact(by=by, client=self.client, name=name, relation=relation, **more)

    def draft_release(self, **changes) -> Release:
        by = self.cast.administrator
        release = drafting.draft_release(by=by, client=self.client, form_key=uuid4())
        return drafting.edit_release(by=by, release=release, terms=self.terms(**changes))

    def unsigned(self, **changes) -> Release:
        """Before the client, waiting for an answer."""
        return drafting.send_for_signature(
            by=self.cast.administrator, release=self.draft_release(**changes)
        )

    def sign(self, release: Release, shown_sha256: str = "", shared=None, **changes) -> Release:
        """On the clinic's screen; `shared`: (direction, category) ticked, everything without."""
        signature = {
            "signer": Signer.CLIENT,
            "signer_name": self.client.full_name,
            "electronic_agreed": True,
        }
        link = links.hand_over(by=self.cast.administrator, release=release)
        if shared is not None:
            release = signing.choose_categories(link=link, shared=shared)
        return signing.sign_release(
            link=link,
            signature=Signature(**{**signature, **changes}),
            shown_sha256=shown_sha256 or sha256(as_text(release)),
        )

    def active(self, **changes) -> Release:
        return self.sign(self.unsigned(**changes))

    def revoke(self, release: Release, **changes) -> Release:
        return ending.revoke_release(
            by=self.cast.administrator,
            release=release,
            asked_by=RevokedBy.CLIENT,
            asked_how=AskedHow.PHONE,
            **{"reason": "asked to", **changes},
        )

    def make_release(self, state: str, **changes) -> Release | None:
        """A release of the referrer's, or what stands in its place, in one of STATES."""
        return getattr(self, f"_{state}")(**changes)

    def _none(self, **changes) -> None:
        return None

    def _unsigned(self, **changes) -> Release:
        return self.unsigned(**changes)

    def _active(self, **changes) -> Release:
        return self.active(**changes)

    def _future(self, **changes) -> Release:
        return self.active(starts_at=timezone.now() + timedelta(days=2), **changes)

    def _expired(self, **changes) -> Release:
        return sign_in_the_past(
            self.unsigned(**changes), signed_at=_ago(days=20), until=_ago(seconds=1)
        )

    def _revoked(self, **changes) -> Release:
        return self.revoke(self.active(**changes))

    def _other_person(self, **changes) -> Release:
        return self.active(**{**changes, "recipients": [self.cast.colleague]})

    def _other_practice(self, **changes) -> Release:
        return self.active(**{**changes, "recipients": [self.cast.stranger]})

    def _other_category(self, **changes) -> Release:
        none_of_it = {"out_categories": [C.OUTCOMES], "in_categories": [C.OUTCOMES]}
        return self.active(**{**changes, **none_of_it})


def _ago(**span) -> datetime:
    return database_now() - timedelta(**span)
