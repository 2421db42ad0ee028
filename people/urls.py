"""Addresses of training and licences, and of what clinics say of themselves."""

from django.urls import path

from people.credentials import views
from people.models import Licence, Training
from people.profiles import editing
from people.profiles import views as profiles

app_name = "people"
LICENCE, TRAINING = {"model": Licence}, {"model": Training}
urlpatterns = [
    path("training/", views.own, name="own"),
    path("training/staff/", views.staff, name="staff"),
    path("training/staff/<int:pk>/", views.person, name="person"),
    path("training/staff/<int:pk>/licence/", views.add, {"what": "licence"}, name="add_licence"),
    path("training/staff/<int:pk>/hours/", views.add, {"what": "training"}, name="add_training"),
    path("training/licence/<int:pk>/check/", views.check, LICENCE, name="check_licence"),
    path("training/hours/<int:pk>/check/", views.check, TRAINING, name="check_training"),
    path("training/licence/<int:pk>/error/", views.entered_in_error, LICENCE, name="wrong_licence"),
    path("training/hours/<int:pk>/error/", views.entered_in_error, TRAINING, name="wrong_training"),
    path("clinics/", profiles.clinics, name="clinics"),
    path("clinics/compare/", profiles.compare, name="compare"),
    path("clinics/<int:clinic>/", profiles.clinic, name="clinic"),
    path("clinics/<int:clinic>/pdf/", profiles.clinic_pdf, name="clinic_pdf"),
    path("profile/", editing.profile, name="profile"),
    path("profile/edit/", editing.edit, name="profile_edit"),
    path("profile/preview/", editing.preview, name="profile_preview"),
    path("profile/publish/", editing.publish, name="profile_publish"),
    path("profile/discard/", editing.discard, name="profile_discard"),
]
