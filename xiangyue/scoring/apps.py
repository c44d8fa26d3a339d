from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "xiangyue.scoring"
    label = "scoring"

    def ready(self) -> None:
        from xiangyue.people import person
        from xiangyue.people.operations import departures, joining
        from xiangyue.scoring import news
        from xiangyue.scoring.operations.departures import follow_departure, object_to_departure
        from xiangyue.scoring.operations.erasing import erase, kept_of
        from xiangyue.scoring.rules import judging_level

        departures.object_by(object_to_departure)
        departures.follow_by(follow_departure)
        joining.judge_at(judging_level)
        news.register()
        person.register_keeper(self.label, person.Keeper(kept=kept_of, erase=erase))
