from .archives import ArchivedCopy
from .checks import SourceCheck
from .snapshots import Snapshot
from .sources import Publisher, Source

__all__ = ["ArchivedCopy", "Publisher", "Snapshot", "Source", "SourceCheck"]
