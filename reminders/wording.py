"""The one wording. Each says that something waits and where; never a name, a drug or a diagnosis.

The letters to clients do not even name the clinic: its name can say what it treats. Nor do they
bear its number: a false letter would bear a false one.
"""

from django.conf import settings
from django.urls import reverse

from consent.models import AnswerLink
from people.models import Invitation, JoinRequest
from reminders.enums import WINDOWS, LetterKind, Stage
from reminders.models import Letter, Reminder, TextMessage
from reminders.notifications.reading import count_of
from sessions.models import QuestionLink

Mail = tuple[str, str]  # subject, body

SUBJECT = "Something is waiting for you in kapcare"
SIGN_IN = """Hello {name},

{what}

Sign in to see {more}:
{url}

This message holds no information about anybody, and needs no answer.
kapcare
"""
QUESTION = "If you have a question, call the office that you know."
TO_CLIENT = """Hello,

{what}

{how}

If you did not expect this message, call the office that you know, never a number in a mail.
"""


WHAT = {
    Stage.OPENING: "a time window that you look after has opened, and nothing is recorded in it "
    "yet.",
    Stage.HALFWAY: "half of a time window that you look after has passed, and nothing is booked or "
    "recorded in it yet.",
    Stage.CLOSING: "a time window that you look after closes soon, and nothing is recorded in it "
    "yet.",
    Stage.AGAIN: "you asked to be reminded: a time window that you look after is open, and nothing "
    "is recorded in it yet.",
}
BEFORE = "something waits for you before an appointment."


def of_reminder(reminder: Reminder) -> Mail:
    """For the owner of a reminder, the same for every client and window."""
    return SUBJECT, SIGN_IN.format(
        name=reminder.owner.name,
        what=WHAT[Stage(reminder.stage)] if reminder.kind in WINDOWS else BEFORE,
        more="which one and until when",
        url=settings.PUBLIC_URL + reverse("reminders:worklist"),
    )


def of_letter(letter: Letter) -> Mail:
    return OF_KIND[LetterKind(letter.kind)](letter)


def of_receipt(letter: Letter) -> Mail:
    """For a client: it says neither what for nor from whom."""
    assert letter.receipt
    return "A receipt is waiting for you", TO_CLIENT.format(
        what="A receipt for something that you decided, or that came to its end, waits for you.",
        how="You can read it on your own page, if you were given a link to it. "
        "Or call the office that you know and ask for a copy.",
    )


def of_ending(letter: Letter) -> Mail:
    """For administrators and recipients alike. Whose release it is stands behind the sign-in."""
    return _to_user(
        letter,
        "A release ends soon",
        what=f"a release that concerns you ends within {letter.days} days. "
        "After that it opens nothing, unless it is renewed and signed again.",
        more="which one",
    )


def of_emergency(letter: Letter) -> Mail:
    """For an administrator."""
    return _to_user(
        letter,
        "Emergency access was opened",
        what="somebody opened emergency access. It waits for your review.",
        more="who, why and until when",
    )


def of_alert(letter: Letter) -> Mail:
    """For clinical staff, and for whoever an emergency notice calls. What it is and about whom
    stands behind the sign-in."""
    return _to_user(
        letter,
        "Something needs attention now",
        what="something needs attention now, and waits for somebody to answer it.",
        more="what it is",
    )


def of_nudge(letter: Letter) -> Mail:
    """For the practice or the clinic, whoever has the next move. Which referral it is stands behind
    the sign-in."""
    return _to_user(
        letter,
        "A next step is waiting for you",
        what="something has waited for your next step for some days.",
        more="what it is, and since when",
    )


def of_unanswered(letter: Letter) -> Mail:
    """For the next in line. An administrator finds there that it waits, and nothing more."""
    return _to_user(
        letter,
        "Something urgent has had no answer",
        what="something urgent was raised, and nobody has answered it in time.",
        more="what waits",
        url=settings.PUBLIC_URL + reverse("care:notices"),
    )


def of_news(letter: Letter) -> Mail:
    """For anybody with an account: how many things are new, and neither of what kind nor about
    whom. It counts what they may know at the moment of sending."""
    count = count_of(letter)
    new = "something new waits" if count == 1 else f"{count} new things wait"
    return _to_user(
        letter,
        "Something new is waiting for you",
        what=f"{new} for you in kapcare.",
        more="what is new",
        url=settings.PUBLIC_URL + reverse("reminders:notifications"),
    )


def of_missed(letter: Letter) -> Mail:
    """For a coordinator: which window, and of whom, stands behind the sign-in."""
    return _to_user(
        letter,
        "A time window has closed",
        what="a time window has closed with nothing recorded in it.",
        more="which one, and who looks after it",
    )


def of_expiring(letter: Letter) -> Mail:
    """For whoever renews it. What it is and whose stands behind the sign-in."""
    return _to_user(
        letter,
        "Something ends soon",
        what=f"something that you look after ends within {letter.days} days.",
        more="what it is",
        url=settings.PUBLIC_URL + reverse("reminders:notifications"),
    )


def of_text(text: TextMessage) -> Mail:
    """For whoever wants text messages, the same whatever waits."""
    return SUBJECT, f"Something is waiting for you in kapcare. Sign in to see it: {_home()}"


OF_KIND = {
    LetterKind.RECEIPT: of_receipt,
    LetterKind.ENDING: of_ending,
    LetterKind.EMERGENCY: of_emergency,
    LetterKind.ALERT: of_alert,
    LetterKind.NUDGE: of_nudge,
    LetterKind.NOTICE: of_alert,
    LetterKind.UNANSWERED: of_unanswered,
    LetterKind.NEWS: of_news,
    LetterKind.MISSED: of_missed,
    LetterKind.CLEARANCE: of_expiring,
    LetterKind.LICENCE: of_expiring,
}


def of_signing_link(link: AnswerLink, url: str) -> Mail:
    """For a client: the address opens after their date of birth."""
    days = (link.expires_at - link.created_at).days
    return "A document is waiting for you", TO_CLIENT.format(
        what="A document waits for you to read. You decide whether to sign it. "
        f"This link works for {days} days and asks for your date of birth:\n{url}",
        how=QUESTION,
    )


def of_question_link(link: QuestionLink, url: str) -> Mail:
    """For a client: that there are questions, and not what about."""
    days = (link.expires_at - link.created_at).days
    return "Some questions are waiting for you", TO_CLIENT.format(
        what="Some questions wait for your answers. "
        f"This link works for {days} days and asks for your date of birth:\n{url}",
        how=QUESTION,
    )


def of_invitation(invitation: Invitation, url: str) -> Mail:
    """For somebody without an account: not who invites them, nor to what."""
    days = invitation.LASTS.days
    return "An account is waiting for you", TO_CLIENT.format(
        what=f"An account in kapcare waits for you. This link works once, for {days} days:\n{url}",
        how="You choose your own password there.",
    )


def of_declined_request(request: JoinRequest) -> Mail:
    """For somebody who asked to join: without the reason, and without the clinic's name."""
    return "Your request was answered", TO_CLIENT.format(
        what="You asked for an account in kapcare. No account was opened for you this time.",
        how=QUESTION,
    )


def _to_user(letter: Letter, subject: str, *, what: str, more: str, url: str = "") -> Mail:
    """`what` waits, and `more` of it stands behind the sign-in; at home where no `url` is given."""
    assert letter.user
    name = letter.user.name
    return subject, SIGN_IN.format(name=name, what=what, more=more, url=url or _home())


def _home() -> str:
    return settings.PUBLIC_URL + reverse("home")
