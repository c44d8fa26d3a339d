"""The roster's form (户册): which sheets and columns it has, and how they are filled in.

Headers and choices are the file's own language, Chinese, whatever language the reader's screens speak.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from django.utils import translation

from xiangyue.people.models import Relation, Sex
from xiangyue.people.offices import Office
from xiangyue.sheets.write import Column, SheetForm, Value, write_workbook

RESIDENTS: Final = "户册"
APPOINTMENTS: Final = "任职"

VILLAGE: Final = "村"
NUMBER: Final = "户号"
GRID: Final = "网格"
GROUP: Final = "联户组"
NAME: Final = "姓名"
RELATION: Final = "与户主关系"
SEX: Final = "性别"
BORN: Final = "出生"
ID_NUMBER: Final = "身份证号"
PHONE: Final = "电话"
PARTY: Final = "党员"
ELSEWHERE: Final = "在外"
TAGS: Final = "标签"
ADDRESS: Final = "地址"
OFFICE: Final = "职务"
UNIT: Final = "单位"
SINCE: Final = "起"
LOGIN: Final = "登录名"

HEAD: Final = "户主"
RELATIONS: Final = {
    HEAD: Relation.HEAD,
    "配偶": Relation.SPOUSE,
    "子女": Relation.CHILD,
    "父母": Relation.PARENT,
    "其他": Relation.OTHER,
}
SEXES: Final = {"女": Sex.FEMALE, "男": Sex.MALE}
YES_OR_NO: Final = {"是": True, "否": False}

TAG_JOINT: Final = "、"

_OF_HOUSEHOLD: Final = (
    Column(NUMBER, 5, "门牌上的户号，一村之内不能重复；前面的0也要写，例如003。一户的人写在一起，户号都一样"),
    Column(GRID, 8, "所在网格，例如第三网格；没有分网格就空着。还没有的网格会新建"),
    Column(GROUP, 8, "所在联户组，例如第二联户组；没有分组就空着"),
)
_OF_PERSON: Final = (
    Column(NAME, 6, "全名"),
    Column(RELATION, 7, "每户要有一个户主，也只能有一个", choices=tuple(RELATIONS)),
    Column(SEX, 4, "可以空着", choices=tuple(SEXES)),
    Column(BORN, 8, "例如1984-03-09，或者只写年份1984；不满18岁的只存年份；不知道就空着"),
)
_PARTY: Final = Column(PARTY, 4, "是不是中共党员；空着就是“否”", choices=tuple(YES_OR_NO))
_ADDRESS: Final = Column(ADDRESS, 16, "写一行就行，可以空着")

# What a village needs to begin with. Any column that a file lacks is simply not filled in, and not changed.
SHORT_COLUMNS: Final = (*_OF_HOUSEHOLD, *_OF_PERSON, _PARTY, _ADDRESS)
RESIDENT_COLUMNS: Final = (
    Column(VILLAGE, 8, "村的官方代码，12位数字；只有一个村的表可以空着"),
    *_OF_HOUSEHOLD,
    *_OF_PERSON,
    Column(ID_NUMBER, 11, "18位。本辖区没有要求存身份证号的，一定要空着"),
    Column(PHONE, 8, "手机，或者带区号的固定电话；可以空着"),
    _PARTY,
    Column(ELSEWHERE, 4, "是不是常年不在村里住；空着就是“否”", choices=tuple(YES_OR_NO)),
    Column(TAGS, 12, "给这一户分类用，几个标签用“、”隔开，例如光荣之家、示范户。不能写贫困、疾病、残疾这些"),
    _ADDRESS,
)
RESIDENT_NOTES: Final = ("一行一个人。表头不要改，多出来的列不会用到。",)
APPOINTMENT_NOTES: Final = (
    "谁担任什么职务，一行一个。本村没人担任的职务不用写；一个人可以有几个职务，写几行。",
)


def office_labels() -> dict[str, Office]:
    """Give the offices by their Chinese names, whatever language is active."""
    with translation.override("zh-hans"):
        return {str(office.label): office for office in Office}


def roster_workbook(
    residents: Sequence[Sequence[Value]] = (), appointments: Sequence[Sequence[Value]] = ()
) -> bytes:
    """Write a village's roster as .xlsx: rows in the order of SHORT_COLUMNS and of `appointment_columns`."""
    return _workbook(SHORT_COLUMNS, residents, appointment_columns(), appointments)


def full_workbook(
    residents: Iterable[Sequence[Value]],
    appointments: Iterable[Sequence[Value]] = (),
    *,
    without: Collection[str] = (),
) -> bytes:
    """Write the roster of any unit as .xlsx: rows in the order of RESIDENT_COLUMNS and `all_appointment_columns`.

    without: headers of columns of people to leave out, from the rows as well.
    """
    columns = tuple(column for column in RESIDENT_COLUMNS if column.header not in without)
    return _workbook(columns, residents, all_appointment_columns(), appointments)


def roster_template() -> bytes:
    """Write the empty form."""
    return full_workbook(())


def appointment_columns() -> tuple[Column, ...]:
    """Give the columns of the sheet of appointments, with the offices to choose from."""
    return (
        Column(NUMBER, 5, "这个人是哪一户的；不是本村的人就空着"),
        Column(NAME, 6, "和户册上写的一样"),
        Column(OFFICE, 10, "从列表里选", choices=tuple(office_labels())),
        Column(UNIT, 12, "管哪里：网格的名字，例如第三网格；空着就是全村"),
        Column(SINCE, 8, "从哪天起，例如2026-11-01；空着就是导入这天"),
        Column(LOGIN, 8, "登录时用的名字；空着就用姓名"),
    )


def all_appointment_columns() -> tuple[Column, ...]:
    """Give the columns of the sheet of appointments of more than one village."""
    hint = "在哪个村任职：村的官方代码，12位数字；只有一个村的表可以空着"
    return (Column(VILLAGE, 8, hint), *appointment_columns())


def _workbook(
    columns: Sequence[Column],
    residents: Iterable[Sequence[Value]],
    office_columns: Sequence[Column],
    appointments: Iterable[Sequence[Value]],
) -> bytes:
    return write_workbook(
        [
            SheetForm(RESIDENTS, columns, residents, RESIDENT_NOTES),
            SheetForm(APPOINTMENTS, office_columns, appointments, APPOINTMENT_NOTES),
        ]
    )
