from django.apps import AppConfig


class RedemptionConfig(AppConfig):
    name = "xiangyue.redemption"
    label = "redemption"

    def ready(self) -> None:
        from xiangyue.people.operations import departures
        from xiangyue.redemption.departures import follow_departure, object_to_departure

        departures.object_by(object_to_departure)
        departures.follow_by(follow_departure)
