"""What a practice and a clinic write to each other about one referral."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from consent.models import DisclosableItem
from referrals.enums import CATEGORY_OF_KIND, CHECK_IN_PARTS, Adherence, MessageKind
from referrals.models.referral import Referral

if TYPE_CHECKING:
    from people.models import User

_K = MessageKind
_NO_CHECK_IN = Q(**dict.fromkeys(CHECK_IN_PARTS, ""))
_IS_CHECK_IN = ~Q(themes="") & ~Q(mental_status="") & ~Q(readiness="") & ~Q(adherence="")


class Message(DisclosableItem):
    """One message, written once. The other side reads it while a release opens its category.

    The parts of a template are columns, so that the database holds which template has which. What
    an attachment holds stands in MessagePdf; here only that there is one, and of how many pages.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=MessageKind.choices)
    answers = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, blank=True, help_text="In its thread"
    )
    urgent = models.BooleanField(default=False)
    themes = models.TextField(max_length=4000, blank=True)
    mental_status = models.TextField(max_length=4000, blank=True)
    readiness = models.TextField(max_length=4000, blank=True)
    stressors = models.TextField(max_length=4000, blank=True)
    adherence = models.CharField(max_length=15, choices=Adherence.choices, blank=True)
    text = models.TextField(max_length=4000, blank=True)
    pdf_pages = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "message"
        indexes = [
            *DisclosableItem.Meta.indexes,
            models.Index(fields=["referral", "-occurred_at"], name="message_of_thread"),
        ]
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=_K.values), name="message_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=_K.ANSWER) ^ Q(answers=None), name="message_answer_answers"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=CATEGORY_OF_KIND)
                | Q(
                    *[Q(kind=kind, category=about) for kind, about in CATEGORY_OF_KIND.items()],
                    _connector=Q.OR,
                ),
                name="message_category_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(_IS_CHECK_IN, kind=_K.CHECK_IN)
                | (Q(_NO_CHECK_IN) & ~Q(kind=_K.CHECK_IN) & ~Q(text="")),
                name="message_parts_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(adherence__in=["", *Adherence.values]), name="message_adherence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of {self.referral_id}"

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(what it is, what was written), without what was left empty."""
        asked = [
            (label, self.get_adherence_display() if name == "adherence" else getattr(self, name))
            for name, label in CHECK_IN_PARTS.items()
        ]
        rest = "Anything else" if self.kind == _K.CHECK_IN else "Message"
        return [(label, text) for label, text in [*asked, (rest, self.text)] if text]


class MessagePdf(DisclosableItem):
    """The PDF that came with a message: an item of its own, opened by whatever opens the message.

    So it passes the one door by itself, and the ledger tells who took the file from who read the
    message. A trigger holds that it is about the same, by the same and as protected.
    """

    message = models.OneToOneField(Message, models.PROTECT, related_name="+")
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)

    class Meta(DisclosableItem.Meta):
        verbose_name = "attachment to a message"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(condition=~Q(pdf_sha256=""), name="messagepdf_whole"),
        ]

    def __str__(self) -> str:
        return f"attachment to {self.message_id}"


class DraftManager(models.Manager):
    """Offers one way to rows: `of_writer`. An unsent message is its writer's alone."""

    def get_queryset(self) -> QuerySet:
        raise TypeError("Unsent messages are read by of_writer(user) and in no other way.")

    def of_writer(self, user: "User") -> QuerySet:
        """What `user` has not sent, in threads of the organisation where they are now."""
        membership = user.membership
        rows = super().get_queryset()
        if membership is None:
            return rows.none()
        here = membership.organization_id
        return rows.filter(Q(referral__practice=here) | Q(referral__clinic=here), writer=user)


class MessageDraft(models.Model):
    """What somebody has written in a thread and not sent: one at a time, whole or in part."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="Counts saves")
    content = models.JSONField(help_text="Fields of the form, as typed")
    saved_at = models.DateTimeField(auto_now=True)

    objects = DraftManager()
    unscoped = models.Manager()  # for Django's own needs

    class Meta:
        default_manager_name = base_manager_name = "unscoped"
        constraints = [
            models.UniqueConstraint(fields=["referral", "writer"], name="messagedraft_one_a_thread")
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def kind(self) -> MessageKind:
        return MessageKind(self.content["kind"])
