import pytest

from xiangyue.tenancy.models import Jurisdiction
from xiangyue.tenancy.queries import jurisdiction_by_slug
from xiangyue.tenancy.refusals import UnknownJurisdiction


def test_a_jurisdiction_is_found_by_its_slug(county: Jurisdiction) -> None:
    assert jurisdiction_by_slug("cangcheng") == county
    assert str(county) == "苍城镇"


def test_who_asks_for_another_hears_which_there_are(
    founded: Jurisdiction, peopled: Jurisdiction, db: None
) -> None:
    with pytest.raises(UnknownJurisdiction) as refused:
        jurisdiction_by_slug("Cangcheng")
    known = "、".join(Jurisdiction.objects.values_list("slug", flat=True))
    assert str(refused.value) == f"没有简称为“Cangcheng”的辖区。现有：{known}。"
    assert {"cangcheng", "peopled"} <= set(known.split("、"))


def test_where_there_is_none_that_is_said(db: None) -> None:
    Jurisdiction.objects.all().delete()
    with pytest.raises(UnknownJurisdiction) as refused:
        jurisdiction_by_slug("cangcheng")
    assert refused.value.facts["known"] == "—"
