from collections.abc import Iterator

import pytest

from tests.messages import vendors
from tests.messages.vendors import Vendor, running
from xiangyue.messages.channels import wechat as wechat_channel


@pytest.fixture
def aliyun() -> Iterator[Vendor]:
    with running(vendors.aliyun()) as vendor:
        yield vendor


@pytest.fixture
def tencent() -> Iterator[Vendor]:
    with running(vendors.tencent()) as vendor:
        yield vendor


@pytest.fixture
def wechat() -> Iterator[Vendor]:
    wechat_channel._tokens.clear()
    with running(vendors.wechat()) as vendor:
        yield vendor
    wechat_channel._tokens.clear()
