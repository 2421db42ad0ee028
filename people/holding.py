"""Who may, as SQL for the triggers of the apps above; `people.permissions` says it in Python."""

from collections.abc import Iterable

from audit.triggers import Refuse


def holds_role(person: str, clinic: str, roles: Iterable[str]) -> str:
    """SQL: `person` has one of `roles` at `clinic` now; both are SQL for an id."""
    named = ", ".join(f"'{role}'" for role in sorted(roles))
    return (
        f"EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = {person} "  # noqa: S608
        f"AND m.organization_id = {clinic} AND m.ended_at IS NULL AND m.role IN ({named}))"
    )


def works_at(person: str, house: str) -> str:
    """SQL: `person` is a member of `house` now; both are SQL for an id."""
    return (
        f"EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = {person} "  # noqa: S608
        f"AND m.organization_id = {house} AND m.ended_at IS NULL)"
    )


def written_by_its_house(
    table: str, person: str = "author_id", house: str = "author_organization_id"
) -> Refuse:
    """Whoever writes a row is a member of the house in whose name it is written."""
    return Refuse(
        f"{table}_by_its_house",
        table,
        "INSERT",
        f"NOT {works_at(f'NEW.{person}', f'NEW.{house}')}",
        "a row is written by somebody of the house that it names",
    )
