from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "reminders"

    def ready(self) -> None:
        from reminders import receivers  # noqa: F401 - connects them
        from reminders.notifications import receivers as notifications  # noqa: F401
