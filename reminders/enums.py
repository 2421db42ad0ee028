"""The vocabulary of what is sent."""

from django.db.models import TextChoices


class ReminderKind(TextChoices):
    PREPARATION = "preparation", "Preparation"
    PRIMARY = "primary", "Integration"
    SECONDARY = "secondary", "Consolidation"
    CHECK_IN = "check_in", "Check-in before a dose"
    QUESTIONS = "questions", "Questionnaires before a dose"


# The kinds that stand for a window: answered by a session, or missed.
WINDOWS = (ReminderKind.PREPARATION, ReminderKind.PRIMARY, ReminderKind.SECONDARY)


class Stage(TextChoices):
    """How often somebody is told of one thing, and when. The first stands for the thing itself:
    whether it was answered, or missed."""

    OPENING = "opening", "When it opens"
    HALFWAY = "halfway", "Half-way, if nothing is booked"
    CLOSING = "closing", "Before it closes"
    AGAIN = "again", "When they asked to be told again"


class LetterKind(TextChoices):
    RECEIPT = "receipt", "A receipt waits for the client"
    ENDING = "ending", "A release ends soon"
    EMERGENCY = "emergency", "Emergency access was opened"
    ALERT = "alert", "A safety alert stands"
    NUDGE = "nudge", "A referral waits for its next step"
    NOTICE = "notice", "An emergency notice was raised"
    UNANSWERED = "unanswered", "Nobody acknowledged an emergency notice in time"
    NEWS = "news", "Something new waits in the portal"
    MISSED = "missed", "A window closed with nothing held"
    CLEARANCE = "clearance", "A clearance ends soon"
    LICENCE = "licence", "A licence ends soon"


class ReminderState(TextChoices):
    PENDING = "pending", "Waiting for its window"
    SENT = "sent", "Sent"
    DONE = "done", "Session held"
    MISSED = "missed", "Window closed"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Could not be sent"


class CancelReason(TextChoices):
    DOSE_CHANGED = "dose_changed", "The dose was given or cancelled"
    RELEASE_ENDED = "release_ended", "No release permits it"
    NOT_THEIRS = "not_theirs", "It is no longer for this person"
    ANSWERED = "answered", "Somebody has answered it"
    NOTHING_NEW = "nothing_new", "Nothing of it is new and open to them"
    BOOKED = "booked", "A session is booked"
    TOGETHER = "together", "They were told of it together with another"
    SEEN_TO = "seen_to", "They said that they see to it"


class Outcome(TextChoices):
    UNKNOWN = "unknown", "Not known"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


class Told(TextChoices):
    """What somebody is told of in the portal."""

    MESSAGE = "message", "A message was written"
    REFERRAL_SENT = "referral_sent", "A referral came in"
    QUESTION_ANSWERED = "question_answered", "The practice answered the clinic"
    WITHDRAWN = "withdrawn", "A referral was withdrawn"
    LAPSED = "lapsed", "A referral lapsed"
    TAKEN_BACK = "taken_back", "A referral was entered in error"
    RECEIVED = "received", "The clinic confirmed receipt"
    REPLIED = "replied", "The clinic replied to a referral"
    MORE_TIME = "more_time", "The clinic asked for more time"
    BEGUN = "begun", "Treatment began"
    ENDED = "ended", "Treatment ended"
    HANDED_OVER = "handed_over", "A referral was handed over"
    COVER = "cover", "A cover was agreed"
    PLAN_PROPOSED = "plan_proposed", "A coordination plan was proposed"
    PLAN_AGREED = "plan_agreed", "A coordination plan is in force"
    INVITED = "invited", "An invitation to a case conference"
    CALLED_OFF = "called_off", "A case conference does not take place"
    DECISION = "decision", "A conference gave somebody something to do"
    NOTE_SIGNED = "note_signed", "A continuity note was signed"
    SESSION_LOGGED = "session_logged", "A session was logged"
    TIMES_PROPOSED = "times_proposed", "Times for a session were proposed"
    TIME_BOOKED = "time_booked", "A time was booked or moved"
    TIME_OFF = "time_off", "A time was declined or cancelled"
    RELEASE_SIGNED = "release_signed", "A release was signed"
    RELEASE_OVER = "release_over", "A release ended"
    RELEASE_ENDING = "release_ending", "A release ends soon"
    WINDOW = "window", "A window opened"
    WINDOW_MISSED = "window_missed", "A window closed with nothing held"
    CLEARANCE_ENDING = "clearance_ending", "A clearance ends soon"
    LICENCE_ENDING = "licence_ending", "A licence ends soon"
    ALERT = "alert", "A safety alert was raised"
    NOTICE = "notice", "An emergency notice was raised"
    UNANSWERED = "unanswered", "An emergency notice had no answer"


