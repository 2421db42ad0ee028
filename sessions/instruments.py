"""The questionnaires: their wording, their scores, and what a score means. Pure.

Each item is answered with one of `options`, worth its place in that list; the answers are kept as
one text of digits, and every item has to be answered: none of the three scales defines a score of
a part of it that would stand beside a whole one.
"""

from dataclasses import dataclass

from sessions.enums.outcomes import Instrument

ITEM_9 = 8  # the place of PHQ-9's question about death and self-harm
REMISSION_BELOW = 5  # PHQ-9
RELIABLE_CHANGE = 15  # PCL-5


@dataclass(frozen=True)
class Band:
    """Scores from `least` to `most`, both included."""

    least: int
    most: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} {self.least}–{self.most}"


@dataclass(frozen=True)
class Questionnaire:
    """One questionnaire as it is asked. `first` is what the first option is worth."""

    instrument: Instrument
    stem: str
    items: tuple[str, ...]
    options: tuple[str, ...]
    bands: tuple[Band, ...] = ()
    first: int = 0
    note: str = ""

    @property
    def name(self) -> str:
        return str(self.instrument.label)

    @property
    def digits(self) -> str:
        """What each item may be answered with."""
        return "".join(str(self.first + place) for place in range(len(self.options)))

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(zip(self.digits, self.options, strict=True))

    @property
    def most(self) -> int:
        """The highest score there is."""
        return len(self.items) * int(self.digits[-1])

    def is_whole(self, answers: str) -> bool:
        """Whether every item is answered, each with one of its options."""
        return len(answers) == len(self.items) and set(answers) <= set(self.digits)

    def score(self, answers: str) -> int:
        """The sum of the answers. Raises ValueError unless all are there and possible."""
        if not self.is_whole(answers):
            raise ValueError(f"{self.name} has {len(self.items)} answers from {self.digits}")
        return sum(map(int, answers))

    def band(self, score: int) -> Band:
        """Where a score from 0 to `most` lies; ValueError beyond."""
        for band in self.bands:
            if band.least <= score <= band.most:
                return band
        raise ValueError(f"{self.name} has no score {score}")

    def goal(self, baseline: int) -> int | None:
        """The highest score that is an improvement on `baseline`: for PHQ-9 and GAD-7 a fall of at
        least 50 %, for PCL-5 of at least 15 points. None where no score can be."""
        if self.instrument == Instrument.PCL5:
            return baseline - RELIABLE_CHANGE if baseline >= RELIABLE_CHANGE else None
        return baseline // 2 if baseline else None

    @property
    def goal_name(self) -> str:
        """What an improvement by that much is called."""
        return "Reliable improvement" if self.instrument == Instrument.PCL5 else "Response"

    def responds(self, baseline: int, score: int) -> bool:
        """Whether `score` is such an improvement."""
        goal = self.goal(baseline)
        return goal is not None and score <= goal

    def worsens(self, baseline: int, score: int) -> bool:
        """Reliable worsening, which only PCL-5 defines."""
        return self.instrument == Instrument.PCL5 and score - baseline >= RELIABLE_CHANGE

    def remits(self, score: int) -> bool:
        """Remission, which only PHQ-9 defines: below 5."""
        return self.instrument == Instrument.PHQ9 and score < REMISSION_BELOW


TWO_WEEKS = ("Not at all", "Several days", "More than half the days", "Nearly every day")

PHQ9 = Questionnaire(
    Instrument.PHQ9,
    "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    (
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
        "Trouble falling or staying asleep, or sleeping too much",
        "Feeling tired or having little energy",
        "Poor appetite or overeating",
        "Feeling bad about yourself — or that you are a failure or have let yourself or your "
        "family down",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — "
        "being so fidgety or restless that you have been moving around a lot more than usual",
        "Thoughts that you would be better off dead or of hurting yourself in some way",
    ),
    TWO_WEEKS,
    (
        Band(0, 4, "Minimal"),
        Band(5, 9, "Mild"),
        Band(10, 14, "Moderate"),
        Band(15, 19, "Moderately severe"),
        Band(20, 27, "Severe"),
    ),
    note="Response is a fall of at least 50% from the first score; remission is a score below 5.",
)
"""Kroenke K, Spitzer RL, Williams JB. The PHQ-9: validity of a brief depression severity measure.
J Gen Intern Med 2001;16:606–613. No permission is required to reproduce it."""

