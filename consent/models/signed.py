"""What a client signs or declines, whatever it is about: the exact text, who signed it, and how.

A release and a consent to treatment are two tables and two papers. They share this, and the ways
of signing that are built on it: links, visits, paper, the kept PDF, the seal in the audit log.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.enums import Method, Signer
from people.models import Client, Organization


class Signed(models.Model):
    """The answer to one document. Links, papers and the kept PDF of a kind point back to it."""

    noun: ClassVar[str]  # how its events in the audit log begin
    title: ClassVar[str]  # what stands above its text, before its number
    letter: ClassVar[str]  # of its number
    yes: Any  # what a client agrees to, in the first person; on paper beside a box
    no: ClassVar[str]
    client: "models.ForeignKey[Client, Client]"
    organization: "models.ForeignKey[Organization, Organization]"
    client_id: int
    objects: Any
    links: Any  # the secret links that lead to it
    papers: Any  # its transcribed papers

    witness_required = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True, blank=True, help_text="In force from this moment")
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)
    presented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        help_text="Who handed over the screen, sent the link or verified the paper",
    )
    signer = models.CharField(max_length=20, choices=Signer.choices, blank=True)
    signer_name = models.CharField(max_length=160, blank=True)
    signer_authority = models.CharField(max_length=160, blank=True)
    electronic_agreed = models.BooleanField(default=False)
    drawn = models.JSONField(default=list, blank=True, help_text="See documents.strokes")
    witness_name = models.CharField(max_length=160, blank=True)
    paper_signed_on = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True, help_text="Exactly what was signed")
    text_sha256 = models.CharField(max_length=64, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def number(self) -> str:
        """What it is called on paper and in file names: KC-R-0001 is a release."""
        return f"KC-{self.letter}-{self.pk:04d}"

    @property
    def heading(self) -> str:
        """The first line of its text."""
        return f"{self.title} {self.number}"

    def is_clients_name(self, name: str) -> bool:
        """Whether `name` is the client's as the record has it, however it is spaced."""
        return _plain(name) == _plain(self.client.full_name)

    @staticmethod
    def signed_whole(name: str, also: Q) -> list[models.CheckConstraint]:
        """Nothing is signed with a part of the signature missing, or `also` not true."""
        signature = (
            Q(declined_at=None)
            & Q(signer__in=Signer.values, presented_by__isnull=False)
            & (
                Q(method__in=[Method.SCREEN, Method.LINK], electronic_agreed=True)
                | Q(method=Method.PAPER, paper_signed_on__isnull=False)
            )
            & (Q(witness_required=False) | ~Q(witness_name=""))
            & ~Q(signer_name="")
            & ~Q(text="")
            & ~Q(text_sha256="")
        )
        return [
            models.CheckConstraint(
                condition=Q(signed_at=None) | (also & signature), name=f"{name}_signed_whole"
            ),
            models.CheckConstraint(
                condition=~Q(signer=Signer.REPRESENTATIVE) | ~Q(signer_authority=""),
                name=f"{name}_representative_has_authority",
            ),
        ]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