class Group(TextChoices):
    """Kinds of news that are set together."""

    MESSAGES = "messages", "Messages"
    REFERRALS = "referrals", "Referrals and cover"
    COORDINATION = "coordination", "Coordination plan and case conferences"
    NOTES = "notes", "Notes, sessions and times"
    RELEASES = "releases", "Releases"
    WINDOWS = "windows", "Windows"
    SAFETY = "safety", "Alerts and emergency notices"


class Way(TextChoices):
    """How mail tells of a group."""

    AT_ONCE = "at_once", "By mail, at once"
    DIGEST = "digest", "In one mail a day"
    PORTAL = "portal", "In the portal only"


_T, _G = Told, Group
GROUP_OF = {
    _T.MESSAGE: _G.MESSAGES,
    **dict.fromkeys((_T.REFERRAL_SENT, _T.QUESTION_ANSWERED, _T.WITHDRAWN), _G.REFERRALS),
    **dict.fromkeys((_T.LAPSED, _T.TAKEN_BACK, _T.RECEIVED, _T.REPLIED), _G.REFERRALS),
    **dict.fromkeys((_T.MORE_TIME, _T.BEGUN, _T.ENDED), _G.REFERRALS),
    **dict.fromkeys((_T.HANDED_OVER, _T.COVER), _G.REFERRALS),
    **dict.fromkeys((_T.PLAN_PROPOSED, _T.PLAN_AGREED), _G.COORDINATION),
    **dict.fromkeys((_T.INVITED, _T.CALLED_OFF, _T.DECISION), _G.COORDINATION),
    **dict.fromkeys((_T.NOTE_SIGNED, _T.SESSION_LOGGED), _G.NOTES),
    **dict.fromkeys((_T.TIMES_PROPOSED, _T.TIME_BOOKED, _T.TIME_OFF), _G.NOTES),
    **dict.fromkeys((_T.RELEASE_SIGNED, _T.RELEASE_OVER, _T.RELEASE_ENDING), _G.RELEASES),
    **dict.fromkeys((_T.WINDOW, _T.WINDOW_MISSED), _G.WINDOWS),
    **dict.fromkeys((_T.CLEARANCE_ENDING, _T.LICENCE_ENDING), _G.WINDOWS),
    **dict.fromkeys((_T.ALERT, _T.NOTICE, _T.UNANSWERED), _G.SAFETY),
}
# A letter of its own goes out about these, so that the mail of news leaves them out.
OWN_LETTER = frozenset(
    {
        *(_T.WINDOW, _T.WINDOW_MISSED, _T.CLEARANCE_ENDING, _T.LICENCE_ENDING),
        *(_T.RELEASE_ENDING, _T.ALERT, _T.NOTICE, _T.UNANSWERED),
    }
)
# Safety is not among them: its letters go at once. Windows are told of by mail in any case.
CHOSEN = (_G.MESSAGES, _G.REFERRALS, _G.COORDINATION, _G.NOTES, _G.RELEASES, _G.WINDOWS)


class ReasonKind(TextChoices):
    """Why a case is talked over at a conference, the most urgent first."""

    ALERT = "alert", "Safety alert"
    ADVERSE = "adverse", "Adverse event"
    WORSE = "worse", "Deterioration"
    MISSED = "missed", "Missed window"
    REFERRAL = "referral", "New referral"
    BY_HAND = "by_hand", "Put on by the team"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(ReasonKind).index(self)
