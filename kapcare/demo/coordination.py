"""A plan on which two houses agreed, one that waits for an answer, and goals with their lines."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from referrals.enums import Collaboration
from sessions.actions.coordination import Session, agree_to_plan, propose_plan
from sessions.actions.goals import begin_goal, record_progress
from sessions.enums.coordination import Duty, TalkHow, TalkOften

if TYPE_CHECKING:
    from kapcare.demo.story import ClinicalStory

SAFETY = {
    "safety_protocol": "Stay with her or on the phone. Grounding first; then call the clinic’s "
    "nurse on duty, who decides with the prescriber what comes next.",
    "escalation": "Therapist to nurse on duty, 555 0100; nurse to prescriber; prescriber to 911.",
    "hospitalisation": "Intent with a plan; psychosis or mania that is new; chest pain; a blood "
    "pressure above 180/110 that does not fall within the hour.",
    "after_hours_who": "Prescriber on call",
    "after_hours_phone": "555 0111",
    "after_hours_when": "17:00 to 08:00, and at weekends",
}
# goal, days ago it was begun, (days ago, 0 to 10, a line)
GOALS = (
    (
        "To sleep through the night",
        26,
        (
            (25, 2, "Wakes at three, most nights"),
            (14, 3, ""),
            (9, 5, "Two whole nights this week"),
            (2, 6, "Falls asleep again by herself"),
        ),
    ),
    (
        "To speak of her mother without bracing",
        20,
        ((20, 1, "Changes the subject"), (7, 4, "Told one story"), (2, 5, "")),
    ),
)


def agree_on_a_plan(story: "ClinicalStory") -> None:
    """Proposed by the coordinator and agreed to by the therapist, who prepares and integrates."""
    own = dict.fromkeys(("preparation_owner", "integration_owner"), story.referrer)
    plan = propose_plan(
        by=story.cast.coordinator,
        episode=story.episode,
        form_key=uuid4(),
        content={
            **SAFETY,
            **own,
            "collaboration": Collaboration.CLINIC_MEDICAL,
            "talk_how": TalkHow.PHONE,
            "talk_often": TalkOften.EACH_DOSE,
            "minutes_to_acknowledge": 30,
        },
    )
    agree_to_plan(by=story.referrer, plan=plan)


def propose_to_share(story: "ClinicalStory") -> None:
    """The KAP therapist proposes to divide the first two doses; the therapist has not answered."""
    kai, own = story.cast.kaptherapist, story.referrer
    propose_plan(
        by=kai,
        episode=story.episode,
        form_key=uuid4(),
        content={
            **SAFETY,
            "collaboration": Collaboration.SHARED,
            "preparation_owner": own,
            "integration_owner": own,
            "talk_how": TalkHow.VIDEO,
            "talk_often": TalkOften.WEEKLY,
            "minutes_to_acknowledge": 20,
            "remark": "I would be there after the first dose; from the third on it is all yours.",
        },
        sessions=[Session(1, Duty.INTEGRATION, kai), Session(2, Duty.PREPARATION, kai)],
    )


def keep_goals(story: "ClinicalStory") -> None:
    by, today = story.referrer, story.referral.practice.today
    for text, begun, ratings in GOALS:
        goal = begin_goal(
            by=by,
            referral=story.referral,
            form_key=uuid4(),
            text=text,
            begun_on=today - timedelta(days=begun),
        )
        for ago, rating, words in ratings:
            day = today - timedelta(days=ago)
            record_progress(by=by, goal=goal, form_key=uuid4(), day=day, rating=rating, text=words)
