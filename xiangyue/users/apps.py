from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "xiangyue.users"
    label = "users"
