"""What a county's ledger is asked on the terminal. That statements follow a month is shown in test_month.py."""

from datetime import date
from pathlib import Path

import pytest

from tests.cast import VILLAGE, Cast
from tests.cli.terminal import facts, refusal, run, told
from tests.redemption.shop import Counter
from tests.scoring.cast import october, settled
from xiangyue.kernel import clock
from xiangyue.kernel.actors import SYSTEM
from xiangyue.ledger.models import AccountKind, Book, Cause, Seal
from xiangyue.ledger.operations.batches import Posting
from xiangyue.ledger.operations.holding import hold
from xiangyue.ledger.operations.opening import common_pool
from xiangyue.ledger.operations.posting import post_lines
from xiangyue.ledger.operations.sealing import seal_all
from xiangyue.ledger.queries import pool_id
from xiangyue.people.openings_form import openings_template, openings_workbook

HERE = ("--county", "peopled")
VILLAGERS = (*HERE, "--village", VILLAGE)


@pytest.fixture
def october_settled(cast: Cast) -> str:
    """A month of which household 018 has two lines; give the first as the statement names it."""
    october(cast.village)
    settled(cast.village)
    last = facts("ledger", "statement", "018", *VILLAGERS)["posted"][-1]
    return f"{last['batch_id']}:{last['line']}"


def openings(tmp_path: Path, *rows: tuple[str, ...]) -> Path:
    file = tmp_path / "期初.xlsx"
    file.write_bytes(openings_workbook(rows))
    return file


# Statement


def test_a_statement_tells_what_is_held_owed_and_about_to_expire(cast: Cast) -> None:
    assert cast.village.holder_id
    holder, today = cast.household("018").holder_id, clock.today()
    pool = pool_id(cast.village.holder_id, AccountKind.ISSUED)
    for key, amount, last in (
        ("soon", 1000, date(2026, 12, 31)),
        ("late", 2000, date(2027, 12, 31)),
        ("ever", 500, None),
    ):
        posting = Posting(key, Cause.GRANT, 1, SYSTEM, today, expires_on=last)
        post_lines(posting=posting, pool_id=pool, lines=[(1, holder, amount)], book=Book.SPENDABLE)
    till = common_pool(kind=AccountKind.REDEEMED)
    ends_at = clock.noon(date(2026, 11, 20))
    hold(
        posting=Posting("h", Cause.ORDER, 1, SYSTEM, today),
        holder_id=holder,
        pool_id=till,
        amount=400,
        ends_at=ends_at,
    )
    words = ("ledger", "statement", "018", *VILLAGERS)
    shown = told(*words)
    assert "给订单留着4分，兑付或者取消以前不能用" in shown
    assert "有6分最晚2026-12-31用，过了就作废" in shown
    assert "有20分最晚2027-12-31用，过了就作废" in shown
    assert "基础分" in shown
    assert "还欠" not in shown
    found = facts(*words)
    assert found["expiring"] == [
        {"last_day": "2026-12-31", "points": 600},
        {"last_day": "2027-12-31", "points": 2000},
    ]
    assert (found["balances"]["held"], found["balances"]["redeemable"]) == (400, 3100)
    posting = Posting("loss", Cause.SETTLEMENT, 1, SYSTEM, today)
    post_lines(posting=posting, pool_id=pool, lines=[(2, holder, -9000)])
    assert "还欠59分，以后得分先补上" in told(*words)


# Trace


def test_a_line_is_traced_back_to_its_deed_and_on_to_its_goods(cast: Cast, october_settled: str) -> None:
    counter = Counter.open(cast)
    counter.sell("018", {counter.soap: 1})
    words = ("ledger", "trace", october_settled, *HERE)
    shown = told(*words)
    for part in (
        "公示入账",
        "联和村2026-10第1版",
        "校验码",
        "每次",
        "评议会，委员7人，到会5人",
        "通过：同意",
    ):
        assert part in shown
    assert "后来用到哪里（先到期的先用）" in shown
    assert "兑换 洗衣液2千克" in shown
    assert "还剩0分" in shown
    found = facts(*words)
    assert (found["cause"], found["credit"]["number"], found["left"]) == ("settlement", "018", 0)
    assert found["why"]["decision"]["present"] == 5
    (use,) = found["uses"]
    order = f"{use['batch_id']}:{use['line']}"
    assert "联和村积分超市" in told("ledger", "trace", order, *HERE)


def test_a_trace_is_for_those_who_may_read_the_household(cast: Cast, october_settled: str) -> None:
    words = ("ledger", "trace", october_settled, *HERE, "--as")
    assert refusal(*words, "仓有余")["code"] == "not-allowed"
    assert refusal(*words, "山有根")["code"] == "not-allowed"  # the leader of another grid
    told(*words, "桑叶青")


@pytest.mark.parametrize("line", ["12", "x:1", "1:", ":1", "1:2:3", "-1:2", "1:99999999999999999999"])
def test_a_line_that_is_none_is_wrong_usage(cast: Cast, line: str) -> None:
    assert run("ledger", "trace", *HERE, "--", line).exit_code == 2


