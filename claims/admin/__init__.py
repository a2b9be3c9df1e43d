"""The back office: lists of what there is, and the desk's own pages in `desk/`."""

from . import access, alerts, claims, intake, people, publishing, site, sources, verdicts

__all__ = ["access", "alerts", "claims", "intake", "people", "publishing", "site", "sources", "verdicts"]