DIFFICULTY = (
    "If you checked off any problems, how difficult have these problems made it for you to do your "
    "work, take care of things at home, or get along with other people?",
    ("Not difficult at all", "Somewhat difficult", "Very difficult", "Extremely difficult"),
)
"""The tenth question of PHQ-9. It is not scored, and whoever has no problem leaves it out."""

GAD7 = Questionnaire(
    Instrument.GAD7,
    "Over the last 2 weeks, how often have you been bothered by the following problems?",
    (
        "Feeling nervous, anxious, or on edge",
        "Not being able to stop or control worrying",
        "Worrying too much about different things",
        "Trouble relaxing",
        "Being so restless that it is hard to sit still",
        "Becoming easily annoyed or irritable",
        "Feeling afraid, as if something awful might happen",
    ),
    TWO_WEEKS,
    (
        Band(0, 4, "Minimal"),
        Band(5, 9, "Mild"),
        Band(10, 14, "Moderate"),
        Band(15, 21, "Severe"),
    ),
    note="Response is a fall of at least 50% from the first score.",
)
"""Spitzer RL, Kroenke K, Williams JB, Löwe B. A brief measure for assessing generalized anxiety
disorder: the GAD-7. Arch Intern Med 2006;166:1092–1097. No permission is required to reproduce
it."""

PCL5 = Questionnaire(
    Instrument.PCL5,
    "Below is a list of problems that people sometimes have in response to a very stressful "
    "experience. Please read each problem carefully and then choose how much you have been "
    "bothered by that problem in the past month. In the past month, how much were you bothered by:",
    (
        "Repeated, disturbing, and unwanted memories of the stressful experience?",
        "Repeated, disturbing dreams of the stressful experience?",
        "Suddenly feeling or acting as if the stressful experience were actually happening again "
        "(as if you were actually back there reliving it)?",
        "Feeling very upset when something reminded you of the stressful experience?",
        "Having strong physical reactions when something reminded you of the stressful experience "
        "(for example, heart pounding, trouble breathing, sweating)?",
        "Avoiding memories, thoughts, or feelings related to the stressful experience?",
        "Avoiding external reminders of the stressful experience (for example, people, places, "
        "conversations, activities, objects, or situations)?",
        "Trouble remembering important parts of the stressful experience?",
        "Having strong negative beliefs about yourself, other people, or the world (for example, "
        "having thoughts such as: I am bad, there is something seriously wrong with me, no one "
        "can be trusted, the world is completely dangerous)?",
        "Blaming yourself or someone else for the stressful experience or what happened after it?",
        "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
        "Loss of interest in activities that you used to enjoy?",
        "Feeling distant or cut off from other people?",
        "Trouble experiencing positive feelings (for example, being unable to feel happiness or "
        "have loving feelings for people close to you)?",
        "Irritable behavior, angry outbursts, or acting aggressively?",
        "Taking too many risks or doing things that could cause you harm?",
        "Being “superalert” or watchful or on guard?",
        "Feeling jumpy or easily startled?",
        "Having difficulty concentrating?",
        "Trouble falling or staying asleep?",
    ),
    ("Not at all", "A little bit", "Moderately", "Quite a bit", "Extremely"),
    (Band(0, 30, "Below the cut-off"), Band(31, 80, "Suggests PTSD")),
    note="A score from 31 to 33 on suggests PTSD; an interview decides. A change of 15 points or "
    "more from the first score is reliable.",
)
"""Weathers FW, Litz BT, Keane TM, Palmieri PA, Marx BP, Schnurr PP. The PTSD Checklist for DSM-5
(PCL-5), past-month version. National Center for PTSD, 2013; public domain. The lowest of the
cut-offs that the Center names, 31, is the one drawn: it overlooks the fewest."""

SATISFACTION = Questionnaire(
    Instrument.SATISFACTION,
    "How much do you agree? Nobody outside the clinic reads this.",
    (
        "I was treated with respect",
        "I knew what would happen and why",
        "The care here helps me",
    ),
    ("Not at all", "A little", "Partly", "Mostly", "Fully"),
    first=1,
)
"""The clinic's own three questions: the usual scales of satisfaction are not free to reproduce."""

QUESTIONNAIRES = {each.instrument: each for each in (PHQ9, GAD7, PCL5, SATISFACTION)}
