"""What the cells of a roster mean beyond their texts: days, tags, numbers that are sealed; or a finding.

A county's roster has two million cells, and few that differ: what was read once is remembered.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from xiangyue.kernel import clock
from xiangyue.people.ages import is_child
from xiangyue.people.operations.residents import ID_WORDS, PHONE_WORDS
from xiangyue.people.private import Keys, born_of, id_problem, keys, normal_id, normal_phone, phone_problem
from xiangyue.people.roster_cells import Finding, copied
from xiangyue.people.tags import sensitive_tag

NULL: Final = "\\N"  # as COPY writes it
TAG_LENGTH: Final = 20
REMEMBERED: Final = 100_000  # texts of a column

_TAG_ENDS: Final = re.compile(r"[、，,;；]")
_ROUNDED: Final = re.compile(r"\d(\.\d+)?[eE]\+\d+")


@dataclass(frozen=True, slots=True)
class Birth:
    """When somebody was born, as it is stored. copied: for COPY. finding: what is wrong with it, if anything."""

    day: date | None
    copied: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """A household's tags. literal: the array for COPY."""

    literal: str
    findings: tuple[Finding, ...] = ()


NOT_BORN: Final = Birth(None, NULL)
NO_TAGS: Final = Tags("{}")


class Cells:
    """Reads the cells of one file. keeps_ids: whether this county keeps ID numbers."""

    def __init__(self, *, keeps_ids: bool, day_of: Callable[[str], date | None]) -> None:
        self.keeps_ids = keeps_ids
        self._day_of = day_of
        self._births: dict[str, Birth] = {"": NOT_BORN}
        self._tags: dict[str, Tags] = {"": NO_TAGS}
        self._keys: Keys | None = None

    def birth(self, text: str) -> Birth:
        """Read a day of birth; of children only the year is kept."""
        found = self._births.get(text)
        if found is None:
            found = self._read_birth(text)
            if len(self._births) < REMEMBERED:
                self._births[text] = found
        return found

    def _read_birth(self, text: str) -> Birth:
        born = self._day_of(text)
        if born is None:
            message = _("看不出是哪天。请写1984-03-09，或者只写年份1984。")
            return Birth(None, NULL, Finding("born-unreadable", message))
        finding = None
        if born > clock.today():
            finding = Finding("born-in-future", _("出生的日子还没到。"))
        kept = born.replace(month=1, day=1) if is_child(born) else born
        return Birth(kept, kept.isoformat(), finding)

    def tags(self, text: str) -> Tags:
        """Read a household's tags."""
        found = self._tags.get(text)
        if found is None:
            found = _read_tags(text)
            if len(self._tags) < REMEMBERED:
                self._tags[text] = found
        return found

    def phone(self, text: str) -> tuple[str, Finding | None]:
        """Seal a phone number: the columns phone, phone_index and phone_tail for COPY, and what is wrong with it."""
        phone = normal_phone(text)
        code = phone_problem(phone)
        if code:
            return _NO_PHONE, Finding(code, f"{PHONE_WORDS[code]}。")
        sealing = self._sealing()
        sealed = sealing.seal(phone).hex()
        whole, tail = sealing.index("phone", phone), sealing.index("phone-tail", phone)
        return f"\\\\x{sealed}\t{whole}\t{tail}", None

    def id_number(self, text: str, birth: Birth) -> tuple[str, Birth, Finding | None]:
        """Seal an ID number: id_number, id_index and id_tail for COPY; the birth, where only it tells."""
        if not self.keeps_ids:
            message = _("本辖区不存身份证号。请把这一列清空再导入。")
            return NO_ID, birth, Finding("id-not-kept", message)
        if _ROUNDED.fullmatch(text):
            return NO_ID, birth, id_as_number()
        number = normal_id(text)
        code = id_problem(number)
        if code:
            return NO_ID, birth, Finding(code, _("身份证号不对：%(why)s。") % {"why": ID_WORDS[code]})
        named = born_of(number)
        finding = None
        if birth.finding is None and birth.day not in (None, named, named.replace(month=1, day=1)):
            message = _("身份证号里的出生日期和“出生”那一栏不一样。")
            finding = Finding("born-differs-from-id", message)
        if birth.day is None and birth.finding is None:
            birth = self.birth(named.isoformat())
        sealing = self._sealing()
        sealed = sealing.seal(number).hex()
        whole, tail = sealing.index("id", number), sealing.index("id-tail", number)
        return f"\\\\x{sealed}\t{whole}\t{tail}", birth, finding

    def warm(self) -> None:
        """Fetch the county's key now: nothing can be asked of the database while rows are being copied into it."""
        self._sealing()

    def _sealing(self) -> Keys:
        if self._keys is None:
            self._keys = keys()
        return self._keys


_NO_PHONE: Final = f"{NULL}\t{NULL}\t{NULL}"
NO_ID: Final = _NO_PHONE
NO_PHONE: Final = _NO_PHONE


def id_as_number() -> Finding:
    """Say that an ID number was typed as a number, of which Excel keeps fifteen digits."""
    message = _("身份证号按数字填的，后面几位已经丢了。请把这一列改成文本格式，再重新填。")
    return Finding("id-as-number", message)


def _read_tags(text: str) -> Tags:
    tags = list(dict.fromkeys(tag for part in _TAG_ENDS.split(text) if (tag := part.strip())))
    findings = [
        Finding(
            "tag-too-long", _("标签“%(tag)s”太长了，最多%(limit)s个字。") % {"tag": tag, "limit": TAG_LENGTH}
        )
        for tag in tags
        if len(tag) > TAG_LENGTH
    ]
    findings += [
        Finding(
            "tag-sensitive",
            _("“%(tag)s”不能当标签：贫困、疾病、残疾要另外登记，不能让人人看见。") % {"tag": tag},
        )
        for tag in tags
        if sensitive_tag(tag)
    ]
    quoted = ",".join('"' + tag.replace("\\", "\\\\").replace('"', '\\"') + '"' for tag in tags)
    return Tags(copied(f"{{{quoted}}}"), tuple(findings))
