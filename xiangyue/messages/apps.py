from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "xiangyue.messages"
    label = "messages"

    def ready(self) -> None:
        from xiangyue.messages import of_people
        from xiangyue.messages.operations.erasing import erase, kept_of
        from xiangyue.people import person

        of_people.register()
        person.register_keeper(self.label, person.Keeper(kept=kept_of, erase=erase))
