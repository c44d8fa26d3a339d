import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.cast import Cast
from tests.scoring.cast import (
    AFTER,
    LABOUR,
)
from tests.web import Visitor, told_names
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.people.models import Unit
from xiangyue.records.models import StoredFile
from xiangyue.records.operations import store_file
from xiangyue.scoring.models import (
    Instance,
    Notice,
    NoticeLine,
    Objection,
    ObjectionEvidence,
    ObjectionKind,
    ObjectionWay,
)
from xiangyue.scoring.operations.escalating import escalate_objections
from xiangyue.scoring.operations.objections import (
    admit_objection,
    dismiss_objection,
    lodge_objection,
    uphold_objection,
)
from xiangyue.scoring.operations.supervising import remark

OPTION = re.compile(r'name="target" value="([^"]+)"')
HIDDEN = 'aria-describedby="hidden-on" checked'
KEY = re.compile(r'name="key" value="([^"]+)"')
HELD = "有异议，先不入账"


def jpeg(colour: str) -> bytes:
    """Give a small photo of one colour."""
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(kept, "JPEG")
    return kept.getvalue()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("照片.jpg", content)


def stored(content: bytes) -> StoredFile:
    return store_file(name="照片.jpg", content=content)


def form_of(visitor: Visitor) -> tuple[list[str], str]:
    """Open the form for objecting; give what can be chosen, and the form's own number."""
    page = visitor.read("/my/object/")
    (key,) = KEY.findall(page)
    return OPTION.findall(page), key


def test_one_objects_to_own_lines_and_the_own_total(
    cast: Cast, villager: Visitor, neighbour: Visitor, notice: Notice
) -> None:
    ours, theirs = form_of(villager)[0], form_of(neighbour)[0]
    assert [value.split("-")[0] for value in ours] == ["line", "line", "line", "total", "notice"]
    assert [value.split("-")[0] for value in theirs] == ["line", "total", "notice"]
    assert set(ours) & set(theirs) == {f"notice-{notice.pk}"}


def test_the_form_comes_with_the_line_that_was_tapped(villager: Visitor, notice: Notice) -> None:
    (_first, second, *_rest), _key = form_of(villager)
    page = villager.read("/my/object/", target=second)
    assert OPTION.findall(page) == [second]
    assert "细则" in page
    assert "第10期第" in page
    assert 'href="/my/object/">不是这一条，换一条' in page


def test_an_objection_is_lodged_and_holds_the_line(
    cast: Cast, villager: Visitor, neighbour: Visitor, notice: Notice
) -> None:
    (first, *others), key = form_of(villager)
    answer = villager.post("/my/object/", {"target": first, "text": " 我家也去了 ", "key": key})
    objection = Objection.objects.get()
    assert answer["Location"] == f"/my/object/{objection.public_id}/"
    assert f"line-{objection.line_id}" == first
    assert (objection.text, objection.household) == ("我家也去了", cast.household("018"))
    assert (objection.lodged_by_kind, objection.lodged_by_id) == ("card", cast.household("018").pk)
    done = villager.read(answer["Location"])
    assert LABOUR in done
    assert "我家也去了" in done
    assert villager.read("/my/ledger/").count(HELD) == 1
    assert HELD not in neighbour.read("/my/ledger/")
    assert form_of(villager)[0] == others


def test_an_objection_to_the_total_holds_all_lines(villager: Visitor, notice: Notice) -> None:
    options, key = form_of(villager)
    answer = villager.post("/my/object/", {"target": options[-2], "text": "少记了", "key": key})
    assert "整个月的合计" in villager.read(answer["Location"])
    assert villager.read("/my/ledger/").count(HELD) == 3