def test_a_line_that_is_not_there_is_refused(october_settled: str) -> None:
    batch = october_settled.partition(":")[0]
    assert refusal("ledger", "trace", f"{batch}:999999999", *HERE)["code"] == "unknown-transfer-line"
    assert refusal("ledger", "trace", "999999999:1", *HERE)["code"] == "unknown-batch"


# Reversal


def test_a_line_is_reversed_once_and_can_be_traced(october_settled: str) -> None:
    words = ("ledger", "reverse", october_settled, *HERE, "--reason", "wrong-points", "--as", "柳成荫")
    done = facts(*words)
    batch, line = october_settled.split(":")
    assert (done["reversed"], done["lines"], done["reason"]) == (int(batch), 1, "wrong-points")
    assert facts(*words) == done
    assert told(*words) == f"冲正了1条，是第{done['batch']}笔。\n"
    shown = told("ledger", "trace", f"{done['batch']}:{line}", *HERE)
    assert "冲正的是这一条：" in shown
    assert "记错了分" in shown
    assert "已冲正" in told("ledger", "trace", october_settled, *HERE)
    other = (*words[:3], *HERE, "--reason", "appeal")
    assert refusal(*other)["code"] == "already-reversed"
    assert "冲正：" in told("ledger", "statement", "018", *VILLAGERS)


def test_a_whole_batch_is_reversed(october_settled: str) -> None:
    batch = october_settled.partition(":")[0]
    done = facts("ledger", "reverse", batch, *HERE, "--reason", "posted-twice")
    assert done["lines"] > 1
    assert run("ledger", "reverse", batch, *HERE).exit_code == 2
    assert run("ledger", "reverse", batch, *HERE, "--reason", "because").exit_code == 2
    assert (
        refusal("ledger", "reverse", batch, *HERE, "--reason", "appeal", "--as", "竹有节")["code"]
        == "not-allowed"
    )


def test_a_reversed_order_says_that_its_goods_stay(cast: Cast, october_settled: str) -> None:
    counter = Counter.open(cast)
    order = counter.sell("018", {counter.soap: 1}).order
    shown = told("ledger", "reverse", f"{order.batch_id}:{order.pk}", *HERE, "--reason", "till-error")
    assert "货没有动" in shown


# Opening balances


def test_opening_balances_are_tried_then_taken_over_once(cast: Cast, tmp_path: Path) -> None:
    file = openings(tmp_path, ("018", "田禾生", "120.5", "20", ""), ("004", "", "30", "", ""))
    words = ("ledger", "open", file, *VILLAGERS)
    assert "这是试导，什么都没有存。" in told(*words, "--dry-run")
    shown = told(*words)
    assert "联和村：2户，荣誉积分150.5分，可用积分20分。" in shown
    assert "期初积分记好了。" in shown
    again = facts(*words)
    assert (again["honour"], again["spendable"], len(again["batches"])) == (15_050, 2000, 2)
    statement = facts("ledger", "statement", "018", *VILLAGERS)
    assert (statement["balances"]["honour"], statement["balances"]["spendable"]) == (12_050, 2000)
    batch = again["batches"][1]
    assert "期初.xlsx" in told("ledger", "trace", f"{batch}:{cast.household('018').pk}", *HERE)


def test_every_bad_cell_of_an_opening_is_named(cast: Cast, tmp_path: Path) -> None:
    file = openings(tmp_path, ("999", "", "1", "", ""), ("018", "", "[很多]", "-1", ""))
    refused = refusal("ledger", "open", file, *VILLAGERS)
    assert [(each["row"], each["column"], each["value"]) for each in refused["problems"]] == [
        (2, "A", "999"),
        (3, "C", "[很多]"),
        (3, "D", "-1"),
    ]
    assert "[很多]" in run("ledger", "open", file, *VILLAGERS).stderr
    assert refusal("ledger", "open", file, *VILLAGERS, "--as", "柳成荫")["code"] == "not-allowed"


def test_the_opening_form_is_written_and_never_over_another(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "期初.xlsx"
    words = ("ledger", "opening-form", *VILLAGERS, "--out", file)
    assert facts(*words) == {"file": str(file)}
    assert file.read_bytes() == openings_template(cast.village)
    assert run(*words).exit_code == 2
    assert refusal(*words[:-1], tmp_path / "2.xlsx", "--as", "仓有余")["code"] == "not-allowed"


# The auditor


def test_the_auditor_takes_a_published_seal_as_its_anchor(october_settled: str) -> None:
    (seal,) = seal_all()
    words = ("ledger", "verify", *HERE, "--anchor")
    grouped = " ".join(seal.digest[at : at + 4] for at in range(0, 16, 4)).upper()
    for code in (seal.digest, seal.digest[:16].upper(), grouped):
        assert told(*words, f"{seal.number}:{code}") == ""
    assert run(*words, f"{seal.number}:{'0' * 16}").exit_code == 3
    assert Seal.objects.count() == 1


@pytest.mark.parametrize(
    "anchor", ["", "1", "1:", "x:" + "0" * 16, "1:" + "0" * 15, "1:" + "g" * 16, "1:" + "0" * 65]
)
def test_an_anchor_that_is_none_is_wrong_usage(cast: Cast, anchor: str) -> None:
    assert run("ledger", "verify", *HERE, "--anchor", anchor).exit_code == 2
