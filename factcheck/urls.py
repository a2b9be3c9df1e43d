"""The address space."""

urlpatterns = []
