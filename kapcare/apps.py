from django.apps import AppConfig


class KapcareConfig(AppConfig):
    name = "kapcare"

    def ready(self) -> None:
        from kapcare import checks  # noqa: F401 - registers them
