"""Addresses of the clinical record. None carries a drug or a diagnosis."""

from django.urls import path

from sessions.views import (
    before_dose,
    clinical,
    copies,
    doses,
    dosing,
    emergency,
    ending,
    episodes,
    gates,
    giving,
    notes,
    ordering,
    timeline,
)

app_name = "care"
urlpatterns = [
    path("care/open/<int:pk>/", episodes.open_episode, name="open"),
    path("care/<int:pk>/", episodes.case, name="case"),
    path("care/<int:pk>/end/", ending.end_episode, name="end_episode"),
    path("care/<int:pk>/copy/<int:contact>/", copies.contact_copy, name="contact_copy"),
    path("care/<int:pk>/intake/", clinical.intake, name="intake"),
    path("care/<int:pk>/clearance/", clinical.clearance, name="clearance"),
    path("care/<int:pk>/preparation/", clinical.preparation, name="preparation"),
    path("care/<int:pk>/doses/", doses.plan_dose, name="plan_dose"),
    path("care/dose/<int:pk>/move/", doses.move_dose, name="move_dose"),
    path("care/dose/<int:pk>/cancel/", doses.cancel_dose, name="cancel_dose"),
    path("care/dose/<int:pk>/", dosing.dosing, name="dosing"),
    path("care/dose/<int:pk>/order/", ordering.order, name="order"),
    path("care/dose/<int:pk>/order/check/", ordering.check_order, name="check_order"),
    path("care/dose/<int:pk>/identity/", before_dose.identity, name="identity"),
    path("care/dose/<int:pk>/checks/", before_dose.checks, name="checks"),
    path("care/dose/<int:pk>/escort/", before_dose.escort, name="escort"),
    path("care/dose/<int:pk>/lift/<slug:gate>/", gates.override, name="override"),
    path("care/lifted/", gates.overrides, name="overrides"),
    path("care/lifted/<int:pk>/", gates.review_override, name="review_override"),
    path("care/dose/<int:pk>/give/", giving.give, name="give"),
    path("care/dose/<int:pk>/vitals/", dosing.vitals, name="vitals"),
    path("care/dose/<int:pk>/side-effect/", dosing.side_effect, name="side_effect"),
    path("care/dose/<int:pk>/discharge/", dosing.discharge, name="discharge"),
    path("care/dose/<int:pk>/note/", notes.note, name="note"),
    path("care/dose/<int:pk>/note/save/", notes.save_note, name="save_note"),
    path("care/dose/<int:pk>/note/sign/", notes.sign_note, name="sign_note"),
    path("care/emergency/<int:pk>/", emergency.emergency, name="emergency"),
    path("care/timeline/<int:pk>/", timeline.timeline, name="timeline"),
    path("care/timeline/<int:pk>/notes/", timeline.timeline_notes, name="timeline_notes"),
    path("care/timeline/<int:pk>/pdf/", timeline.timeline_pdf, name="timeline_pdf"),
    path("care/timeline/<int:pk>/session/", timeline.log_session, name="log_session"),
]
