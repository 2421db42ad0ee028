"""The client's visit: one page for each questionnaire, then thanks. Nobody is signed in.

Titles and addresses say nothing of care, and neither do the names of the questionnaires.
"""

from collections.abc import Mapping

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


@public
def open_questions(request: HttpRequest, token: str) -> HttpResponse:
    page, begin = "care/open_questions.html", VISITS.begin
    return door(request, token, to=QuestionLink, begin=begin, page=page)


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
    """What was sent, for the part that it names: it may have been answered in another tab.

    What misses an answer is kept in the visit and shown after a redirect, so that Back and a
    reload find pages that can be asked for again.
    """
    waiting = {str(each.number): each for each in unanswered(link)}
    instrument = waiting.get(request.POST.get("part", ""))
    if instrument is None:
        return redirect("care:questions")
    form = _form(instrument, request.POST)
    if not form.is_valid():
        given = {f.html_name: request.POST.get(f.html_name) for f in form.questions}
        VISITS.note(request, unfinished={"part": instrument.number, "given": given})
        return redirect("care:questions")
    try:
        answer_by_link(link=link, answers=form.answers())
    except ValidationError as error:
        apply_errors(form, error)
        return _page(request, link, form)
    VISITS.note(request, answered=True, unfinished=None)
    return redirect("care:questions")


def _form(instrument: Instrument, given: Mapping[str, str] | None = None) -> QuestionForm:
    """Each part has names of its own: what a browser fills in again after Back is of this part."""
    return QuestionForm(given, instrument=instrument, prefix=f"part{instrument.number}")


def _unfinished(request: HttpRequest, instrument: Instrument) -> Mapping[str, str] | None:
    """What was sent of this part and missed an answer."""
    kept = VISITS.held(request).get("unfinished")
    return kept["given"] if kept and kept["part"] == instrument.number else None


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
        "form": form or _form(instrument, _unfinished(request, instrument)),
        "part": instrument.number,
        "step": f"Part {asked.index(instrument) + 1} of {len(asked)}",
    }
    return render(request, "care/questions.html", context)
