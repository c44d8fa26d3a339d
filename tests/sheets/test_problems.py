import json

import pytest

from xiangyue.sheets.problems import Problems, SheetRefused
from xiangyue.sheets.read import read_tables

CONTENT = "户号,姓名,性别\n003,田禾生,男\n004,,公\n".encode()


def test_all_problems_are_told_in_reading_order() -> None:
    (table,) = read_tables(CONTENT, "户册.csv")
    problems = Problems()
    problems.raise_if_any()
    problems.add(table.rows[1], "性别", "sex-unknown", "要填男或女。")
    problems.add(table.rows[1], "姓名", "name-empty", "没有写姓名。")
    problems.add(table.rows[0], "户号", "number-taken", "已经有这一户。")
    assert len(problems) == 3
    with pytest.raises(SheetRefused) as caught:
        problems.raise_if_any()
    refusal = caught.value
    assert [problem.code for problem in refusal.problems] == ["number-taken", "name-empty", "sex-unknown"]
    assert str(refusal) == ("表里有3处要改，什么都没有存。先看这一处：“户册”第2行A列（户号）：已经有这一户。")
    plain = json.loads(json.dumps(refusal.as_dict()))
    assert (plain["code"], plain["facts"]["count"], len(plain["problems"])) == ("sheet-refused", 3, 3)
    assert plain["problems"][2] == {
        "sheet": "户册",
        "row": 3,
        "column": "C",
        "header": "性别",
        "value": "公",
        "code": "sex-unknown",
        "text": "要填男或女。",
    }


def test_a_problem_with_a_column_that_is_not_there() -> None:
    (table,) = read_tables(CONTENT, "户册.csv")
    problems = Problems()
    problems.add(table.rows[0], "网格", "unit-unknown", "没有写网格。")
    (problem,) = problems.in_order()
    assert (problem.column, problem.value, problem.header) == ("", "", "网格")
    assert "列" in str(problem)
