from django.urls import path

from reminders import views
from reminders.quality import views as quality

app_name = "reminders"
urlpatterns = [
    path("worklist/", views.worklist, name="worklist"),
    path("today/", views.today, name="today"),
    path("quality/", quality.quality, name="quality"),
    path("quality/csv/", quality.quality_csv, name="quality_csv"),
]
