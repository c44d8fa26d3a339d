from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "xiangyue.tenancy"
    label = "tenancy"
