"""All addresses. Each face owns its own below."""

from django.urls import include, path

urlpatterns = [
    path("", include("xiangyue.gate.urls")),
    path("sign-in/", include("xiangyue.gate.signing.urls")),
    path("my/", include("xiangyue.phone.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