def test_an_objection_to_the_whole_notice_holds_it_once_it_is_admitted(
    cast: Cast, villager: Visitor, neighbour: Visitor, notice: Notice
) -> None:
    options, key = form_of(villager)
    answer = villager.post("/my/object/", {"target": options[-1], "text": "榜上漏了一户", "key": key})
    objection = Objection.objects.get()
    assert (objection.is_to_all, objection.instance) == (True, "supervision")
    page = villager.read(answer["Location"])
    for words in ("整期公示", "监督小组先看要不要受理", "监督小组11月9日以前答复"):
        assert words in page
    assert HELD not in villager.read("/my/ledger/")
    admit_objection(actor=cast.supervisor, objection_id=objection.pk)
    assert "已经受理" in villager.read(answer["Location"])
    assert villager.read("/my/ledger/").count(HELD) == 3
    assert neighbour.read("/my/ledger/").count(HELD) == 1
    assert form_of(villager)[0] == options[:-1]
    assert form_of(neighbour)[0][-1] == options[-1]  # another household may still say the same


def test_what_somebody_else_holds_can_be_objected_to_all_the_same(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    options, _key = form_of(villager)
    line = NoticeLine.objects.get(pk=int(options[0].removeprefix("line-")))
    remark(actor=cast.supervisor, share_id=line.share_id, text="没看见", holds=True, key="k")
    assert villager.read("/my/ledger/").count(HELD) == 1
    assert form_of(villager)[0] == options


@pytest.mark.parametrize("named", [True, False])
def test_one_says_whether_the_village_may_know_who_objects(
    villager: Visitor, notice: Notice, named: bool
) -> None:
    (first, *_rest), key = form_of(villager)
    assert HIDDEN in villager.read("/my/object/")
    sent = {"target": first, "text": "少记了", "key": key} | ({} if named else {"hidden": "on"})
    kept = villager.post("/my/object/", sent | {"text": ""}).content.decode()
    assert (HIDDEN not in kept) == named
    page = villager.read(villager.post("/my/object/", sent)["Location"])
    assert Objection.objects.get().is_named == named
    assert ("村里知道是您家提的" in page, "村里看不到是谁提的" in page) == (named, not named)


def test_the_way_of_an_objection_is_told_to_who_lodged_it(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    """From the village to the town, which is late, and then corrects it."""
    (first, *_rest), key = form_of(villager)
    url = villager.post("/my/object/", {"target": first, "text": "少记了", "key": key})["Location"]
    assert "今天提的，村里11月9日以前答复" in villager.read("/my/object/")
    now = re.compile(r'<li class="now" aria-current="step"><span class="dot">.</span><b>([^<]+)</b>')
    told = [
        (date(2026, 11, 9), False, "村里", "村里11月9日以前答复"),
        (date(2026, 11, 10), False, "监督小组", "村里到11月9日没有答复，转给监督小组"),
        (date(2026, 11, 11), True, "监督小组", "监督小组11月18日以前答复"),
        (date(2026, 11, 20), True, "镇里", "镇里11月27日以前答复"),
        (date(2026, 11, 30), True, "镇里", "镇里11月27日就该答复，还没有答复，可以去催"),
    ]
    for day, job_runs, instance, words in told:
        with clock.as_of(day):
            if job_runs:
                escalate_objections(actor=SYSTEM)
            page = villager.read(url)
            assert now.findall(page) == [instance]
            assert words in page
            assert words in villager.read("/my/home/")
    line = Objection.objects.get().line
    assert line
    with clock.as_of(date(2026, 11, 30)):
        uphold_objection(
            actor=cast.town_official,
            objection_id=Objection.objects.get().pk,
            answer="有照片\n漏看了",
            corrections={line.number: 900},
        )
        page = villager.read(url)
    assert now.findall(page) == []
    for words in ("异议答复了", "意见成立", "有照片<br>漏看了", f"第{line.number}条，+8分改成+9分"):
        assert words in page


def test_what_was_told_by_phone_is_shown_as_written_down(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    objection = lodge_objection(
        actor=cast.secretary,
        target=notice.sheets.get(lines__household__number="018", lines__number=2).lines.get(number=2),
        household_id=cast.household("018").pk,
        text="那天我去了",
        way=ObjectionWay.PHONE,
        key="k",
    )
    assert "电话，村里替您记下的" in villager.read(f"/my/object/{objection.public_id}/")


def test_a_dismissed_objection_holds_nothing(cast: Cast, villager: Visitor, notice: Notice) -> None:
    (first, *_rest), key = form_of(villager)
    villager.post("/my/object/", {"target": first, "text": "少记了", "key": key})
    dismiss_objection(actor=cast.supervisor, objection_id=Objection.objects.get().pk, answer="照片上没有")
    assert HELD not in villager.read("/my/ledger/")


def test_the_level_above_who_dismissed_it_can_be_asked_to_look_again(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    (first, *_rest), key = form_of(villager)
    url = villager.post("/my/object/", {"target": first, "text": "少记了", "key": key})["Location"]
    again = "请上一级再看"
    assert again not in villager.read(url)
    objection = Objection.objects.get()
    dismiss_objection(actor=cast.supervisor, objection_id=objection.pk, answer="照片上没有")
    about_village = f"/complain/?unit={cast.village.code}"
    assert f'href="{about_village}"' in villager.read(url)
    assert f'value="{cast.village.code}" required checked' in villager.read(about_village)
    Objection.objects.update(instance=Instance.TOWN)
    town = cast.village.code[:9]
    assert f'href="/complain/?unit={town}"' in villager.read(url)
    assert f'value="{town}" required checked' in villager.read(f"/complain/?unit={town}")


@pytest.mark.parametrize("text", ["", "  \n "])
def test_without_words_the_form_stays_as_it_was(villager: Visitor, notice: Notice, text: str) -> None:
    (first, *_rest), key = form_of(villager)
    response = villager.post("/my/object/", {"target": first, "text": text, "key": key})
    page = response.content.decode()
    assert response.status_code == 422
    assert "请写明理由" in page
    assert OPTION.findall(page) == [first]
    assert KEY.findall(page) == [key]
    assert 'aria-invalid="true" aria-describedby="text-error"' in page
    assert not Objection.objects.exists()


@pytest.mark.parametrize("target", ["", "line-0", "total-x", "elsewhere"])
def test_without_a_line_the_words_are_kept(villager: Visitor, notice: Notice, target: str) -> None:
    response = villager.post("/my/object/", {"target": target, "text": "我家<b>也</b>去了"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "请选哪一条不对" in page
    assert ">我家&lt;b&gt;也&lt;/b&gt;去了</textarea>" in page
    assert not Objection.objects.exists()


def test_a_neighbours_line_can_be_objected_to_as_it_hangs_there(
    cast: Cast, villager: Visitor, neighbour: Visitor, notice: Notice
) -> None:
    """By whoever taps it on the board: its number, whose it is as masked as there, its points, and no reason."""
    line, total, _notice = form_of(neighbour)[0]
    page = villager.read("/my/object/", target=line)
    assert OPTION.findall(page) == [line]
    assert "麦＊香家" in page
    assert "004号" in page
    assert LABOUR not in page
    assert told_names(page) == []
    sent = {"target": line, "text": "他家没去", "hidden": "on"}
    answer = villager.post("/my/object/", sent)
    objection = Objection.objects.get()
    assert objection.household == cast.household("018")
    assert objection.line is not None
    assert objection.line.household == cast.household("004")
    for path in (answer["Location"], "/my/home/"):
        page = villager.read(path)
        assert "第10期第1条" in page
        assert "麦穗香" not in page
    assert LABOUR not in villager.read(answer["Location"])
    assert OPTION.findall(villager.read("/my/object/", target=line)) != [line]  # once is enough
    assert villager.post("/my/object/", {"target": total, "text": "少记了"}).status_code == 422


def test_a_line_of_another_village_is_no_target(
    villager: Visitor, neighbour: Visitor, notice: Notice
) -> None:
    line = form_of(neighbour)[0][0]
    empty = Unit.objects.get(code="440783104220")
    Notice.objects.filter(pk=notice.pk).update(unit=empty)
    assert OPTION.findall(villager.read("/my/object/", target=line)) != [line]
    assert villager.post("/my/object/", {"target": line, "text": "他家没去"}).status_code == 422


@pytest.mark.parametrize("kind", [kind for kind in ObjectionKind if kind is not ObjectionKind.OTHER])
def test_a_tap_says_what_is_wrong_without_a_word(
    villager: Visitor, notice: Notice, kind: ObjectionKind
) -> None:
    (first, *_rest), key = form_of(villager)
    answer = villager.post("/my/object/", {"target": first, "kind": kind.value, "key": key})
    objection = Objection.objects.get()
    assert (objection.kind, objection.text) == (kind, "")
    assert f'<span class="badge">{kind.label}</span>' in villager.read(answer["Location"])


@pytest.mark.parametrize("kind", ["", "other", "nonsense"])
def test_something_else_has_to_be_said(villager: Visitor, notice: Notice, kind: str) -> None:
    (first, *_rest), key = form_of(villager)
    response = villager.post("/my/object/", {"target": first, "kind": kind, "text": " ", "key": key})
    page = response.content.decode()
    assert response.status_code == 422
    assert ("checked><span" in page) == (kind == "other")
    assert not Objection.objects.exists()


def test_photos_show_it_to_the_household_and_to_nobody_else(
    villager: Visitor, neighbour: Visitor, outsider: Visitor, notice: Notice
) -> None:
    (first, *_rest), key = form_of(villager)
    photos = [jpeg("red"), jpeg("blue")]
    sent = {"target": first, "kind": "mended", "key": key, "photos": [upload(one) for one in photos]}
    page = villager.read(villager.post("/my/object/", sent)["Location"])
    paths = re.findall(r'(?:href|src)="(/my/object/[^"]+/photo/[^"]+)"', page)
    assert len(paths) == 4
    for path in paths:
        response = villager.get(path)
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert neighbour.get(path).status_code == 404
        assert outsider.get(path).status_code == 302
    for place in (0, 3, 10**20):
        assert villager.get(paths[0].replace("photo/1/", f"photo/{place}/")).status_code == 404


def test_the_same_photo_twice_is_one(villager: Visitor, notice: Notice) -> None:
    (first, *_rest), key = form_of(villager)
    photo = jpeg("red")
    sent = {"target": first, "kind": "mended", "key": key, "photos": [upload(photo), upload(photo)]}
    villager.post("/my/object/", sent)
    assert ObjectionEvidence.objects.count() == 1


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        ([b"%PDF-1.4\n%%EOF"], "不是照片"),
        ([b"\x7fELF nothing that is wanted"], "收不了"),
        ([b"1", b"2", b"3", b"4"], "照片最多3张"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_lost(
    villager: Visitor, notice: Notice, photos: list[bytes], words: str
) -> None:
    before = StoredFile.objects.count()
    (first, *_rest), key = form_of(villager)
    sent = {"target": first, "text": "已经清走了", "kind": "mended", "key": key}
    response = villager.post("/my/object/", sent | {"photos": [upload(one) for one in photos]})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'aria-describedby="photos-error"' in page
    assert ">已经清走了</textarea>" in page
    assert 'value="mended" checked' in page
    assert not Objection.objects.exists()
    assert StoredFile.objects.count() == before


def test_its_page_tells_who_had_it_when(cast: Cast, villager: Visitor, notice: Notice) -> None:
    """Lodged on the second, passed on by the village's silence, answered by the supervision group."""
    (first, *_rest), key = form_of(villager)
    url = villager.post("/my/object/", {"target": first, "text": "少记了", "key": key})["Location"]
    objection = Objection.objects.get()
    assert objection.line is not None
    with clock.as_of(date(2026, 11, 11)):
        escalate_objections(actor=SYSTEM)
    with clock.as_of(date(2026, 11, 12)):
        _answered, edition = uphold_objection(
            actor=cast.supervisor,
            objection_id=objection.pk,
            answer="查过了",
            corrections={objection.line.number: 900},
        )
        page = villager.read(url)
    told = re.findall(r'<li><span class="nb num">([^<]+)</span><span>([^<]+)</span></li>', page)
    assert told == [
        ("11月2日", "您提了异议，村里收下了"),
        ("11月11日", "村里没有按时答复，转给监督小组"),
        ("11月12日", "监督小组答复了：意见成立"),
    ]
    assert f'href="/notice/{edition.public_id}/3/">看更正后的第2版公示' in page


def test_its_page_costs_the_same_however_much_became_of_it(
    cast: Cast, villager: Visitor, notice: Notice
) -> None:
    (first, *_rest), key = form_of(villager)
    sent = {"target": first, "text": "少记了", "key": key, "photos": [upload(jpeg("red"))]}
    url = villager.post("/my/object/", sent)["Location"]
    with CaptureQueriesContext(connection) as before:
        villager.read(url)
    for day in (11, 20):
        with clock.as_of(date(2026, 11, day)):
            escalate_objections(actor=SYSTEM)
    ObjectionEvidence.objects.create(objection=Objection.objects.get(), file=stored(jpeg("blue")))
    with CaptureQueriesContext(connection) as after:
        villager.read(url)
    assert len(after) == len(before)


def test_a_form_sent_twice_counts_once(villager: Visitor, notice: Notice) -> None:
    (first, *_rest), key = form_of(villager)
    sent = {"target": first, "text": "我家也去了", "key": key}
    once, twice = (villager.post("/my/object/", sent) for _time in range(2))
    assert once["Location"] == twice["Location"]
    assert Objection.objects.count() == 1


def test_ones_form_is_not_anothers(villager: Visitor, neighbour: Visitor, notice: Notice) -> None:
    _options, key = form_of(villager)
    for visitor in (villager, neighbour):
        (first, *_rest), _own = form_of(visitor)
        visitor.post("/my/object/", {"target": first, "text": "少记了", "key": key})
    assert Objection.objects.values("household").distinct().count() == 2


@pytest.mark.parametrize("key", ["", "1", "\0", "长" * 5000])
def test_a_number_that_we_did_not_draw_does_no_harm(villager: Visitor, notice: Notice, key: str) -> None:
    (first, *_rest), _key = form_of(villager)
    response = villager.post("/my/object/", {"target": first, "text": "少\0记了", "key": key})
    assert response.status_code == 302
    assert Objection.objects.get().text == "少记了"


def test_after_the_deadline_nothing_can_be_objected_to(villager: Visitor, notice: Notice) -> None:
    (first, *_rest), key = form_of(villager)
    with clock.as_of(AFTER):
        assert "现在没有可以提异议的" in villager.read("/my/object/")
        response = villager.post("/my/object/", {"target": first, "text": "少记了", "key": key})
    assert response.status_code == 422
    assert not Objection.objects.exists()


def test_a_total_stays_open_as_long_as_all_its_lines(cast: Cast, villager: Visitor, notice: Notice) -> None:
    """A corrected line hangs for five more days; the lines beside it don't."""
    (first, *_rest), key = form_of(villager)
    villager.post("/my/object/", {"target": first, "text": "少记了", "key": key})
    objection = Objection.objects.get()
    assert objection.line is not None
    with clock.as_of(date(2026, 11, 5)):
        corrections = {objection.line.number: 300}
        uphold_objection(
            actor=cast.supervisor, objection_id=objection.pk, answer="查过了", corrections=corrections
        )
        kinds = [value.split("-")[0] for value in form_of(villager)[0]]
        assert kinds == ["line", "line", "line", "total", "notice"]
    with clock.as_of(date(2026, 11, 9)):
        (only,), key = form_of(villager)
        assert only.startswith("line-")
        response = villager.post("/my/object/", {"target": only, "text": "还是少记了", "key": key})
    assert response.status_code == 302


def test_an_objections_page_is_its_households_alone(
    villager: Visitor, neighbour: Visitor, outsider: Visitor, notice: Notice
) -> None:
    (first, *_rest), key = form_of(villager)
    path = villager.post("/my/object/", {"target": first, "text": "少记了", "key": key})["Location"]
    assert villager.get(path).status_code == 200
    assert neighbour.get(path).status_code == 404
    assert outsider.get(path).status_code == 302


def test_what_was_said_is_shown_as_it_was_said(villager: Visitor, notice: Notice) -> None:
    (first, *_rest), key = form_of(villager)
    sent = {"target": first, "text": "<script>x</script>\n第二行", "key": key}
    page = villager.read(villager.post("/my/object/", sent)["Location"])
    assert "&lt;script&gt;x&lt;/script&gt;<br>第二行" in page
