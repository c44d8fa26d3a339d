"""The columns of a catalogue's table (RULES "Excel and CSV form")."""

from typing import Final

FAMILY, CATEGORY, NUMBER, TITLE, DIRECTION = "大类", "板块", "编号", "指标", "方向"
VALUE, UNIT, LIMITS, MULTIPLIER, SUBJECT = "分值", "单位", "上限", "倍数", "对象"
EVIDENCE, BROUGHT_BY, VERIFIED_BY, APPROVED_BY = "证明材料", "申报人", "核实人", "审批"
SEASON, TERM, BASIS, REPAIR, REMARKS = "适用时间", "期限", "依据", "修复", "备注"
HEADERS: Final = (
    FAMILY, CATEGORY, NUMBER, TITLE, DIRECTION, VALUE, UNIT, LIMITS, MULTIPLIER, SUBJECT,
    EVIDENCE, BROUGHT_BY, VERIFIED_BY, APPROVED_BY, SEASON, TERM, BASIS, REPAIR, REMARKS,
)  # fmt: skip
LENGTHS: Final = {FAMILY: 60, CATEGORY: 60, NUMBER: 20, TITLE: 200}
MOST_INDICATORS: Final = 5_000
