"""What no vendor documents: silence, closed doors, and answers that are none."""

import logging
import socket

import pytest
import requests

from tests.messages.vendors import Vendor
from xiangyue.messages.channels import NotSent, http
from xiangyue.messages.channels.http import ask


def refused(url: str) -> NotSent:
    with pytest.raises(NotSent) as caught:
        ask(requests.Session(), url, body=b"{}", headers={})
    return caught.value


def test_a_vendor_that_does_not_answer(tencent: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", (1.0, 0.1))
    tencent.sleeps = 0.5
    answer = refused(tencent.endpoint)
    assert (answer.code, answer.again, answer.down) == ("timeout", True, True)


def test_a_vendor_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = refused(f"http://127.0.0.1:{port}/?PhoneNumbers=19900000001")
    assert (answer.code, answer.again, answer.down) == ("unreachable", True, True)
    assert answer.__cause__ is None
    assert answer.__suppress_context__


@pytest.mark.parametrize(
    ("status", "code", "again", "down"),
    [
        (502, "http-502", True, True),
        (429, "http-429", True, False),
        (404, "http-404", False, False),
        (302, "answer-unreadable", True, False),
        (200, "answer-unreadable", True, False),
    ],
)
def test_answers_that_are_no_objects(
    tencent: Vendor, status: int, code: str, again: bool, down: bool
) -> None:
    tencent.check = lambda _vendor, _heard: None
    tencent.answers = [(status, b"<html>")]
    answer = refused(tencent.endpoint)
    assert (answer.code, answer.again, answer.down) == (code, again, down)
    tencent.answers = [(200, ["a list"])]
    assert refused(tencent.endpoint).code == "answer-unreadable"


def test_numbers_in_addresses_stay_out_of_the_log(aliyun: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(requests.Session(), f"{aliyun.endpoint}/?PhoneNumbers=19900000001", body=b"", headers={})
    assert aliyun.heard[0].query == {"PhoneNumbers": "19900000001"}
    assert "1990" not in caplog.text
