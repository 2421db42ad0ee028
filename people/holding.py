"""Who may, as SQL for the triggers of the apps above; `people.permissions` says it in Python."""

from collections.abc import Iterable


def holds_role(person: str, clinic: str, roles: Iterable[str]) -> str:
    """SQL: `person` has one of `roles` at `clinic` now; both are SQL for an id."""
    named = ", ".join(f"'{role}'" for role in sorted(roles))
    return (
        f"EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = {person} "  # noqa: S608
        f"AND m.organization_id = {clinic} AND m.ended_at IS NULL AND m.role IN ({named}))"
    )
