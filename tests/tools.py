"""Programs a test may need and a machine may not have."""

import shutil

from tests import npm


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def find_node() -> str | None:
    return next(filter(None, map(shutil.which, ("node", "nodejs"))), None)


def find_npm_packages() -> str | None:
    """Return where the verifiers of npm lie, once they are installed and there is a Node to run them."""
    return str(npm.INSTALLED) if find_node() and npm.is_installed() else None
