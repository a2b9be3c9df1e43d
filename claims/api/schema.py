"""The OpenAPI document and the page that shows it."""

from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from sources.api.endpoint import Endpoint
from sources.api.problems import not_found


class OpenApi(SpectacularJSONAPIView):
    """The OpenAPI 3.1 document, for anyone."""

    authentication_classes = []


class Docs(SpectacularSwaggerSplitView):
    """The same as a page to try requests on; its style and scripts come from here."""

    authentication_classes = []
    template_name = "claims/api/docs.html"
    url_name = "openapi"


class Nowhere(Endpoint):
    """Every other address below /api/: a problem, whatever the method."""

    authentication_classes = []
    permission_classes = []
    http_method_names = []
    schema = None

    def http_method_not_allowed(self, request, *args, **kwargs):
        raise not_found()
