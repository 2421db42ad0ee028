"""Reading a case through the one door, for pages, fragments and documents alike."""

from datetime import UTC, datetime

from django.db.models import Q
from django.http import HttpRequest

from consent.access import Access, Reader
from consent.disclosure import Disclosed, disclose
from consent.enums import Category, Channel
from consent.models import DisclosableItem, OutsideContact, Release, ReleaseRecipient
from consent.scope import Scope, scopes_of
from people.models import User
from people.permissions import allowed
from referrals.models import ContextItem, Referral
from sessions.actions.integration import check_user_can_log_session
from sessions.models import (
    Appointment,
    CareEvent,
    CoordinationAnswer,
    CoordinationPlan,
    EpisodeOfCare,
    Goal,
    GoalEnd,
    GoalProgress,
    IntegrationSession,
    NoteSection,
    OutcomeResponse,
    SessionThemes,
)

FAR_AWAY = datetime.max.replace(tzinfo=UTC)  # where a release ends by an event, not on a date
SHOWN = ("all", "others", "ours")  # whose words are shown: "ours" are the reader's own


def chosen(request: HttpRequest) -> str:
    """Which part of the days the reader asks for."""
    show = request.GET.get("show", "all")
    return show if show in SHOWN else "all"


def read_case(
    user: User, referral: Referral, *, channel: Channel = Channel.PAGE, show: str = "all"
) -> Disclosed:
    """What `user` may read of this case now; for the clinic, what it was sent as well. A page
    shows where the coordination plan stands, too."""
    reader = Reader.of(user)
    ours = Q(author_organization=reader.organization)
    whose = {"all": Q(), "ours": ours, "others": ~ours}[show]
    kinds = kinds_of_case(referral, whose)
    kinds[SessionThemes] = Q(session__episode__referral=referral) & whose
    if channel == Channel.PAGE:
        kinds |= between(referral)
        kinds[Appointment] = Q(episode__referral=referral)
    if reader.organization == referral.clinic_id:
        kinds[ContextItem] = Q(referral=referral)
        kinds |= goals_of(referral)
    return disclose(to=reader, about={referral.client_id}, kinds=kinds, channel=channel)


def kinds_of_case(referral: Referral, whose: Q | None = None) -> dict[type[DisclosableItem], Q]:
    """The items of one case that its readers are shown."""
    of_episode, whose = Q(episode__referral=referral), whose or Q()
    return {
        CareEvent: of_episode & whose,
        NoteSection: Q(note__episode__referral=referral) & whose,
        IntegrationSession: of_episode & whose,
        OutcomeResponse: of_episode & whose,
    }


def read_outcomes(user: User, referral: Referral) -> Disclosed:
    """The scores of one case and the dates of its doses, and nothing else of it."""
    of_episode = Q(episode__referral=referral)
    kinds = {OutcomeResponse: of_episode, CareEvent: of_episode & Q(dosing__isnull=False)}
    about = {referral.client_id}
    return disclose(to=Reader.of(user), about=about, kinds=kinds, channel=Channel.PAGE)


def read_answers(user: User, referral: Referral, response: int) -> OutcomeResponse | None:
    """One response of the reader's own organisation, whose answers may then be asked for."""
    reader = Reader.of(user)
    own = Q(pk=response, episode__referral=referral, author_organization=reader.organization)
    kinds: dict[type[DisclosableItem], Q] = {OutcomeResponse: own}
    about = {referral.client_id}
    found = disclose(to=reader, about=about, kinds=kinds, channel=Channel.PAGE)
    return next(iter(found.of(OutcomeResponse)), None)


def read_note(
    user: User, referral: Referral, note: int, *, channel: Channel = Channel.PAGE
) -> Disclosed:
    """What `user` may read now of one note of this case and of what was added to it."""
    of_note = Q(note=note) | Q(note__adds_to=note)
    return disclose(
        to=Reader.of(user),
        about={referral.client_id},
        kinds={NoteSection: Q(note__episode__referral=referral) & of_note},
        channel=channel,
    )


