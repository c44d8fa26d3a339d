from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "xiangyue.requests"
    label = "requests"

    def ready(self) -> None:
        from xiangyue.people import person
        from xiangyue.requests import news
        from xiangyue.requests.operations import erase, kept_of

        news.register()
        person.register_keeper(self.label, person.Keeper(kept=kept_of, erase=erase))
