"""Who may record what. Each check raises with a sentence that can be shown."""

from django.core.exceptions import PermissionDenied

from consent.access import Reader
from people.enums import CLINICAL_ROLES, TREATING_ROLES, Role
from referrals.models import Referral
from referrals.permissions import user_can_edit
from sessions.enums.coordination import Side
from sessions.models import (
    ContinuityNote,
    Discrepancy,
    EmergencyNotice,
    EpisodeOfCare,
    StockEntry,
)
from sessions.models.psychotherapy import KEPT_BY

MEDICAL_ROLES = frozenset({Role.PRESCRIBER, Role.NURSE})
NOTE_ROLES = frozenset({Role.PRESCRIBER, Role.KAP_THERAPIST})
STOCK_ROLES = frozenset({Role.PRESCRIBER, Role.NURSE})
COORDINATING_ROLES = frozenset({Role.PRESCRIBER, Role.COORDINATOR, Role.KAP_THERAPIST})


def _check(user, clinic_id: int, roles, sentence: str) -> None:
    membership = user.membership
    if membership is None or membership.organization_id != clinic_id:
        raise PermissionDenied("Only the clinic that treats the client can do this.")
    if membership.role not in roles:
        raise PermissionDenied(sentence)


def check_user_can_work_on(user, episode: EpisodeOfCare) -> None:
    """Everybody with a clinical role at the clinic."""
    _check(user, episode.clinic_id, CLINICAL_ROLES, "Clinical staff of the clinic do this.")


def check_user_can_treat(user, episode: EpisodeOfCare) -> None:
    """Prescriber, nurse and KAP therapist: those beside the client."""
    sentence = "A prescriber, nurse or KAP therapist does this."
    _check(user, episode.clinic_id, TREATING_ROLES, sentence)


def check_user_can_judge(user, episode: EpisodeOfCare) -> None:
    """Whether a client is stable enough to leave: a prescriber or a nurse."""
    _check(user, episode.clinic_id, MEDICAL_ROLES, "A prescriber or nurse judges this.")


def check_user_can_prescribe(user, clinic_id: int) -> None:
    """Clearance and orders are a prescriber's."""
    _check(user, clinic_id, {Role.PRESCRIBER}, "Only a prescriber can do this.")


def check_user_can_write_note(user, episode: EpisodeOfCare) -> None:
    _check(user, episode.clinic_id, NOTE_ROLES, "A prescriber or KAP therapist writes the note.")


def check_user_can_sign_note(user, note: ContinuityNote) -> None:
    """Whoever writes notes may sign one; a signed one is not signed again, and nothing is added to
    a note that was entered in error."""
    check_user_can_write_note(user, note.episode)
    if note.signed_at:
        raise PermissionDenied("This note is signed. Add to it instead of changing it.")
    if note.adds_to and note.adds_to.in_error_at:
        raise PermissionDenied("The note was entered in error. Nothing is added to it any more.")


def check_user_can_add_to(user, note: ContinuityNote) -> None:
    """Only a signed note is added to, and an addition itself is not."""
    check_user_can_write_note(user, note.episode)
    if not note.signed_at or note.adds_to_id or note.in_error_at:
        raise PermissionDenied("Only a signed note that holds is added to.")


def check_user_can_mark_in_error(user, note: ContinuityNote) -> None:
    """Whoever signed a note, and every prescriber of the clinic."""
    check_user_can_write_note(user, note.episode)
    if not note.signed_at:
        raise PermissionDenied("Only a signed note is marked. A draft can still be changed.")
    if note.signed_by_id != user.pk and user.membership.role != Role.PRESCRIBER:
        raise PermissionDenied("Whoever signed it, or a prescriber, marks it as entered in error.")


def check_user_can_keep_own_notes(user, episode: EpisodeOfCare) -> None:
    """Those who hold sessions keep psychotherapy notes, each their own."""
    sentence = "A KAP therapist or prescriber keeps psychotherapy notes."
    _check(user, episode.clinic_id, KEPT_BY, sentence)


def check_user_can_keep_stock(user, clinic_id: int) -> None:
    """Every line of the drug log but that of a second person; those who treat may read it."""
    _check(user, clinic_id, STOCK_ROLES, "A prescriber or nurse keeps the drug log.")


