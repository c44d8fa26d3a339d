"""Not one address: as if no face had been built yet."""

urlpatterns: list[object] = []
