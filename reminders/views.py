"""The clinic's own day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consent.clock import database_now
from people.enums import CLINICAL_ROLES, PRACTICE_ROLES, Role
from people.formats import clock, day, waited
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.enums import ReferralState
from referrals.models import Referral
from referrals.waiting import reply_expected
from reminders.dues import dues
from reminders.today import blocked_ahead, doses_today, notes_to_sign, windows
from sessions.actions.alerts import open_alerts
from sessions.notices import standing_notices
from sessions.permissions import NOTE_ROLES

TRIAGE_ROLES = (Role.COORDINATOR, Role.PRESCRIBER)
SHOWN = 10  # referrals beside the day; the queue has them all


@for_roles(*(role for role in Role if role in CLINICAL_ROLES - PRACTICE_ROLES))
def today(request: MemberRequest) -> HttpResponse:
    user, now = request.user, database_now()
    role = request.membership.role
    mine = request.GET.get("for") == "me"
    doses, found, notes = doses_today(user, now), windows(user, now), notes_to_sign(user, now)
    waiting = dues(user, now)
    if mine:
        doses = [dose for dose in doses if user in (dose.dosing.given_by, dose.dosing.planned_by)]
        notes = notes if role in NOTE_ROLES else []
        waiting = [due for due in waiting if due.mine]
    closing = [each for each in found.closing if not mine or each.owner == user]
    referrals = _to_triage(user, now) if role in TRIAGE_ROLES else []
    mends = ("consent", "order", "clearance") if role == Role.PRESCRIBER else ("consent",)
    ahead = blocked_ahead(user, now, mends)
    if mine:
        ahead = [dose for dose in ahead if user == dose.dosing.planned_by]
    context = {
        "now": timezone.localtime(now),
        "alerts": open_alerts(request.membership.organization_id),
        "notices": standing_notices(request.user),
        "doses": doses,
        "mine": mine,
        "ahead": ahead,
        "dues": waiting,
        "closing": closing,
        "missed": [row for row in found.missed if not mine or row.owner == user],
        "notes": notes,
        "referrals": referrals,
        "triages": role in TRIAGE_ROLES,
        "writes": role in NOTE_ROLES,
        "prescribes": role == Role.PRESCRIBER,
        "tiles": _day_tiles(doses, ahead, closing, notes, referrals, role),
    }
    return render(request, "reminders/today.html", context)


def _to_triage(user, now) -> list[dict]:
    """Referrals on which the clinic has the next move, the longest wait first."""
    rows = Referral.objects.open_to(user).to_triage()
    rows = rows.exclude(state=ReferralState.INFORMATION_ASKED)
    return [
        _triage_row(row, now)
        for row in rows.with_reply_days()
        .select_related("client", "practice", "referrer")
        .prefetch_related("interims")[:SHOWN]
    ]


def _triage_row(referral: Referral, now) -> dict:
    assert referral.submitted_at
    due = reply_expected(referral.submitted_at, referral.reply_days, referral.promised)
    wait = waited(referral.submitted_at, now)
    late = due <= timezone.localdate(now)
    words = "reply due today" if due == timezone.localdate(now) else f"reply due {day(due)}"
    return {"referral": referral, "late": late, "words": f"{wait.capitalize()}, {words}"}


def _coming(ahead) -> str:
    return f"Today none; {len(ahead)} coming up" if ahead else "Nothing is in the way"


def _day_tiles(doses, ahead, closing, notes, referrals, role) -> list[dict]:
    blocked = [dose for dose in doses if dose.blocked]
    here = sum(dose.state == "In session" for dose in doses)
    urgent = sum(each.window.closes_today for each in closing)
    tiles = [
        _tile(
            doses, "Doses today", f"{here} in session" if here else "Nobody is in session", "#doses"
        ),
        _tile(
            blocked,
            "Blocked",
            f"Next at {clock(blocked[0].dosing.at)}" if blocked else _coming(ahead),
            "#doses",
        ),
        _tile(
            closing,
            "Windows open",
            f"{urgent} close{'s' if urgent == 1 else ''} today" if urgent else "None closes today",
            "#windows",
        ),
    ]
    if role in TRIAGE_ROLES:
        late = sum(row["late"] for row in referrals)
        note = f"{late} due" if late else "None is due yet"
        return [*tiles, _tile(referrals, "Referrals to triage", note, "#referrals")]
    return [*tiles, _tile(notes, "Notes to sign", "Doses without a signed note", "#notes")]


def _tile(rows, label: str, note: str, url: str) -> dict:
    return {"count": len(rows), "label": label, "note": note, "url": url}
