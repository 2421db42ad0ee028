"""The statements of a release: kapcare's own wording, and what a clinic's wording must keep.

Templates for counsel to review. Names in braces are filled in for each release. The functions
serve any document of statements: a consent to treatment has its own (`consent.treatment.wording`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from django.core.exceptions import ValidationError

from consent.models import WordingVersion
from people.validators import validate_text

LONGEST = 1000  # characters of one statement of a release


@dataclass(frozen=True)
class Statement:
    """One statement: what it is for, the usual words, the names it must fill in, its source."""

    label: str
    text: str
    must_name: frozenset[str]
    source: str
    longest: int = LONGEST


Statements = Mapping[str, Statement]

STATEMENTS: Statements = {
    "withdraw": Statement(
        "The right to withdraw, and how",
        "You may withdraw this at any time: {how}",
        frozenset({"how"}),
        "45 CFR 164.508(c)(2)(i); 42 CFR 2.31(a)(6)",
    ),
    "reliance": Statement(
        "What withdrawing does not undo",
        "What was shared before you withdraw it stays shared, because others relied on it.",
        frozenset(),
        "45 CFR 164.508(c)(2)(i)(A); 42 CFR 2.31(a)(6)",
    ),
    "not_conditioned": Statement(
        "Care does not depend on signing",
        "Your care at {clinic} stays the same whether you sign or not.",
        frozenset({"clinic"}),
        "45 CFR 164.508(c)(2)(ii)",
    ),
    "redisclosure": Statement(
        "It may be passed on",
        "{recipients} might pass it on, and it may then no longer be protected.",
        frozenset({"recipients"}),
        "45 CFR 164.508(c)(2)(iii)",
    ),
    "copy": Statement(
        "A copy for the client",
        "You get a copy, and you can see who looked.",
        frozenset(),
        "45 CFR 164.508(c)(4)",
    ),
    "part2": Statement(
        "Substance-use records of a program under 42 CFR part 2",
        "Records of a substance-use program are protected by federal law. Once shared for "
        "treatment, payment or health care operations they may be shared again and may no longer "
        "be protected. If you do not agree, those records stay closed and your treatment goes on.",
        frozenset(),
        "42 CFR 2.31(a)(10)",
    ),
    "electronic": Statement(
        "Signing electronically",
        "I agree to sign electronically. I can ask {clinic} for paper instead.",
        frozenset({"clinic"}),
        "15 USC 7001(c)",
    ),
}


def usual_statements(of: Statements = STATEMENTS) -> dict[str, str]:
    """kapcare's own words, which hold until a clinic writes its own."""
    return {key: statement.text for key, statement in of.items()}


def names_in(of: Statements) -> frozenset[str]:
    """The names that may be filled in."""
    return frozenset().union(*(statement.must_name for statement in of.values()))


def check_statements(statements: dict[str, str], of: Statements = STATEMENTS) -> None:
    """Raises ValidationError, by statement, where one is missing or cannot be filled in."""
    errors, names = {}, names_in(of)
    for key, statement in of.items():
        problem = _problem(statements.get(key, "").strip(), statement, names)
        if problem:
            errors[key] = problem
    if errors or set(statements) - set(of):
        raise ValidationError(errors or "Choose from the statements of this document.")


def _problem(text: str, statement: Statement, names: frozenset[str]) -> str:
    if not text:
        if statement.source:
            return f"The law asks for this statement ({statement.source})."
        return "A consent is informed only with this section. Write it."
    try:
        validate_text(text, statement.longest)
        found = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValidationError as error:
        return error.messages[0]
    except ValueError:
        return "A brace is not closed. Write names as {clinic}."
    if any(spec or conversion for _, _, spec, conversion in found):
        return "Write names plainly, such as {clinic}."
    used = {name for _, name, _, _ in found if name is not None}
    if unknown := used - names:
        return f"Nothing is called {{{sorted(unknown)[0]}}}. Use {_listed(names)}."
    if missing := statement.must_name - used:
        return f"Keep {_listed(missing)} in it, so that it can be filled in."
    return ""


def _listed(names) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


def filled(
    key: str, version: WordingVersion | None, of: Statements = STATEMENTS, **names: str
) -> str:
    """One statement in the words of a clinic's version, or in kapcare's where there is none."""
    text = (version.statements if version else {}).get(key) or of[key].text
    return text.format(**names)
