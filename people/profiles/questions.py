"""What a profile answers: eight questions in words, and a few facts in numbers. Pure.

The questions are those that a therapist is advised to ask a ketamine clinic before referring.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

LONGEST = 3000  # characters of one answer
LONGEST_PHONE = 40
MOST_REPLY_DAYS = 10  # working days
MOST_WEEKS = 104  # of waiting
EVERY_DAY = 0b111_1111
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Question(NamedTuple):
    label: str
    hint: str  # what a good answer tells


QUESTIONS = {
    "dosing": Question(
        "How the medicine is dosed and given",
        "Routes, usual doses and how they are decided on, how many doses in which time, who "
        "gives them.",
    ),
    "staff_training": Question(
        "How the staff are trained",
        "What everybody beside clients has learned, and how it is kept up. The hours on file are "
        "shown beside it by themselves.",
    ),
    "safety": Question(
        "Safety: measures, staff and equipment",
        "What is checked before, watched during and needed to go home; who is there, with which "
        "equipment; what happens in an emergency.",
    ),
    "integration": Question(
        "Setting intentions and integrating",
        "How a client prepares, and who integrates afterwards, when and how often.",
    ),
    "collaboration": Question(
        "Working with outside therapists",
        "What you send and what you ask for, how and how often you talk, who decides what.",
    ),
    "candidates": Question(
        "How candidates are chosen",
        "Who fits and who does not, which examinations there are, how long a decision takes.",
    ),
    "session": Question(
        "What a session is like",
        "Its length and the room, who is with the client, what support there is, the way home.",
    ),
    "aftercare": Question(
        "Follow-up and aftercare",
        "The days after, effects that come late, whom to call at night, what follows treatment.",
    ),
}
# What else has to be said before a profile is published, and the sentence that asks for it.
FACTS = {
    "takes_referrals": "Say whether you take new referrals now.",
    "reply_days": "Say within how many working days you answer a referral.",
    "answer_days": "Choose the days on which somebody answers.",
    "answers_from": "Say from what time somebody answers.",
    "answers_until": "Say until what time somebody answers.",
    "phone": "Give a phone number for questions.",
}
NAMES = (*FACTS, "wait_weeks", *QUESTIONS)
EMPTY = (None, "")
WAIT = "Say how many weeks a new client usually waits."


def missing(content: Mapping[str, Any]) -> dict[str, str]:
    """By the name of what is still open, the sentence that asks for it; nothing for a whole one."""
    asked = {**FACTS, **{name: f"Answer “{each.label}”." for name, each in QUESTIONS.items()}}
    if content.get("takes_referrals"):
        asked["wait_weeks"] = WAIT
    return {name: asked[name] for name in NAMES if name in asked and content.get(name) in EMPTY}


def mask_of(weekdays: list[int]) -> int:
    """Days of the week, Monday is 0, as one number of seven bits; Monday is the lowest."""
    return sum(1 << each for each in set(weekdays))


def weekdays_of(mask: int) -> list[int]:
    return [each for each in range(7) if mask >> each & 1]


def day_words(mask: int) -> str:
    """Monday to Friday; Tuesday and Thursday; Monday, Wednesday and Friday."""
    days = weekdays_of(mask)
    names = [DAYS[each] for each in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
