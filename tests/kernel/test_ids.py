import hashlib
from datetime import date
from typing import Any
from uuid import RFC_4122, UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from xiangyue.kernel.actors import ActorKind
from xiangyue.kernel.ids import (
    PUBLIC_ID_SQL,
    check_code,
    digest,
    grouped,
    public_id,
    secret_token,
    token_hash,
)

canonical = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=10,
)


def test_public_ids_are_uuids_of_version_7_in_the_order_of_their_making() -> None:
    made = [public_id() for _ in range(200)]
    assert {each.version for each in made} == {7}
    assert made == sorted(set(made))


def test_a_statement_gives_the_same_for_many_rows(db: None) -> None:
    made: list[UUID] = []
    for milliseconds in (0, 1, 1_793_620_800_000, 1_793_620_800_001, 2**48 - 1):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {PUBLIC_ID_SQL} FROM generate_series(1, %(count)s)",
                {"milliseconds": milliseconds, "count": 40},
            )
            now = [row[0] for row in cursor.fetchall()]
        assert {each.int >> 80 for each in now} == {milliseconds}
        assert not made or max(made) < min(now)
        made += now
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert len({each.int & (1 << 62) - 1 for each in made}) == len(made)


def test_a_token_has_128_random_bits_and_only_its_hash_is_kept() -> None:
    tokens = {secret_token() for _ in range(200)}
    assert len(tokens) == 200
    assert {len(token) for token in tokens} == {22}  # 16 bytes in base64
    assert token_hash("a") == hashlib.sha256(b"a").hexdigest()


def test_a_digest_is_over_sorted_keys_without_spaces_in_utf_8() -> None:
    value = {"户号": ["018", 3500, -1], "a": None, "b": True}
    form = '{"a":null,"b":true,"户号":["018",3500,-1]}'
    assert digest(value) == hashlib.sha256(form.encode()).hexdigest()


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), canonical))
def test_the_order_of_keys_makes_no_difference(value: dict[str, Any]) -> None:
    assert digest(dict(reversed(value.items()))) == digest(value)


def test_what_differs_has_another_digest() -> None:
    values: list[Any] = [None, True, False, 0, 1, "1", "", [], [[]], [1, 2], [2, 1], ["1,2"], {}, {"a": 1}]
    assert len({digest(value) for value in values}) == len(values)


def test_tuples_and_enumerations_are_written_as_what_they_are() -> None:
    assert digest((1, "user")) == digest([1, ActorKind.USER])


@pytest.mark.parametrize(
    "value", [1.0, date(2026, 11, 2), b"a", {1: 2}, {"a": [0.5]}, {"a": {"b": {1}}}, object()]
)
def test_what_has_no_one_form_has_no_digest(value: object) -> None:
    with pytest.raises(TypeError):
        digest(value)


def test_people_compare_the_first_sixteen_digits_in_groups_of_four() -> None:
    code = check_code("5896d82934d728a8" + "0" * 48)
    assert code == "5896D82934D728A8"
    assert grouped(code) == "5896 D829 34D7 28A8"
    assert grouped("58") == "58"
