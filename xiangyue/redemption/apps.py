from django.apps import AppConfig


class RedemptionConfig(AppConfig):
    name = "xiangyue.redemption"
    label = "redemption"
