"""The admin's look: name, colours, side bar, the desk's own stylesheet."""

from django import conf
from django.templatetags.static import static


def _name() -> str:
    """Return the installation's name; asked late, because the settings import this module."""
    return str(conf.settings.SITE_NAME)  # type: ignore[has-type]


UNFOLD = {
    "SITE_TITLE": lambda request: _name(),
    "SITE_HEADER": lambda request: _name(),
    "SITE_SYMBOL": "fact_check",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("factcheck/mark.svg")},
    ],
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "BORDER_RADIUS": "6px",
    "STYLES": [
        lambda request: static("factcheck/desk.css"),
        lambda request: static("factcheck/sources.css"),
        lambda request: static("factcheck/desk_office.css"),
        lambda request: static("factcheck/workspace.css"),
    ],
    "SCRIPTS": [],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": "claims.admin.navigation.sidebar"},
    # One hue for what can be acted on; every other colour on the desk stands for a state.
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 236)",
            "100": "oklch(94% .026 236)",
            "200": "oklch(88% .05 237)",
            "300": "oklch(80% .085 238)",
            "400": "oklch(70% .115 240)",
            "500": "oklch(60% .125 242)",
            "600": "oklch(51% .12 244)",
            "700": "oklch(44% .105 245)",
            "800": "oklch(37% .085 246)",
            "900": "oklch(31% .065 247)",
            "950": "oklch(24% .05 248)",
        },
    },
}
