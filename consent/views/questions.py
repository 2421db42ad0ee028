"""The administrator answers what a client asked about an entry of who looked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from consent.actions.questions import answer_question
from consent.forms.own_page import AnswerForm
from consent.ledger.accounting import entry_of
from consent.models import DisclosureQuestion
from consent.views.releases import administrator
from people.forms import apply_errors
from people.requests import MemberRequest


@administrator
def question(request: MemberRequest, pk: int) -> HttpResponse:
    """The entry, the question, and the one answer to it."""
    clinic = request.membership.organization_id
    rows = DisclosureQuestion.objects.filter(organization=clinic)
    asked = get_object_or_404(rows.select_related("client", "answered_by"), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(by=request.user, question=asked, **form.cleaned_data)
            messages.success(request, "Answered. The client reads it on their page.")
            return redirect("consent:question", pk)
        except ValidationError as error:
            apply_errors(form, error)
            asked.refresh_from_db()
    context = {
        "client": asked.client,
        "question": asked,
        "entry": entry_of(asked.client_id, clinic, asked.sequence),
        "form": form,
    }
    return render(request, "consent/question.html", context)
