"""What the two sample clinics say of themselves. The first has changed its words once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from kapcare.demo.data import Cast
from people.credentials.actions import record_licence, record_training
from people.enums import LicenceKind, TrainingKind
from people.models import ProfileDraft, User
from people.profiles.actions import publish, save_draft
from people.profiles.questions import mask_of

NORTHFIELD: dict[str, Any] = {
    "takes_referrals": True,
    "wait_weeks": 2,
    "reply_days": 3,
    "answer_days": mask_of([0, 1, 2, 3, 4]),
    "answers_from": "08:30",
    "answers_until": "17:00",
    "phone": "555 0101",
    "dosing": """\
We give ketamine in the clinic only, as an injection into the muscle or as an infusion over
forty minutes. A usual first dose by injection is about 0.5 mg per kg of body weight, and we go
up slowly, by what was felt and by what the blood pressure did.

Most people have six doses in three weeks, each followed by an integration session within two
days. After that we decide with the client and with you whether to go on, usually with one dose
a month for a time. We do not prescribe ketamine to be taken at home.""",
    "staff_training": """\
Whoever sits with a client holds a clinical licence and has finished a program in
ketamine-assisted psychotherapy with supervised sessions. Everybody beside clients is trained in
basic life support, and our prescriber in advanced cardiac life support; we practise an
emergency in the treatment room four times a year.

We meet for two hours of case supervision every month, and twice a year somebody from outside
reads along.""",
    "safety": """\
Before the first dose our prescriber sees the client for ninety minutes: history, medicines,
blood pressure, an ECG where the heart gives reason. Before every dose we check identity, blood
pressure, food, escort, and how the last days were. Above 140/90 we hold and decide.

A nurse is in the room from the dose until discharge and writes down blood pressure, pulse and
oxygen every ten to fifteen minutes during an infusion, and at about forty minutes after an
injection. There are oxygen, a suction unit, a defibrillator and medicines for high blood
pressure in the room, and the emergency department of the county hospital is six minutes away.

Nobody goes home before they are oriented, steady on their feet and fetched by an adult. Nobody
drives until the next day.""",
    "integration": """\
Between one and three days before each dose somebody talks with the client about what they hope
for, what frightens them and what has helped them before. Most often that is you. If you would
rather not, one of our therapists does it.

The session that matters most lies one to two days after a dose, and a second one four to seven
days after it. We send you what was given, how the session went in general and what we would
look at next, so that you can begin where the client is. Where you and we share the sessions,
each one has a name beside it before the first dose.""",
    "collaboration": """\
You stay the therapist. We begin with a half-hour call about aims, about who does what and about
what to do in an emergency, and we write it down for both of us. During treatment you hear from
us within a day of each dose, and we ask you for a few lines before the next one: themes, sleep,
medicines, worries.

We take no decision about stopping or going on without having heard you. What we tell you is
what your client has signed for, and no more; the release is signed with us and can be taken
back at any time.""",
    "candidates": """\
We treat adults with depression or post-traumatic stress that two earlier treatments did not
help enough. They need to be stable enough for outpatient care, to have a therapist or to want
one, and to have somebody who stays with them after a dose.

We do not treat people with uncontrolled high blood pressure, an aneurysm or a recent stroke or
heart attack, with psychosis or mania now, in pregnancy, or while alcohol or drugs are used
daily. With raised pressure in the eye, with liver, thyroid or bladder disease we look closer.
You have our answer within three working days, and the client a first appointment about two
weeks later.""",
    "session": """\
A visit takes about three hours: half an hour to arrive, one to one and a half hours with the
medicine, an hour to come back. The room is quiet, with a bed, eye shades and music that the
client chooses; shoes off, telephone outside.

A nurse is always there, and a therapist too where psychotherapy during the dose is part of the
plan. You are welcome to sit with your client. Talking is possible and never expected.""",
    "aftercare": """\
