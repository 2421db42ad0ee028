"""How a list is narrowed and sorted: it stands in the address, in plain words and without a name.

What is looked for stands elsewhere (`searching.py`).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms

from people.enums import PRACTICE_ROLES
from people.models import Organization
from reminders.worklists import clinic, practice
from reminders.worklists.enums import Group, Sort, Stage
from reminders.worklists.rows import Row
from sessions.enums import TreatmentModel

ALL = "all"


@dataclass(frozen=True)
class Narrow:
    """Empty: not narrowed by this. `house`: the practice, or for a practice the clinic."""

    show: str = ""
    stage: str = ""
    mine: bool = False
    model: str = ""
    house: int | None = None
    ended: bool = False
    sort: str = Sort.CLOSING

    def address(self, **changes: Any) -> str:
        """?show=client&sort=wait: what differs from the usual; ?show=all where nothing does."""
        wanted, usual = asdict(replace(self, **changes)), asdict(Narrow())
        query = {name: value for name, value in wanted.items() if value != usual[name]}
        query |= {name: "yes" for name, value in query.items() if value is True}
        return f"?{urlencode(query or {'show': ALL})}"

    def after(self, pk: int) -> str:
        """The address of the page that begins after the row `pk`; 0 for the first."""
        return f"{self.address()}&after={pk}" if pk else self.address()

    def __bool__(self) -> bool:
        return self != Narrow(sort=self.sort)

    def within(self, rows: Iterable[Row]) -> list[Row]:
        """Those rows that it leaves, of whichever group."""
        return [
            row
            for row in rows
            if (not self.stage or row.stage == self.stage) and (not self.mine or row.mine)
        ]

    def words(self, houses: Iterable[Organization]) -> list[str]:
        """What it narrows, each in a word or two."""
        found = [Group(self.show).label] if self.show else []
        found += [Stage(self.stage).label] if self.stage else []
        found += ["Mine only"] if self.mine else []
        found += [TreatmentModel(self.model).label] if self.model else []
        found += [str(house) for house in houses if house.pk == self.house]
        return found + (["With those that ended"] if self.ended else [])


def _tick() -> forms.CheckboxInput:
    return forms.CheckboxInput(attrs={"value": "yes"})


class NarrowForm(forms.Form):
    """An address as it is asked for. What is not understood narrows nothing away: it is a 404."""

    stage = forms.ChoiceField(required=False, label="Stage")
    house = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    model = forms.ChoiceField(
        choices=[("", "Any"), *TreatmentModel.choices], required=False, label="Treatment model"
    )
    sort = forms.ChoiceField(choices=Sort.choices, required=False, label="Comes first")
    mine = forms.BooleanField(required=False, label="Mine only", widget=_tick())
    ended = forms.BooleanField(required=False, label="With those that ended", widget=_tick())
    show = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**62)

    def __init__(self, *args, role: str, houses: Iterable[Organization] = (), **kwargs):
        super().__init__(*args, **kwargs)
        outside = role in PRACTICE_ROLES
        home = practice if outside else clinic
        groups, self.houses = list(home.MEANING), list(houses)
        self._choose("show", [(ALL, "All"), *((g.value, g.label) for g in groups)])
        self._choose("stage", [("", "Any"), *((s.value, s.label) for s in home.STAGES)])
        if outside:
            del self.fields["model"], self.fields["ended"]
        if len(self.houses) > 1:
            choices = [("", "Any"), *((house.pk, house.name) for house in houses)]
            label = "Clinic" if outside else "Referred by"
            self.fields["house"].label = label
            self.fields["house"].widget = forms.Select(choices=choices)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that stand on the page."""
        hidden = {"after"} if isinstance(self.fields["house"].widget, forms.Select) else {"house"}
        hidden |= {"show", "after"}
        return [self[name] for name in self.fields if name not in hidden]

    def narrow(self) -> Narrow:
        """Raises KeyError before it is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        given.pop("after", None)
        return Narrow(**given | ({"show": ""} if given.get("show") == ALL else {}))
