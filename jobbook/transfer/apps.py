from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "jobbook.transfer"
    label = "transfer"

    def ready(self) -> None:
        from jobbook.transfer import checks  # noqa: F401 - registers the check
