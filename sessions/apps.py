from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "care_sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sessions import receivers  # noqa: F401 - connects them
