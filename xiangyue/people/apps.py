from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xiangyue.people"
    label = "people"