def contacts_to_copy_for(referral: Referral, at: datetime) -> list[OutsideContact]:
    """The contacts to whom something of the clinic's is open now: staff can print it for them."""
    released = Release.objects.in_force(at).of_clinic(referral.clinic_id)
    named = ReleaseRecipient.objects.filter(
        contact__isnull=False, release__in=released.filter(client=referral.client_id)
    )
    contacts = OutsideContact.objects.filter(pk__in=named.values("contact")).order_by("name", "pk")
    about = [referral.client_id]
    return [
        contact
        for contact in contacts
        if Access.load(Reader.outside(contact), about, at).categories(
            referral.client_id, referral.clinic_id
        )
    ]


def opened(found: Disclosed, referral: Referral) -> bool:
    """Whether a release in force opens anything of the clinic's to this reader."""
    return bool(found.access.categories(referral.client_id, referral.clinic_id))


def scopes(found: Disclosed, referral: Referral) -> list[Scope]:
    """The releases in force by which this reader reads of the case, the latest end first."""
    inside = found.access.reader.organization == referral.clinic_id
    authors = {referral.practice_id} if inside else {referral.clinic_id}
    by_them = {p.release for p, _, _ in found.access.permitted if p.discloser in authors}
    shown = [s for s in scopes_of(found.access, referral.client_id) if s.release in by_them]
    return sorted(shown, key=lambda scope: scope.until or FAR_AWAY, reverse=True)


def knows_sessions(found: Disclosed, referral: Referral) -> bool:
    """Whether this reader would see every session that was held. Whoever would not is told of no
    window that it was missed: somebody may have held the session all the same."""
    organization = found.access.reader.organization
    if organization == referral.practice_id:
        return True
    sent = found.access.categories(referral.client_id, referral.practice_id, whole=True)
    return organization == referral.clinic_id and Category.SCHEDULE in sent


def knows_a_dose(user: User, referral: Referral) -> bool:
    """Whether this contributor may know that a dose was given or planned: asking is a reading."""
    if not Referral.objects.filter(pk=referral.pk).open_to(user, "contribute_case").exists():
        return False
    found = disclose(
        to=Reader.of(user),
        about={referral.client_id},
        kinds={CareEvent: Q(episode__referral=referral, dosing__isnull=False)},
        channel=Channel.FRAGMENT,
    )
    return bool(found.of(CareEvent))


def loggable(user: User, referral: Referral, *, dose_known: bool) -> EpisodeOfCare | None:
    """The episode in which `user` may log sessions: for an outside reader, one of whose doses they
    know. That there is an episode is itself health information."""
    inside = Reader.of(user).organization == referral.clinic_id
    if not (inside or dose_known):
        return None
    episode = EpisodeOfCare.objects.filter(referral=referral).first()
    if episode is None or not allowed(check_user_can_log_session, user, episode):
        return None
    return episode


def between(referral: Referral) -> dict[type[DisclosableItem], Q]:
    """The coordination plan of a case and what was answered to it."""
    return {
        CoordinationPlan: Q(episode__referral=referral),
        CoordinationAnswer: Q(plan__episode__referral=referral),
    }


def read_plans(user: User, referral: Referral, *, channel: Channel = Channel.PAGE) -> Disclosed:
    """What `user` may read now of the coordination plan, in all its versions."""
    about = {referral.client_id}
    return disclose(to=Reader.of(user), about=about, kinds=between(referral), channel=channel)


def goals_of(referral: Referral) -> dict[type[DisclosableItem], Q]:
    return {
        Goal: Q(referral=referral),
        GoalProgress: Q(goal__referral=referral),
        GoalEnd: Q(goal__referral=referral),
    }


def read_goals(user: User, referral: Referral) -> Disclosed:
    """What `user` may read now of the goals of a case."""
    about = {referral.client_id}
    kinds = goals_of(referral)
    return disclose(to=Reader.of(user), about=about, kinds=kinds, channel=Channel.PAGE)


def read_own_session(user: User, referral: Referral, session: int) -> IntegrationSession | None:
    """One session that the reader's own organisation logged."""
    reader = Reader.of(user)
    own = Q(pk=session, episode__referral=referral, author_organization=reader.organization)
    kinds: dict[type[DisclosableItem], Q] = {IntegrationSession: own}
    about = {referral.client_id}
    found = disclose(to=reader, about=about, kinds=kinds, channel=Channel.PAGE)
    return next(iter(found.of(IntegrationSession)), None)
