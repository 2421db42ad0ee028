"""A view: how somebody likes their list of clients, under a name of their own."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from people.models import Organization
from reminders.worklists.enums import Group, Sort, Stage
from sessions.enums import TreatmentModel

MOST_VIEWS = 10
LONGEST_NAME = 40  # characters


class SavedView(models.Model):
    """Filter and sort of a list, never what was looked for: there is no column for words.

    The name is shown to nobody but its owner. At most ten a person: `place` counts them.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    is_default = models.BooleanField(default=False, help_text="The list opens with it")
    show = models.CharField(max_length=10, choices=Group.choices, blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    model = models.CharField(max_length=10, choices=TreatmentModel.choices, blank=True)
    house = models.ForeignKey(Organization, models.PROTECT, related_name="+", null=True, blank=True)
    mine = models.BooleanField(default=False)
    ended = models.BooleanField(default=False)
    sort = models.CharField(max_length=10, choices=Sort.choices, default=Sort.CLOSING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint("user", Lower("name"), name="savedview_name_once"),
            models.UniqueConstraint(fields=["user", "place"], name="savedview_place_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="savedview_one_default"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_VIEWS), name="savedview_at_most_ten"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="savedview_has_a_name"),
            models.CheckConstraint(
                condition=Q(show__in=["", *Group.values])
                & Q(stage__in=["", *Stage.values])
                & Q(model__in=["", *TreatmentModel.values])
                & Q(sort__in=Sort.values),
                name="savedview_words_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
