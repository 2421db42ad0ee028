from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from referrals.enums import ReferralState
from referrals.transitions import MOVER, TRANSITIONS

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "architecture.md"
BEGIN, END = "<!-- states: begin -->\n", "<!-- states: end -->"


def diagram() -> str:
    """The states of a referral as a Mermaid diagram, made of the table in transitions.py."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {ReferralState.DRAFT.value}"]
    for verb, (sources, target) in TRANSITIONS.items():
        for state in ReferralState:
            if state in sources:
                lines.append(f"    {state.value} --> {target.value}: {verb.label}")
    for state in ReferralState:
        lines.append(f"    note right of {state.value}: {MOVER[state].label}")
    return "\n".join([*lines, "```", ""])


def with_diagram(document: str) -> str:
    """`document` with the part between the two marks replaced by the diagram of today."""
    before, rest = document.split(BEGIN)
    return before + BEGIN + diagram() + END + rest.split(END)[1]


class Command(BaseCommand):
    help = "Draw the states of a referral into docs/architecture.md."

    def handle(self, *args, **options) -> None:
        DOCUMENT.write_text(with_diagram(DOCUMENT.read_text()))
