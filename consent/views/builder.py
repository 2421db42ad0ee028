"""Drafting a release in five short steps, in any order; each is saved by its "Continue"."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from consent.actions.contacts import add_contact
from consent.actions.drafting import (
    discard_release,
    edit_release,
    renew_release,
    still_possible,
    terms_of,
)
from consent.documents.elements import missing_elements, needs_part2_elements
from consent.documents.steps import (
    after,
    answers,
    first_unfinished,
    rail,
    reader_of,
    until_in_words,
)
from consent.documents.text import part2_statement, sections
from consent.enums import EXPLANATIONS, OUT_CATEGORIES, Category, Purpose, Sensitivity, Step
from consent.forms.drafting import FORMS, StepForm, UntilForm
from consent.forms.recipients import ContactForm
from consent.models import Release
from consent.views.answers import refused
from consent.views.releases import administrator, find
from people.forms import apply_errors
from people.requests import MemberRequest


@administrator
def builder(request: MemberRequest, pk: int, step: str = "") -> HttpResponse:
    """One step; without one, the first that is unfinished. What is signed leads to its page."""
    release = find(request, pk)
    if release.signed_at or release.declined_at or release.discarded_at:
        return redirect("consent:detail", pk)
    if not step:
        return redirect("consent:builder", pk, first_unfinished(release))
    if step not in Step.values:
        raise Http404
    if step == Step.CHECK:
        return _check(request, release)
    return _step(request, release, Step(step))


def _step(request: MemberRequest, release: Release, step: Step) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    saving = posted is not None and "look" not in posted
    form = FORMS[step](posted, release=release, base=still_possible(terms_of(release)))
    contact = ContactForm(posted, wanted="add" in request.POST) if step == Step.WHO else None
    if saving and form.is_valid() and (contact is None or contact.is_valid()):
        try:
            _save(request, release, form, contact)
            return _onwards(request, release, step)
        except ValidationError as error:
            _explain(error, form, contact)
    missing = missing_elements(release) if "missing" in request.GET else []
    context = {
        "release": release,
        "step": step,
        "steps": rail(release, step),
        "form": form,
        "forms": [form, contact] if contact and (form.errors or contact.errors) else [],
        "contact": contact,
        "missing": missing,
        "lacking": {each.field: f"{each.sentence} ({each.source})." for each in missing},
        **(_live(release, form) if step == Step.WHAT else {}),
    }
    return render(request, f"consent/builder_{step}.html", context)


def _save(
    request: MemberRequest, release: Release, form: StepForm, contact: ContactForm | None
) -> None:
    """Nothing is written where nothing was changed: a release that waits stays with the client."""
    terms = form.terms()
    if contact and contact.given:
        added = add_contact(by=request.user, client=release.client, **contact.given)
        contacts = {each.pk: each for each in (*terms.contacts, added)}
        terms = replace(terms, contacts=list(contacts.values()))
    elif not form.has_changed():
        return
    edit_release(by=request.user, release=release, terms=terms)


def _onwards(request: MemberRequest, release: Release, step: Step) -> HttpResponse:
    """To the next step; who came from the last one to mend something goes back there."""
    if request.POST.get("then") == "leave":
        return redirect("consent:releases")
    following = Step.CHECK if "missing" in request.GET else after(step)
    return redirect("consent:builder", release.pk, step if "add" in request.POST else following)


def _explain(error: ValidationError, form: StepForm, contact: ContactForm | None) -> None:
    """Each sentence beside its field, also where the actions call the field by another name."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        name = UntilForm.NAMES.get(name, name)
        place = contact if contact and name in contact.fields else form
        apply_errors(place, ValidationError({name: errors}))


def _live(release: Release, form: StepForm) -> dict:
    """What the recipient would get with what is ticked now, saved or not."""

    def ticked(name: str) -> set[str]:
        return set(form[name].value() or [])

    release.sensitivities = frozenset(ticked("sensitivities") & set(Sensitivity.values))
    shown = [category for category in OUT_CATEGORIES if category in ticked("out_categories")]
    return {
        "explanations": {c.value: EXPLANATIONS[c] for c in Category},
        "samples": [(c.label, EXPLANATIONS[c][1]) for c in shown],
        "why": [each.label for each in Purpose if each in ticked("purposes")],
        "reader": reader_of(release),
        "until": until_in_words(release),
        "part2": part2_statement(release) if needs_part2_elements(release) else "",
    }


def _check(request: MemberRequest, release: Release) -> HttpResponse:
    context = {
        "release": release,
        "step": Step.CHECK,
        "steps": rail(release, Step.CHECK),
        "missing": missing_elements(release),
        "rows": answers(release),
        "sections": sections(release),
    }
    return render(request, "consent/builder_check.html", context)


@administrator
@require_POST
def renew(request: MemberRequest, pk: int) -> HttpResponse:
    """One click: a draft that says the same, to be given a new end and signed anew."""
    release = find(request, pk)
    try:
        draft = renew_release(by=request.user, release=release)
    except ValidationError as error:
        return refused(request, pk, error)
    return redirect("consent:builder", draft.pk)


@administrator
@require_POST
def discard(request: MemberRequest, pk: int) -> HttpResponse:
    release = find(request, pk)
    try:
        discard_release(by=request.user, release=release)
    except ValidationError as error:
        return refused(request, pk, error)
    messages.success(request, f"{release.number} was put away. Nothing of it was ever shared.")
    return redirect("consent:releases")
