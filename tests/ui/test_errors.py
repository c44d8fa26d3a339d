from django.test import RequestFactory

from xiangyue.ui.errors import csrf_failure


def test_an_untrusted_form_says_that_nothing_was_handed_in() -> None:
    response = csrf_failure(RequestFactory().post("/my/object/?line=3"), reason="no cookie")
    page = response.content.decode()
    assert response.status_code == 403
    assert "刚才填的没有交上去" in page
    assert 'href="/my/object/?line=3"' in page
    assert "no cookie" not in page
