from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("worklist/", views.worklist, name="worklist"),
    path("today/", views.today, name="today"),
]