def check_user_can_confirm(user, entry: StockEntry) -> None:
    """A second person of those who treat, signed in as themselves."""
    sentence = "A prescriber, nurse or KAP therapist confirms this."
    _check(user, entry.vial.clinic_id, TREATING_ROLES, sentence)
    if entry.recorded_by_id == user.pk:
        raise PermissionDenied(
            "You recorded this. A second person confirms it, signed in as themselves."
        )


def check_user_can_resolve(user, discrepancy: Discrepancy) -> None:
    """A prescriber, and never the one who found it."""
    entry = discrepancy.entry
    sentence = "Only a prescriber can close a discrepancy."
    _check(user, entry.vial.clinic_id, {Role.PRESCRIBER}, sentence)
    if entry.recorded_by_id == user.pk:
        raise PermissionDenied("You found this yourself. Another prescriber closes it.")


def check_user_can_raise(user, referral: Referral) -> None:
    """An emergency notice: clinical staff of the clinic, and every therapist on the case. No
    release, no state of the referral and no episode is asked for."""
    membership = user.membership
    role = membership.role if membership else None
    on_case = Referral.objects.filter(pk=referral.pk).sent().open_to(user).exists()
    if role not in CLINICAL_ROLES - {Role.PHYSICIAN} or not on_case:
        raise PermissionDenied("Staff of the clinic and therapists on the case raise a notice.")


def check_user_can_acknowledge(user, notice: EmergencyNotice) -> None:
    """Somebody else than who raised it, who may have its words. What came from outside, the clinic
    acknowledges."""
    rows = EmergencyNotice.objects.filter(pk=notice.pk)
    if not rows.open_to(user).exists() or not notice.told.permitted(Reader.of(user)):
        raise PermissionDenied("You cannot acknowledge this notice.")
    if notice.raised_by_id == user.pk:
        raise PermissionDenied("You raised this. Somebody else acknowledges it.")
    clinic = notice.referral.clinic_id
    if notice.organization_id != clinic and user.membership.organization_id != clinic:
        raise PermissionDenied("The clinic acknowledges this.")


def check_user_can_coordinate(user, episode: EpisodeOfCare) -> Side:
    """The side for which this person proposes and answers a coordination plan: a prescriber,
    coordinator or KAP therapist of the clinic, and the therapist who coordinates the case."""
    membership = user.membership
    if membership is not None and membership.organization_id == episode.clinic_id:
        sentence = "A prescriber, coordinator or KAP therapist does this."
        _check(user, episode.clinic_id, COORDINATING_ROLES, sentence)
        return Side.CLINIC
    if membership is None or membership.role != Role.THERAPIST:
        raise PermissionDenied("Only the two houses that share the care do this.")
    if not user_can_edit(user, episode.referral):
        raise PermissionDenied("The therapist who coordinates the case does this.")
    return Side.PRACTICE


def check_user_can_keep_goals(user, referral: Referral) -> None:
    """The therapists of the practice who contribute to the case."""
    membership = user.membership
    if (
        membership is None
        or membership.role != Role.THERAPIST
        or membership.organization_id != referral.practice_id
        or not Referral.objects.filter(pk=referral.pk).open_to(user, "contribute_case").exists()
    ):
        raise PermissionDenied("The therapists of the practice on this case keep its goals.")


def check_user_can_prescribe_in(user, episode: EpisodeOfCare) -> None:
    """As `check_user_can_prescribe`, for the clinic of this episode."""
    check_user_can_prescribe(user, episode.clinic_id)


# By the verb of a task (`sessions/progress.py`), who may open the page where it is done.
TASK_CHECKS = {
    **dict.fromkeys(("intake", "screening", "complete_screening"), check_user_can_treat),
    "clearance": check_user_can_prescribe_in,
    "consults": check_user_can_work_on,
    "preparation": check_user_can_treat,
    "consent": check_user_can_work_on,
    "plan_dose": check_user_can_prescribe_in,
    "dosing": check_user_can_work_on,
    **dict.fromkeys(("follow_up", "delayed_check"), check_user_can_treat),
    "note": check_user_can_work_on,
}
