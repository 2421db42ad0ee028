"""The sections of a consent to treatment in kapcare's own words: a template.

The clinic's prescriber makes them the clinic's own, and its counsel signs them off. Each section
stands in every consent; each line of it becomes a line of the document.
"""

from consent.documents.wording import STATEMENTS, Statement

LONGEST = 2000  # characters of one section
NOBODY: frozenset[str] = frozenset()


def _section(label: str, *lines: str, must_name: frozenset[str] = NOBODY) -> Statement:
    return Statement(label, "\n".join(lines), must_name, source="", longest=LONGEST)


SECTIONS = {
    "treatment": _section(
        "What the treatment is",
        "The medicine is ketamine, an anesthetic. In lower doses it can ease depression and some "
        "other conditions. For a while it changes how you see, hear and feel.",
        "It is given at {clinic} and nowhere else: as an injection, an infusion, a nasal spray, or "
        "a tablet that dissolves in the mouth. Your prescriber chooses the way and the amount with "
        "you.",
        must_name=frozenset({"clinic"}),
    ),
    "session": _section(
        "What happens in a session",
        "Before a dose we ask how you are and measure your blood pressure, pulse and oxygen. We "
        "measure them again while the medicine works.",
        "You feel it within minutes, most of it for one to two hours. You may feel far away, see "
        "images, lose track of time, or have strong feelings. Somebody is with you or close by.",
        "You go home when you are awake and steady, with an adult who takes you there.",
    ),
    "benefits": _section(
        "What may get better",
        "Many people feel less depressed or anxious, sometimes within hours or days.",
        "Not everybody does, and nobody can promise it. The effect of one dose often fades within "
        "days or weeks, so several doses are usual.",
    ),
    "risks": _section(
        "Risks and side effects",
        "Common, usually over within two hours: feeling unreal or far away, dizziness, sleepiness, "
        "nausea or vomiting, headache, blurred sight, higher blood pressure and heart rate.",
        "Less common: fear or panic, distressing memories, confusion.",
        "Rare and serious: trouble breathing, an allergic reaction, an emergency of heart or "
        "circulation, an episode of psychosis or mania. We watch for them.",
        "As the effect fades, low mood or thoughts of suicide may come back or get worse. At any "
        "hour, day or night: call or text 988, in danger call 911, and tell us as soon as you can.",
        "With repeated use: bladder trouble, trouble with memory, harm to the liver, dependence or "
        "misuse. Tell us at once about pain or blood when you pass water.",
        "It can harm an unborn child. Tell us if you are or may be pregnant, or if you breastfeed. "
        "Alcohol, opioids, sedatives and some other medicines add to the risk: tell us all you "
        "take.",
    ),
    "alternatives": _section(
        "What else you could do",
        "Other medicines, psychotherapy, stimulation of the brain by magnet or current (TMS, ECT), "
        "and esketamine, a nasal spray that is approved for some kinds of depression.",
        "You can also choose no treatment. Your symptoms may then stay, get better or get worse.",
    ),
    "off_label": _section(
        "The use is off-label",
        "The US Food and Drug Administration has approved ketamine as an anesthetic, not for "
        "depression or other mental health conditions. Using an approved medicine for something "
        "else is called off-label use. It is lawful. Less is known about its effects over years.",
    ),
    "driving": _section(
        "No driving until the next day",
        "Do not drive, use machines or decide anything important until the next day, after a "
        "night’s sleep, and not before 24 hours have passed since the dose.",
    ),
    "voluntary": _section(
        "You are free to say no",
        "You decide. You may say no, ask for more time, or stop at any moment, during a session "
        "too. The rest of your care at {clinic} stays the same.",
        must_name=frozenset({"clinic"}),
    ),
    "questions": _section(
        "Your questions",
        "{prescriber} explained this to you and answered your questions. You can ask again at any "
        "time, before and after you sign.",
        must_name=frozenset({"prescriber"}),
    ),
    "electronic": STATEMENTS["electronic"],
}
