from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "xiangyue.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from xiangyue.catalogue.operations.erasing import erase, kept_of
        from xiangyue.people import person

        person.register_keeper(self.label, person.Keeper(kept=kept_of, erase=erase))
