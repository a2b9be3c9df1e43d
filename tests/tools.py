"""Programs a test may need and a machine may not have."""

import shutil


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def find_node() -> str | None:
    return next(filter(None, map(shutil.which, ("node", "nodejs"))), None)
