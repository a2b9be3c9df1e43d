from .archives import ArchivedCopy, ArchiveLookup
from .checks import SourceCheck
from .snapshots import Snapshot
from .sources import Publisher, Source

__all__ = ["ArchiveLookup", "ArchivedCopy", "Publisher", "Snapshot", "Source", "SourceCheck"]
