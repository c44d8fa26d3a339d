from django.apps import AppConfig


class PhoneConfig(AppConfig):
    name = "xiangyue.phone"
    label = "phone"
