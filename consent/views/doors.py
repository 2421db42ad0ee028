"""The door behind a secret link: it asks for the date of birth, and says nothing else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consent.actions.links import open_with, over_with
from consent.forms.own_page import DoorForm
from consent.models import SecretLink
from people.formats import day

NOT_OPENED = (
    "This did not open. Check the date of birth. After five wrong dates a link closes: then ask "
    "for a new one."
)


def door(
    request: HttpRequest,
    token: str,
    *,
    to: type[SecretLink],
    begin: Callable[..., HttpResponse],
    page: str,
) -> HttpResponse:
    """Begin a visit by the link of kind `to`. The answer is the same whatever is wrong.

    Only who gives the right date is told that the link is over, and whose it was.
    """
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        born = form.cleaned_data["date_of_birth"]
        link = open_with(to, token, born)
        if link is not None:
            return begin(request, link)
        over = over_with(to, token, born)
        if over is not None:
            context = {"link": over, "organization": over.clinic}
            return render(request, "consent/link_over.html", context)
        form.add_error(None, f"{NOT_OPENED} The date was read as {day(born)}.")
    return render(request, page, {"form": form})
