from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "xiangyue.catalogue"
    label = "catalogue"
