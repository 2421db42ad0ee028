"""The client's visit: one page for each questionnaire, then thanks. Nobody is signed in.

Titles and addresses say nothing of care, and neither do the names of the questionnaires.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.views.doors import door
from people.forms import apply_errors
from people.policy import public
from sessions.actions.outcomes import answer_by_link, asks_for_help, unanswered
from sessions.enums.outcomes import Instrument
from sessions.forms.outcomes import QuestionForm
from sessions.models import QuestionLink
from sessions.question_visits import VISITS

NOT_OPENED = (
    "This did not open. Check the date of birth. A link closes after five wrong dates, after "
    "7 days, or once everything was answered: then ask for a new one."
)


@public
def open_questions(request: HttpRequest, token: str) -> HttpResponse:
    page, begin = "care/open_questions.html", VISITS.begin
    return door(request, token, to=QuestionLink, begin=begin, page=page, not_opened=NOT_OPENED)


@public
def questions(request: HttpRequest) -> HttpResponse:
    """One address for the whole visit: what was answered so far says what is asked next."""
    link = VISITS.current(request)
    if link is None:
        return render(request, "care/questions_closed.html", status=404)
    with timezone.override(link.episode.clinic.timezone):
        if request.method == "POST":
            return _answer(request, link)
        return _page(request, link)


@public
@require_POST
def questions_leave(request: HttpRequest) -> HttpResponse:
    """The visit ends; what was on the screen does not come back."""
    return VISITS.end(request, render(request, "care/questions_closed.html", {"left": True}))


def _answer(request: HttpRequest, link: QuestionLink) -> HttpResponse:
    """What was sent, for the part that it names: it may have been answered in another tab."""
    waiting = {str(each.number): each for each in unanswered(link)}
    instrument = waiting.get(request.POST.get("part", ""))
    if instrument is None:
        return redirect("care:questions")
    form = QuestionForm(request.POST, instrument=instrument)
    if form.is_valid():
        try:
            answer_by_link(link=link, answers=form.answers())
        except ValidationError as error:
            apply_errors(form, error)
        else:
            VISITS.note(request, answered=True)
            return redirect("care:questions")
    return _page(request, link, form)


def _page(
    request: HttpRequest, link: QuestionLink, form: QuestionForm | None = None
) -> HttpResponse:
    """The next part, or thanks; where to find help now stands first on every page that needs it."""
    waiting = unanswered(link)
    clinic = link.episode.clinic
    context = {
        "organization": clinic,
        "help": asks_for_help(link),
        "closes_in": VISITS.lasts,
    }
    if not waiting:
        return render(request, "care/questions_done.html", context)
    instrument = form.questionnaire.instrument if form else waiting[0]
    asked = [each for each in Instrument if each in link.asked]
    context |= {
        "form": form or QuestionForm(instrument=instrument),
        "part": instrument.number,
        "step": f"Part {asked.index(instrument) + 1} of {len(asked)}",
    }
    return render(request, "care/questions.html", context)