We call on the evening of the first dose and on the next morning after every one. For effects
that come late, such as low mood on the third day, bad dreams or burning when passing water,
client and therapist can reach our nurse until 21:00 on every day, and after that the prescriber
on call.

We ask for PHQ-9 and GAD-7 every two weeks, and look with you at one, three and six months after
the last dose. If things get worse, we see the client within two working days.""",
}
FIRST_WORDS = {
    "wait_weeks": 5,
    "aftercare": """\
We call on the next morning after every dose. Our nurse can be reached until 18:00, and after
that the prescriber on call.

We ask for PHQ-9 and GAD-7 every two weeks.""",
}
HOLLOW_BROOK: dict[str, Any] = {
    "takes_referrals": False,
    "reply_days": 5,
    "answer_days": mask_of([1, 3]),
    "answers_from": "10:00",
    "answers_until": "15:00",
    "phone": "555 0162",
    "dosing": """\
Lozenges under the tongue, here in our rooms, beginning with 100 mg and never above 250 mg. Four
sessions, two weeks apart, then a pause of at least two months.""",
    "staff_training": """\
We are two people: a nurse practitioner, who prescribes and stays in the room, and an office
manager. The nurse practitioner has worked in psychiatry for eleven years and goes to peer
supervision in Albany every second Friday.""",
    "safety": """\
Blood pressure and oxygen before, at forty minutes and before leaving. We keep oxygen and a
defibrillator. We take on nobody whose heart or blood pressure is not well controlled, because
there is no physician in the house; for the same reason we give nothing by vein.""",
    "integration": """\
Preparation and integration are yours. We ask that the client sees you in the two days before a
session and again within two days after it, and we move our session if that cannot be.""",
    "collaboration": """\
One call before the first session and one after the last. In between we write after each session
and read what you write; we answer on Tuesdays and Thursdays.""",
    "candidates": """\
Adults with depression who are already in psychotherapy and whose therapist wants to go on with
them. No history of psychosis or mania, no daily use of alcohol or drugs, no pregnancy. We
decide after a first visit of an hour.""",
    "session": """\
Two and a half hours in a small house outside the village. The client lies or sits; the nurse
practitioner is present throughout and says little. An adult takes the client home.""",
    "aftercare": """\
We call on the next day. At night and at weekends we are not reached: the client needs to know
the county’s crisis line, and we give it to them in writing. A last visit three months after the
fourth session.""",
}


def load_profiles(cast: Cast) -> None:
    _publish(cast.administrator, {**NORTHFIELD, **FIRST_WORDS})
    _publish(cast.prescriber, NORTHFIELD)
    _train(cast)
    _publish(cast.hollow, HOLLOW_BROOK)


def _publish(by: User, content: dict[str, Any]) -> None:
    assert by.membership
    clinic = by.membership.organization
    content = {k: _prose(v) if isinstance(v, str) else v for k, v in content.items()}
    draft = ProfileDraft.objects.filter(organization=clinic).first()
    draft = save_draft(by=by, clinic=clinic, version=draft.version if draft else 0, content=content)
    publish(by=by, clinic=clinic, form_key=uuid4(), version=draft.version)


def _prose(text: str) -> str:
    """Paragraphs, each in one line."""
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))


def _train(cast: Cast) -> None:
    """What the second clinic has on file of its one prescriber."""
    today = cast.clinic.today
    about: dict[str, Any] = {"by": cast.hollowoffice, "person": cast.hollow}
    facts = {"kind": LicenceKind.NP, "number": "NY 330718", "issuer": "New York"}
    licence = {**facts, "expires_on": today + timedelta(days=500)}
    record_licence(**about, form_key=uuid4(), content=licence)
    for kind, hours in zip(TrainingKind, ("16", "20", "30"), strict=True):
        training = {
            "kind": kind,
            "topic": "Hudson Institute, ketamine-assisted psychotherapy",
            "hours": Decimal(hours),
            "completed_on": today - timedelta(days=200),
        }
        record_training(**about, form_key=uuid4(), content=training)
